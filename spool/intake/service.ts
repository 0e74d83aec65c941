/** The queues as IPP printers: takes a request from HTTP, finds what it is about, runs its operation, answers. */
import { Readable } from 'node:stream';
import { Failure } from '../../base/errors.ts';
import type { RequestExchange, Route } from '../../base/http/routes.ts';
import { SparingLog } from '../../base/sparing-log.ts';
import { Milliseconds, Minutes } from '../../base/units.ts';
import { REQUEST_LIMITS } from '../../ipp/codec/limits.ts';
import { BodyFailure } from '../../ipp/http/body.ts';
import { BODY_BOUNDS } from '../../ipp/http/bounds.ts';
import { statusOf } from '../../ipp/http/failure-status.ts';
import { type IppRequest, ippRoute, type RequestFailure } from '../../ipp/http/server.ts';
import { type Attributes, type Group, groupOf, type Message } from '../../ipp/model.ts';
import { answer, request } from '../../ipp/vocabulary/messages.ts';
import { Operation, operationName } from '../../ipp/vocabulary/operations.ts';
import { Status, statusName } from '../../ipp/vocabulary/status.ts';
import type { Queue } from '../queue.ts';
import { aboutRoutes } from './about/routes.ts';
import { type Answer, Call, type IntakeOptions } from './call.ts';
import { checkRequest } from './checks.ts';
import { type Entrance, enter, OPEN_ENTRANCE, wantsPassword } from './entrance.ts';
import { Gathering } from './gathering.ts';
import { Notifier } from './notifier.ts';
import { HANDLERS } from './operations/table.ts';
import { QueueBoard } from './queue-board.ts';
import { Refusal } from './refusal.ts';
import { findTarget } from './target.ts';

/** The client hears that it was too slow before the listener cuts the idle connection. */
const STALL_SHARE = 0.8;
/** In which `slowest-pace` is measured; a phone may lose its network for most of it. */
const PACE_WINDOW = Minutes(10);

const NO_BODY: AsyncIterable<Uint8Array> = Readable.from([]);

/** Where CUPS's commands ask after a job of a server (`lp -h SERVER -i JOB -H resume`); its number tells the queue. */
const JOBS_PATHS = ['/jobs', '/jobs/:job'] as const;

export class IntakeService {
  readonly #options: IntakeOptions;
  readonly #board: QueueBoard;
  readonly #gathering: Gathering;
  readonly #requests;
  readonly #unread;
  readonly #log: SparingLog;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#gathering = new Gathering(options.jobs);
    this.#board = new QueueBoard(options, [...HANDLERS.keys()]);
    this.#requests = options.metrics.counter('ipp_requests_total', 'IPP requests by operation and status', [
      'operation',
      'status',
    ]);
    this.#unread = options.metrics.counter(
      'ipp_unread_total',
      'IPP requests that could not be read to their end: damaged, too large, too slow, or cut',
      ['reason'],
    );
    new Notifier(options).start();
    this.#log = new SparingLog(options.log, options.clock);
  }

  get routes(): Route[] {
    const handle = (exchange: RequestExchange) => this.#exchange(exchange);
    // What stands behind the queue's name is looked at in entrance.ts, which checks passwords and tokens.
    const queues = ['/ipp/:queue', '/ipp/:queue/:entrance'];
    const posts = [...queues.map((path) => `${path}/jobs/:job`), ...queues].map((path): Route => {
      return { method: 'POST', path, authentication: 'anyone', handle };
    });
    const jobs = JOBS_PATHS.map(
      (path): Route => ({ method: 'POST', path, authentication: 'anyone', handle }),
    );
    return [...aboutRoutes(this.#options), ...posts, ...jobs];
  }

  /** What a client hears of the queue that asks for it under this authority (`print.example.org:631`). */
  attributesOf(queue: Queue, authority: string, secure: boolean): Promise<Attributes> {
    const call = new Call({
      request: request({ operation: Operation.getPrinterAttributes, requestId: 1, attributes: {} }),
      queue,
      job: undefined,
      address: '127.0.0.1',
      authority,
      secure,
      entrance: OPEN_ENTRANCE,
      body: NO_BODY,
      intake: this.#options,
      gathering: this.#gathering,
    });
    return this.#board.attributesOf(call);
  }

  #exchange(exchange: RequestExchange): Promise<void> {
    const { clock, limits } = this.#options;
    const { messageSize, documentSize, documentTime, slowestPace, idleTime } = limits();
    const { promise: entered, resolve } = Promise.withResolvers<Entrance>();
    const { queues, submitters } = this.#options;
    const route = ippRoute(
      {
        admit: async () => resolve(await enter(exchange, queues(), submitters)),
        clock,
        limits: { ...REQUEST_LIMITS, messageOctets: messageSize },
        bounds: {
          ...BODY_BOUNDS,
          documentOctets: documentSize,
          documentTime,
          stall: Milliseconds(idleTime * STALL_SHARE),
          slowest: { octets: slowestPace, within: PACE_WINDOW },
        },
        onFailure: (failure) => this.#unreadable(failure, exchange),
      },
      async (request) => this.#answer(request, exchange, await entered),
    );
    return route(exchange);
  }

  #unreadable({ code }: RequestFailure, { address }: RequestExchange): void {
    this.#unread.inc({ reason: code });
    // Whoever closes a laptop while it prints has done nothing wrong.
    if (code === 'client-gone' || code === 'request-answered') return;
    this.#log.warn('ipp request cut: it broke a bound', { reason: code, client: address }, code);
  }

  /** @throws HttpRefusal when the request must prove who sends it */
  async #answer(request: IppRequest, exchange: RequestExchange, entrance: Entrance): Promise<Message> {
    const { message } = request;
    // Clients ask what a printer is before they ask their user for a password (apple/cups#5600).
    const isProved = entrance.kind !== 'auth' || entrance.proof.verified !== undefined;
    if (!isProved && message.code !== Operation.getPrinterAttributes) throw wantsPassword();
    const result = await this.#run(request, exchange, entrance).catch((error: unknown) => {
      if (error instanceof Refusal) return error;
      if (error instanceof Failure && error.code === 'disk-full') return this.#options.room.diskFull();
      this.#count(message, error instanceof BodyFailure ? statusOf(error) : Status.serverErrorInternalError);
      throw error;
    });
    this.#count(message, result.status);
    const unsupported = unsupportedGroup(result.unsupported);
    if (!(result instanceof Refusal)) {
      return answer(message, result.status, {
        groups: [...unsupported, ...result.groups],
        ...(result.message === undefined ? {} : { message: result.message }),
        ...(result.operation === undefined ? {} : { attributes: result.operation }),
      });
    }
    this.#options.log.debug('ipp request refused', {
      operation: operationName(message.code),
      status: statusName(result.status),
      client: exchange.address,
      message: result.message,
    });
    return answer(message, result.status, { message: result.message, groups: unsupported });
  }

  /** @throws Refusal, and whatever the document's iteration throws. */
  async #run(
    { message, document }: IppRequest,
    exchange: RequestExchange,
    entrance: Entrance,
  ): Promise<Answer> {
    checkRequest(message);
    const handler = HANDLERS.get(message.code);
    if (handler === undefined) {
      throw new Refusal(Status.serverErrorOperationNotSupported, 'this printer does not have that operation');
    }
    const { jobs, queues } = this.#options;
    const { queue, job } = findTarget(
      groupOf(message, 'operation'),
      { queue: exchange.parameters['queue'], entrance },
      queues(),
      jobs,
    );
    const call = new Call({
      request: message,
      queue,
      job,
      address: exchange.address,
      authority: exchange.request.headers.host ?? 'localhost',
      secure: exchange.secure,
      entrance,
      body: whileLive(document, entrance),
      intake: this.#options,
      gathering: this.#gathering,
    });
    return handler(call, await this.#board.attributesOf(call));
  }

  #count(message: Message, status: number): void {
    // A label for every code that a client can think of would fill the memory.
    const operation = HANDLERS.has(message.code) ? operationName(message.code) : 'other';
    this.#requests.inc({ operation, status: statusName(status) });
  }
}

/** A token that is revoked while its document comes in is worth nothing from then on. */
async function* whileLive(
  document: AsyncIterable<Uint8Array>,
  entrance: Entrance,
): AsyncGenerator<Uint8Array, void, void> {
  const check = () => {
    if (!entrance.isLive()) throw new Refusal(Status.clientErrorNotFound, 'there is no such printer');
  };
  for await (const chunk of document) {
    check();
    yield chunk;
  }
  check();
}

function unsupportedGroup(unsupported: Attributes | undefined): Group[] {
  return unsupported === undefined || unsupported.size === 0
    ? []
    : [{ kind: 'unsupported', attributes: unsupported }];
}
