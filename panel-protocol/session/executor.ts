/** One panel's session at work: feeds the machine and does what it wants done. */
import type { Clock, Timer } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { PersonId } from '../../identity/person.ts';
import type { SessionMessage } from '../client-messages.ts';
import {
  firstPrinter,
  type JobNews,
  type JobsPlace,
  type Panel,
  type PanelIdentity,
  type PanelJobs,
  type PanelPrinters,
} from '../ports.ts';
import type { ByeReason, ServerMessage } from '../server-messages.ts';
import { wirePrinter } from '../wire-job.ts';
import { INITIAL, isSignedIn, step } from './machine.ts';
import { messagesOf } from './notices.ts';
import { Pacing } from './pacing.ts';
import { PortWork } from './port-work.ts';
import type {
  ConnectionId,
  Notice,
  PanelEffect,
  PanelInput,
  PanelRequest,
  PanelState,
  Request,
  Verdict,
} from './state.ts';

/** A connection as the session sees it. */
export interface PanelClient {
  send(message: ServerMessage): void;
  /** Says goodbye and closes. */
  dismiss(reason: ByeReason): void;
}

export interface SessionOptions {
  readonly printers: PanelPrinters;
  readonly identity: PanelIdentity;
  readonly jobs: PanelJobs;
  readonly clock: Clock;
  readonly log: Log;
  /** What the gateway is called. */
  gateway(): string;
  /** `page` of the welcome. */
  readonly page: string;
  onVerdict(verdict: Verdict): void;
}

export class PanelSession {
  readonly panel: Panel;
  readonly #options: SessionOptions;
  readonly #log: Log;
  readonly #work: PortWork;
  readonly #progress: Pacing;
  readonly #clients = new Map<ConnectionId, PanelClient>();
  readonly #inputs: PanelInput[] = [];
  #state: PanelState = INITIAL;
  #working = false;
  #connections = 0;
  #timer: Timer | undefined;
  /** Monotonic milliseconds. */
  #deadline = 0;

  constructor(panel: Panel, options: SessionOptions) {
    this.panel = panel;
    this.#options = options;
    this.#log = options.log.child({ panel: panel.name });
    this.#work = new PortWork(panel, options.identity, options.jobs, this.#log);
    this.#progress = new Pacing(options.clock, (job, progress) =>
      this.#take({ kind: 'job-progress', job, progress }),
    );
  }

  get #place(): JobsPlace {
    return { panel: this.panel, printer: firstPrinter(this.panel) };
  }

  get connected(): boolean {
    return this.#state.connection !== undefined;
  }

  get signedIn(): boolean {
    return isSignedIn(this.#state);
  }

  connect(client: PanelClient): ConnectionId {
    const connection = ++this.#connections;
    this.#clients.set(connection, client);
    this.#take({ kind: 'connected', connection });
    return connection;
  }

  disconnect(connection: ConnectionId): void {
    this.#clients.delete(connection);
    this.#take({ kind: 'disconnected', connection });
  }

  ask(connection: ConnectionId, message: SessionMessage): void {
    this.#take(requestOf({ connection, id: message.id }, message));
  }

  /** Somebody's job changed; most are none of this panel's business. */
  jobNews(news: JobNews): void {
    if (!isSignedIn(this.#state)) return;
    switch (news.kind) {
      case 'changed': {
        const { job } = news;
        const seen = this.#options.jobs.look(job, this.#state.person.id, this.#place);
        return this.#take({ kind: 'job-changed', job, seen });
      }
      case 'forgotten':
        return this.#take({ kind: 'job-forgotten', job: news.job });
      case 'progress':
        if (this.#state.listed.has(news.job)) this.#progress.add(news.job, news.progress);
        return;
      default:
        return news satisfies never;
    }
  }

  personRemoved(person: PersonId): void {
    this.#take({ kind: 'person-removed', person });
  }

  printerChanged(printer: string): void {
    if (!this.panel.printers.includes(printer)) return;
    this.#send({ type: 'printer', printer: wirePrinter(printer, this.#options.printers.find(printer)) });
  }

  close(reason: 'reload' | 'shutdown'): void {
    this.#take({ kind: 'closing', reason });
  }

  /** One input after the other: what an effect brings about waits until the step is done. */
  #take(input: PanelInput): void {
    this.#inputs.push(input);
    if (this.#working) return;
    this.#working = true;
    try {
      for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
        const { state, effects } = step(this.#state, next);
        this.#state = state;
        for (const effect of effects) this.#do(effect);
      }
    } finally {
      this.#working = false;
    }
  }

  #do(effect: PanelEffect): void {
    switch (effect.kind) {
      case 'ok': {
        const { request } = effect;
        const timeLeft = this.#timeLeft();
        const message: ServerMessage = { type: 'ok', re: request.id };
        return this.#answer(
          request,
          timeLeft === undefined ? message : { ...message, 'time-left': timeLeft },
        );
      }
      case 'error': {
        const { request, code, retryAfter } = effect;
        const message: ServerMessage = { type: 'error', re: request.id, code };
        return this.#answer(
          request,
          retryAfter === undefined ? message : { ...message, 'retry-after': seconds(retryAfter) },
        );
      }
      case 'tell':
        return this.#tell(effect.notice);
      case 'dismiss':
        this.#clients.get(effect.connection)?.dismiss(effect.reason);
        this.#clients.delete(effect.connection);
        return;
      case 'check': {
        const answer = this.#work.check(effect);
        this.#options.onVerdict(answer.verdict);
        return this.#take(answer);
      }
      case 'list':
        return this.#take(this.#work.list(effect));
      case 'release':
        void this.#work.release(effect).then((answer) => this.#take(answer));
        return;
      case 'cancel':
        void this.#work.cancel(effect).then((answer) => this.#take(answer));
        return;
      case 'restart-timer':
        return this.#restartTimer(effect.session);
      case 'began':
        this.#options.printers.warm(firstPrinter(this.panel));
        return this.#log.info('signed in', { person: effect.person });
      case 'ended':
        this.#stopTimer();
        return this.#log.info('signed out', { person: effect.person, reason: effect.reason });
      default:
        return effect satisfies never;
    }
  }

  #tell(notice: Notice): void {
    const { panel } = this;
    const { clock, page, printers, gateway } = this.#options;
    const context = {
      panel,
      state: this.#state,
      gateway: gateway(),
      find: (name: string) => printers.find(name),
      page,
      timeLeft: this.#timeLeft(),
      now: clock.now(),
    };
    for (const message of messagesOf(notice, context)) this.#send(message);
  }

  #send(message: ServerMessage): void {
    if (this.#state.connection !== undefined) this.#clients.get(this.#state.connection)?.send(message);
  }

  #answer(request: Request, message: ServerMessage): void {
    this.#clients.get(request.connection)?.send(message);
  }

  #restartTimer(session: number): void {
    const { clock } = this.#options;
    this.#timer?.cancel();
    this.#deadline = clock.monotonic() + this.panel.sessionTimeout;
    this.#timer = clock.after(this.panel.sessionTimeout, () => this.#take({ kind: 'timed-out', session }));
  }

  #stopTimer(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#progress.clear();
  }

  #timeLeft(): number | undefined {
    return this.#timer === undefined ? undefined : seconds(this.#deadline - this.#options.clock.monotonic());
  }
}

function requestOf(request: Request, message: SessionMessage): PanelRequest {
  switch (message.type) {
    case 'credential':
      return message.kind === 'code'
        ? { kind: 'credential', request, code: message.value }
        : { kind: 'not-offered', request };
    case 'choose-printer':
    case 'options':
    case 'set-pin':
    case 'request-activation':
      return { kind: 'not-offered', request };
    case 'release':
      return {
        kind: 'release',
        request,
        key: message.key,
        jobs: message['job-ids'],
        ...(message['job-password'] === undefined ? {} : { password: message['job-password'] }),
      };
    case 'cancel':
      return { kind: 'cancel', request, jobs: message['job-ids'] };
    default:
      return { kind: message.type, request };
  }
}

/** Whole seconds, rounded up. */
const seconds = (milliseconds: number): number => Math.max(0, Math.ceil(milliseconds / 1000));
