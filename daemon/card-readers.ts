/** The gateway's card readers: opened, closed and opened anew as the configuration says, each tied to its panel. */
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Route } from '../base/http/routes.ts';
import type { Log } from '../base/log.ts';
import type { Metrics } from '../base/metrics.ts';
import { isNetworkKind, type ReaderConfig } from '../config/readers.ts';
import { type LineReader, LineServer, NOT_CONNECTED } from '../drivers/readers/line-server.ts';
import { LinkedReader } from '../drivers/readers/linked-reader.ts';
import { tellMissing } from '../drivers/readers/missing.ts';
import { NetworkReader } from '../drivers/readers/network-reader.ts';
import { PlugWatch } from '../drivers/readers/plug-watch.ts';
import type { Reader } from '../drivers/readers/port.ts';
import { ReaderKey, type ReaderProof, WrongKeys } from '../drivers/readers/reader-keys.ts';
import type { RawSwipe } from '../identity/cards/card-number.ts';
import type { PanelService } from '../panel-protocol/service.ts';
import type { LiveConfig } from './live-config.ts';
import { openReader } from './reader-drivers.ts';
import { ReaderRoute } from './reader-route.ts';
import { ReaderSeat } from './reader-seat.ts';

export interface CardReadersOptions {
  readonly live: Pick<LiveConfig, 'current' | 'readers'>;
  readonly panels: Pick<PanelService, 'attachReader'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface OpenReader {
  readonly config: ReaderConfig;
  readonly reader: Reader;
  /** Of a network reader, once its key was read. */
  readonly proof: ReaderProof | undefined;
}

type Entry = { -readonly [Key in keyof OpenReader]: OpenReader[Key] } & { readonly seat: ReaderSeat };

export class CardReaders {
  readonly route: ReaderRoute;
  readonly #options: CardReadersOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #wrongKeys: WrongKeys;
  /** By the name of the reader. */
  readonly #interceptors = new Map<string, (swipe: RawSwipe) => void>();
  readonly #swipes;
  #lines: Promise<LineServer | undefined> = Promise.resolve(undefined);
  #plugs: Promise<PlugWatch> | undefined;
  #closed = false;

  constructor(options: CardReadersOptions) {
    this.#options = options;
    const { clock, log, metrics } = options;
    this.#wrongKeys = new WrongKeys(clock);
    this.route = new ReaderRoute({
      find: (name) => this.#entries.get(name),
      wrongKeys: this.#wrongKeys,
      clock,
      log,
    });
    this.#swipes = metrics.counter('reader_swipes_total', 'Swipes at card readers of the gateway', [
      'result',
    ]);
    const count = (state: string) =>
      [...this.#entries.values()].filter(({ reader }) => reader.status.state === state);
    metrics.gauge('readers_ready', 'Card readers that read', () => count('ready').length);
    metrics.gauge(
      'readers_away',
      'Card readers that are configured and do not read',
      () => count('away').length,
    );
    metrics.gauge(
      'reader_frames_dropped',
      'What readers sent that was no swipe, since they were opened',
      () => [...this.#entries.values()].reduce((sum, { reader }) => sum + reader.counts.dropped, 0),
    );
  }

  get routes(): readonly Route[] {
    return this.route.routes;
  }

  /** In the order of the configuration. */
  list(): readonly OpenReader[] {
    return [...this.#options.live.readers.keys()].flatMap((name) => this.#entries.get(name) ?? []);
  }

  /** Takes the swipes of a reader for a while, so that they sign nobody in. Returns the way to stop it. */
  intercept(name: string, taker: (swipe: RawSwipe) => void): () => void {
    this.#interceptors.set(name, taker);
    return () => {
      if (this.#interceptors.get(name) === taker) this.#interceptors.delete(name);
    };
  }

  /** Makes the readers those of the configuration; one that has not changed goes on. */
  apply(configured: readonly ReaderConfig[]): void {
    // Those are opened by terminals.
    const readers = configured.filter(({ kind }) => kind !== 'at-terminal');
    const wanted = new Map(readers.map((reader) => [reader.name, reader]));
    for (const [name, { config }] of [...this.#entries]) {
      if (!isDeepStrictEqual(config, wanted.get(name))) void this.#remove(name);
    }
    for (const config of readers) if (!this.#entries.has(config.name)) this.#add(config);
    for (const entry of this.#entries.values()) void this.#readKey(entry);
    this.#watchPlugs();
    this.#openLines();
  }

  async close(): Promise<void> {
    this.#closed = true;
    const [lines, plugs] = await Promise.all([this.#lines, this.#plugs]);
    plugs?.close();
    await lines?.close();
    await Promise.all([...this.#entries.keys()].map((name) => this.#remove(name)));
  }

  #add(config: ReaderConfig): void {
    const { clock, panels } = this.#options;
    const log = this.#options.log.child({ reader: config.name });
    const reader = isNetworkKind(config.kind)
      ? new NetworkReader(clock, config.kind === 'http' ? { state: 'opening' } : NOT_CONNECTED)
      : openReader(config, { clock, log });
    const seat = new ReaderSeat({
      config,
      panels,
      onVerdict: (kind) => {
        this.#swipes.inc({ result: kind });
        reader.feedback(kind);
      },
      log,
    });
    const entry: Entry = { config, reader, seat, proof: undefined };
    this.#entries.set(config.name, entry);
    void this.#listen(entry);
  }

  async #listen({ config, reader, seat }: Entry): Promise<void> {
    for await (const swipe of reader.swipes()) {
      const taker = this.#interceptors.get(config.name);
      if (taker === undefined) seat.swiped(swipe);
      else taker(swipe);
    }
  }

  async #remove(name: string): Promise<void> {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    this.#entries.delete(name);
    entry.seat.leave();
    (await this.#lines)?.cut(name);
    await entry.reader.close();
  }

  /** Read anew at each reload. A reader whose key cannot be read is nobody until then. */
  async #readKey(entry: Entry): Promise<void> {
    const { config, reader } = entry;
    if (!(reader instanceof NetworkReader)) return;
    const { addresses, keyFile } = config;
    const before = entry.proof;
    try {
      const key = keyFile === undefined ? undefined : await ReaderKey.read(keyFile);
      entry.proof = { key, addresses };
      const isNew = before !== undefined && key !== undefined && !key.equals(before.key);
      if (isNew) await this.#cut(entry);
      if (config.kind === 'http') reader.status = { state: 'ready' };
      else if (isNew || reader.status.state !== 'ready') reader.status = NOT_CONNECTED;
    } catch (error) {
      entry.proof = undefined;
      await this.#cut(entry);
      reader.status = { state: 'away', reason: 'failed', detail: messageOf(error) };
      this.#options.log.error('card reader has no key', { reader: config.name, error: messageOf(error) });
    }
  }

  /** Who came with the key of before speaks no longer for it. */
  async #cut({ config: { name } }: Entry): Promise<void> {
    if (this.#entries.has(name)) (await this.#lines)?.cut(name);
  }

  #watchPlugs(): void {
    const isPlugged = [...this.#entries.values()].some(({ reader }) => reader instanceof LinkedReader);
    if (!isPlugged || this.#plugs !== undefined || this.#closed) return;
    const { clock, log } = this.#options;
    void tellMissing(log);
    this.#plugs = PlugWatch.start({
      clock,
      log,
      onChange: () => {
        for (const { reader } of this.#entries.values()) if (reader instanceof LinkedReader) reader.look();
      },
    });
  }

  #openLines(): void {
    const wanted = [...this.#entries.values()].some(({ config }) => config.kind === 'network-lines');
    this.#lines = this.#lines.then(async (open) => {
      if (wanted && open === undefined && !this.#closed) return this.#openLineServer();
      if (!wanted) await open?.close();
      return wanted ? open : undefined;
    });
  }

  async #openLineServer(): Promise<LineServer | undefined> {
    const { live, clock, log } = this.#options;
    try {
      const lines = await LineServer.open({
        addresses: live.current.gateway.readerLines.listen,
        readers: () => [...this.#entries.values()].flatMap(lineReader),
        wrongKeys: this.#wrongKeys,
        clock,
        log,
      });
      for (const port of lines.ports) log.info('port for card readers is open', { port });
      return lines;
    } catch (error) {
      // Printing goes on without it.
      log.error('port for card readers was not opened', { error: messageOf(error) });
      return undefined;
    }
  }
}

function lineReader({ config, reader, proof }: OpenReader): LineReader[] {
  if (config.kind !== 'network-lines' || !(reader instanceof NetworkReader) || proof === undefined) return [];
  return [{ ...proof, name: config.name, reader }];
}
