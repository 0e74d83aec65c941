/** What a panel without script knows: the messages of its connection, gathered. */
import type { Clock } from '../../base/clock.ts';
import type { ByeReason, ServerMessage, SessionName, WireJob, WirePrinter } from '../server-messages.ts';

type Typed<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;
export type Welcome = Typed<'welcome'>;
export type Progress = Typed<'progress'>;
export type JobOutcome = Typed<'outcome'>;
export type JobOptions = Typed<'options'>;

/** A document on its way to the printer, or at its end. */
export interface Released {
  /** As it was when it was released. */
  readonly job: WireJob;
  readonly progress?: Progress;
  readonly outcome?: JobOutcome;
}

export class PlainView {
  readonly #clock: Clock;
  welcome: Welcome | undefined;
  /** The panel's, as they are now. */
  #printers: readonly WirePrinter[] = [];
  session: Typed<'session'> = { type: 'session', session: 'idle' };
  /** Newest first. */
  jobs: readonly WireJob[] = [];
  omitted = 0;
  /** RFC 3339, in the gateway's zone. */
  now = '';
  /** In the order in which they were asked for. */
  readonly released = new Map<number, Released>();
  options: JobOptions | undefined;
  /** A document could not be deleted, or printed. */
  refusal: JobOutcome | undefined;
  bye: ByeReason | undefined;
  /** Counts the lists that were begun in this session. */
  lists = 0;
  #deadline: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get printers(): readonly WirePrinter[] {
    return this.#printers;
  }

  /** Where the person prints: the one that was chosen, or the panel's first. */
  get printer(): WirePrinter | undefined {
    const chosen = this.session['printer-name'];
    return this.#printers.find((each) => each['printer-name'] === chosen) ?? this.#printers[0];
  }

  get state(): SessionName {
    return this.session.session;
  }

  get signedIn(): boolean {
    return isSignedIn(this.state);
  }

  /** Whole seconds until the session ends by itself. */
  get timeLeft(): number | undefined {
    if (this.#deadline === undefined) return undefined;
    return Math.max(0, Math.ceil((this.#deadline - this.#clock.monotonic()) / 1000));
  }

  job(id: number): WireJob | undefined {
    return this.jobs.find((each) => each['job-id'] === id);
  }

  /** Documents that are about to be released. */
  releasing(jobs: readonly WireJob[]): void {
    this.released.clear();
    for (const job of jobs) this.released.set(job['job-id'], { job });
  }

  take(message: ServerMessage): void {
    switch (message.type) {
      case 'ok':
        if (message['time-left'] !== undefined) this.#timed(message['time-left']);
        return;
      case 'welcome':
        this.welcome = message;
        this.#printers = message.printers;
        return;
      case 'printer':
        return this.#printerIs(message.printer);
      case 'session':
        return this.#session(message);
      case 'jobs':
        if (message.offset === 0) this.lists++;
        this.jobs = message.offset === 0 ? message.jobs : [...this.jobs, ...message.jobs];
        this.omitted = message.omitted;
        this.now = message['printer-current-time'];
        return;
      case 'job':
        return this.#job(message.job);
      case 'job-gone':
        this.jobs = this.jobs.filter((each) => each['job-id'] !== message['job-id']);
        return;
      case 'progress':
        return this.#progress(message);
      case 'outcome':
        return this.#outcome(message);
      case 'options':
        this.options = message;
        return;
      case 'bye':
        this.bye = message.reason;
        this.session = { type: 'session', session: 'idle' };
        this.#forget();
        return;
      case 'error':
        return;
      default:
        // A message of a later version.
        return;
    }
  }

  #printerIs(printer: WirePrinter): void {
    const same = (each: WirePrinter) => each['printer-name'] === printer['printer-name'];
    this.#printers = this.#printers.map((each) => (same(each) ? printer : each));
  }

  #session(message: Typed<'session'>): void {
    const before = this.session.person?.['display-name'];
    this.session = message;
    // A badge at a reader signs another person in, in one step.
    if (!this.signedIn || before !== message.person?.['display-name']) this.#forget();
    this.#timed(message['time-left']);
  }

  #timed(seconds: number | undefined): void {
    this.#deadline = seconds === undefined ? undefined : this.#clock.monotonic() + seconds * 1000;
  }

  #job(job: WireJob): void {
    const known = this.jobs.some((each) => each['job-id'] === job['job-id']);
    this.jobs = known
      ? this.jobs.map((each) => (each['job-id'] === job['job-id'] ? job : each))
      : [job, ...this.jobs];
    const released = this.released.get(job['job-id']);
    // A document that was claimed has its name now.
    if (released !== undefined && !job.claimable) this.released.set(job['job-id'], { ...released, job });
  }

  #progress(message: Progress): void {
    const released = this.released.get(message['job-id']);
    if (released !== undefined) {
      this.released.set(message['job-id'], { ...released, progress: { ...released.progress, ...message } });
    }
    const reasons = message['printer-state-reasons'];
    if (reasons !== undefined && this.printer !== undefined) {
      this.#printerIs({ ...this.printer, 'printer-state-reasons': reasons });
    }
  }

  #outcome(message: JobOutcome): void {
    const released = this.released.get(message['job-id']);
    if (message.operation === 'cancel' && message.outcome === 'refused') this.refusal = message;
    else if (message.operation === 'release' && released !== undefined) {
      this.released.set(message['job-id'], { ...released, outcome: message });
    }
  }

  /** Of somebody who has gone nothing stays. */
  #forget(): void {
    this.jobs = [];
    this.omitted = 0;
    this.released.clear();
    this.options = undefined;
    this.refusal = undefined;
    this.lists = 0;
    this.#deadline = undefined;
  }
}

export function isSignedIn(state: SessionName): boolean {
  return state === 'jobs' || state === 'releasing' || state === 'done';
}
