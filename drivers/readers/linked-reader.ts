/** A reader on a link, kept alive: opened, listened to, opened again whenever it was unplugged, hung or was taken away. */
import type { Clock, Timer } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { Milliseconds, Seconds } from '../../base/units.ts';
import type { RawSwipe } from '../../identity/cards/card-number.ts';
import { awayReason, type Link, type Opener } from './link.ts';
import type { AwayReason, Feedback, Reader, ReaderCounts, ReaderStatus } from './port.ts';
import type { AnyProtocol, Step } from './protocol.ts';
import { Swipes } from './swipes.ts';

/** Looking whether a device is there costs next to nothing, and events of the system may be missing. */
const LOOK_EVERY = Seconds(1);
/** For what is there and cannot be opened. */
const LONGEST_RETRY = Seconds(10);

export interface LinkedReaderOptions {
  readonly opener: Opener;
  readonly protocol: AnyProtocol;
  readonly clock: Clock;
  readonly log: Log;
}

/** One opening of the device. What belongs to an earlier one is dropped. */
interface Session {
  link: Link | undefined;
  state: never;
  timer: Timer | undefined;
}

export class LinkedReader implements Reader {
  readonly #options: LinkedReaderOptions;
  readonly #swipes: Swipes;
  #status: ReaderStatus = { state: 'opening' };
  #session: Session | undefined;
  #retry: Timer | undefined;
  #wait: number = LOOK_EVERY;
  #dropped = 0;
  #closing: Promise<void> = Promise.resolve();
  #opening: Promise<void>;

  constructor(options: LinkedReaderOptions) {
    this.#options = options;
    this.#swipes = new Swipes(options.clock);
    this.#opening = this.#open();
  }

  get status(): ReaderStatus {
    return this.#status;
  }

  get counts(): ReaderCounts {
    return { ...this.#swipes.counts, dropped: this.#dropped };
  }

  swipes(): AsyncIterableIterator<RawSwipe, undefined> {
    return this.#swipes.listen();
  }

  feedback(kind: Feedback): void {
    const session = this.#session;
    const { feedback } = this.#options.protocol;
    if (session?.link === undefined || feedback === undefined || this.#status.state !== 'ready') return;
    this.#take(session, feedback(session.state, kind));
  }

  /** Something was plugged in somewhere: looks at once. */
  look(): void {
    if (this.#retry === undefined) return;
    this.#retry.cancel();
    this.#retry = undefined;
    this.#opening = this.#open();
  }

  async close(): Promise<void> {
    if (this.#status.state !== 'closed') this.#status = { state: 'closed' };
    this.#swipes.end();
    this.#retry?.cancel();
    this.#retry = undefined;
    await this.#opening;
    this.#end();
    await this.#closing;
  }

  get #closed(): boolean {
    return this.#status.state === 'closed';
  }

  async #open(): Promise<void> {
    const { opener, protocol } = this.#options;
    // The device may still be closing.
    await this.#closing;
    if (this.#closed) return;
    const session: Session = { link: undefined, state: undefined as never, timer: undefined };
    this.#session = session;
    const early: Uint8Array[] = [];
    let lost: { reason: AwayReason; detail: string } | undefined;
    try {
      session.link = await opener.open({
        octets: (octets) => {
          if (session.link === undefined) early.push(octets);
          else if (this.#session === session) this.#take(session, protocol.take(session.state, octets));
        },
        lost: (reason, detail) => {
          if (session.link === undefined) lost = { reason, detail };
          else if (this.#session === session) this.#away(reason, detail);
        },
      });
    } catch (error) {
      if (!this.#closed) this.#away(awayReason(error), messageOf(error));
      return;
    }
    if (this.#closed) return;
    if (lost !== undefined) return this.#away(lost.reason, lost.detail);
    if (!protocol.answers) this.#ready();
    this.#take(session, protocol.start());
    for (const octets of early) {
      if (this.#session === session) this.#take(session, protocol.take(session.state, octets));
    }
  }

  #take(session: Session, step: Step<never>): void {
    session.state = step.state;
    this.#dropped += step.dropped ?? 0;
    if (step.answered) this.#ready();
    for (const octets of step.send ?? []) session.link?.send(octets);
    session.timer?.cancel();
    session.timer = undefined;
    if (step.silent) return this.#away('silent', 'it does not answer');
    if (step.away !== undefined) return this.#away(step.away.reason, step.away.detail);
    if (step.wait !== undefined) {
      session.timer = this.#options.clock.after(step.wait, () => {
        if (this.#session === session) this.#take(session, this.#options.protocol.quiet(session.state));
      });
    }
    for (const swipe of step.swipes ?? []) this.#swipes.add(swipe);
  }

  #ready(): void {
    if (this.#status.state === 'ready' || this.#closed) return;
    this.#status = { state: 'ready' };
    this.#wait = LOOK_EVERY;
    this.#options.log.info('card reader is ready', { place: this.#options.opener.place });
  }

  /** Told in the log when it is news. */
  #away(reason: AwayReason, detail: string): void {
    this.#end();
    const before = this.#status;
    this.#status = { state: 'away', reason, detail };
    if (before.state !== 'away' || before.reason !== reason) {
      this.#options.log.warn('card reader is away', { place: this.#options.opener.place, reason, detail });
    }
    const wait = reason === 'not-plugged-in' ? LOOK_EVERY : this.#wait;
    this.#wait = reason === 'not-plugged-in' ? LOOK_EVERY : Math.min(LONGEST_RETRY, this.#wait * 2);
    this.#retry = this.#options.clock.after(Milliseconds(wait), () => {
      this.#retry = undefined;
      this.#opening = this.#open();
    });
  }

  #end(): void {
    const session = this.#session;
    this.#session = undefined;
    session?.timer?.cancel();
    const { link } = session ?? {};
    if (link === undefined) return;
    this.#closing = link.close().catch((error: unknown) => {
      this.#options.log.debug('card reader was not closed cleanly', { error: messageOf(error) });
    });
  }
}
