/** `POST /readers/NAME`: a network reader says what it read. */
import type { Clock } from '../base/clock.ts';
import { parseBasic } from '../base/http/basic.ts';
import { refuse } from '../base/http/refusal.ts';
import { sendText } from '../base/http/responses.ts';
import type { Authenticator, Exchange, Refusal, RequestExchange, RequestRoute } from '../base/http/routes.ts';
import type { Log } from '../base/log.ts';
import { isLoopback } from '../base/networks.ts';
import { SparingLog } from '../base/sparing-log.ts';
import type { ReaderConfig } from '../config/readers.ts';
import { readPostedSwipe } from '../drivers/readers/http-events.ts';
import { NetworkReader } from '../drivers/readers/network-reader.ts';
import type { Reader } from '../drivers/readers/port.ts';
import { mayComeFrom, type ReaderProof, type WrongKeys } from '../drivers/readers/reader-keys.ts';

interface Posting {
  readonly config: ReaderConfig;
  readonly reader: Reader;
  readonly proof: ReaderProof | undefined;
}

export interface ReaderRouteOptions {
  find(name: string): Posting | undefined;
  readonly wrongKeys: WrongKeys;
  readonly clock: Clock;
  readonly log: Log;
}

/** The same whatever is wrong, so that names of readers cannot be found by trying. */
const NO_READER: Refusal = { status: 403, text: 'not that reader' };
const CLEARTEXT: Refusal = { status: 403, text: 'readers use https here' };
const LATER: Refusal = { status: 429, text: 'too many wrong keys', headers: { 'Retry-After': '60' } };

export class ReaderRoute {
  readonly routes: readonly RequestRoute[];
  readonly #options: ReaderRouteOptions;
  readonly #log: SparingLog;

  constructor(options: ReaderRouteOptions) {
    this.#options = options;
    this.#log = new SparingLog(options.log, options.clock);
    this.routes = [
      {
        method: 'POST',
        path: '/readers/:reader',
        authentication: 'reader',
        handle: (exchange) => this.#take(exchange),
      },
    ];
  }

  readonly authenticate: Authenticator = (exchange) => {
    const { wrongKeys } = this.#options;
    const { address, secure } = exchange;
    if (wrongKeys.tooMany(address)) return LATER;
    const found = this.#find(exchange);
    if (found === undefined) {
      if (exchange.request.headers.authorization !== undefined) wrongKeys.add(address);
      return NO_READER;
    }
    const { key, addresses } = found.proof;
    if (!mayComeFrom({ key, addresses }, address)) return this.#refused(address, 'address', NO_READER);
    const told = keyOf(exchange.request.headers.authorization);
    if (key !== undefined && (told === undefined || !key.fits(told))) {
      if (told !== undefined) wrongKeys.add(address);
      return this.#refused(address, 'key', NO_READER);
    }
    // Only who is that reader hears why.
    if (!secure && !isLoopback(address) && found.config.plainHttp === 'refuse')
      return this.#refused(address, 'plain HTTP', CLEARTEXT);
    return true;
  };

  #refused(address: string, reason: string, refusal: Refusal): Refusal {
    this.#log.warn('reader was refused', { address, reason });
    return refusal;
  }

  #find({ parameters }: Exchange) {
    const found = this.#options.find(parameters['reader'] ?? '');
    if (found === undefined || !(found.reader instanceof NetworkReader) || found.proof === undefined)
      return undefined;
    if (found.config.kind !== 'http') return undefined;
    return { config: found.config, reader: found.reader, proof: found.proof };
  }

  async #take(exchange: RequestExchange): Promise<void> {
    const { request, response } = exchange;
    exchange.proceed();
    const posted = await readPostedSwipe(request);
    const found = this.#find(exchange);
    if (!posted.ok) {
      found?.reader.drop(1);
      return refuse(request, response, posted.status, posted.text);
    }
    const verdict = await found?.reader.deliver(posted.swipe);
    sendText(response, 202, verdict ?? 'taken');
  }
}

/** `Bearer KEY`, or `Basic` with the key as the password for readers that know nothing else. */
function keyOf(header: string | undefined): string | undefined {
  return /^bearer +([\x21-\x7e]{1,128}) *$/i.exec(header ?? '')?.[1] ?? parseBasic(header)?.password;
}
