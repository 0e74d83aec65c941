/** One panel's session at work: feeds the machine and does what it wants done. */
import type { Clock, Timer } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { SparingLog } from '../../base/sparing-log.ts';
import type { PersonId } from '../../identity/person.ts';
import type { SessionMessage } from '../client-messages.ts';
import type { JobNews, Panel, PanelIdentity, PanelJobs, PanelPrinters, SignInPlace } from '../ports.ts';
import type { ErrorCode, ServerMessage } from '../server-messages.ts';
import { wirePrinter } from '../wire-job.ts';
import type { PanelClient } from './client.ts';
import type { Notice, PanelEffect } from './effects.ts';
import { INITIAL, step } from './machine.ts';
import { type MessageContext, messagesOf, optionsMessage, stateMessage, welcomeMessage } from './notices.ts';
import { Pacing } from './pacing.ts';
import { PortWork } from './port-work.ts';
import { requestOf } from './requests.ts';
import {
  type ConnectionId,
  isSignedIn,
  type PanelInput,
  type PanelRequest,
  type PanelState,
  type Request,
  type Verdict,
} from './state.ts';

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

/** What became of a reader's badge or PIN, that the screen beside it is told too. */
const SWIPE_ERRORS: ReadonlySet<ErrorCode> = new Set([
  'card-unknown',
  'credential-unknown',
  'pin-wrong',
  'not-bound',
  'throttled',
  'internal',
]);

export class PanelSession {
  readonly panel: Panel;
  readonly #options: SessionOptions;
  readonly #log: Log;
  readonly #sparing: SparingLog;
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
    this.#sparing = new SparingLog(this.#log, options.clock);
    this.#work = new PortWork(panel, options.identity, options.jobs, this.#log);
    this.#progress = new Pacing(options.clock, (job, progress) =>
      this.#take({ kind: 'job-progress', job, progress }),
    );
  }

  /** True while anything is connected, or somebody signed in without a screen waits for what is printed. */
  get connected(): boolean {
    return this.#clients.size > 0 || this.signedIn;
  }

  get signedIn(): boolean {
    return isSignedIn(this.#state);
  }

  connect(client: PanelClient): ConnectionId {
    const connection = ++this.#connections;
    this.#clients.set(connection, client);
    this.#take({ kind: 'connected', connection, role: client.role });
    return connection;
  }

  disconnect(connection: ConnectionId): void {
    this.#clients.delete(connection);
    this.#take({ kind: 'disconnected', connection });
  }

  ask(connection: ConnectionId, message: SessionMessage): void {
    const secure = this.#clients.get(connection)?.secure ?? false;
    const request = requestOf({ connection, id: message.id }, message, secure);
    this.#take(request.kind === 'release' ? this.#withBefore(request) : request);
  }

  /** Somebody's job changed; most are none of this panel's business. */
  jobNews(news: JobNews): void {
    if (!isSignedIn(this.#state)) return;
    switch (news.kind) {
      case 'changed': {
        const { job } = news;
        const { person, printer } = this.#state;
        const seen = this.#options.jobs.look(job, person.id, { panel: this.panel, printer });
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

  /** What became of the jobs, if the same release was asked for before this session. */
  #withBefore(request: Extract<PanelRequest, { kind: 'release' }>): PanelRequest {
    const state = this.#state;
    if (!isSignedIn(state) || state.keys.has(request.key)) return request;
    const before = this.#options.jobs.releasedBefore(request.jobs, request.key, state.person.id);
    return { ...request, before };
  }

  /** One input after the other: what an effect brings about waits until the step is done. */
  #take(input: PanelInput): void {
    this.#inputs.push(input);
    if (this.#working) return;
    this.#working = true;
    try {
      for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
        const { state, effects } = step(this.#state, next, this.panel);
        this.#state = state;
        if (state.name === 'idle') this.#stopTimer();
        if (state.name === 'idle' || (isSignedIn(state) && state.swipe === undefined)) this.#work.forget();
        for (const effect of effects) this.#do(effect);
      }
    } finally {
      this.#working = false;
    }
  }

  #do(effect: PanelEffect): void {
    switch (effect.kind) {
      case 'ok':
        return this.#answer(effect.request, this.#okMessage(effect.request));
      case 'error': {
        const { request, code, retryAfter } = effect;
        const after = retryAfter === undefined ? {} : { 'retry-after': seconds(retryAfter) };
        this.#answer(request, { type: 'error', re: request.id, code, ...after });
        // Whoever held a badge to a reader looks at the screen.
        const isOfReader = request.connection !== this.#state.connection;
        if (isOfReader && SWIPE_ERRORS.has(code)) this.#send({ type: 'error', re: null, code, ...after });
        return;
      }
      case 'welcome': {
        const client = this.#clients.get(effect.connection);
        if (client === undefined) return;
        client.send(welcomeMessage(this.#context(), client));
        return client.send(stateMessage(this.#context(), effect.role));
      }
      case 'tell':
        return this.#tell(effect.notice);
      case 'tell-readers':
        return this.#tellReaders();
      case 'dismiss':
        this.#clients.get(effect.connection)?.dismiss(effect.reason);
        this.#clients.delete(effect.connection);
        return;
      case 'check':
        return this.#judge(this.#work.check(effect, this.#place(effect.connection)));
      case 'check-pin':
        return this.#judge(this.#work.checkPin(effect, this.#place(effect.connection)));
      case 'request-activation':
        return this.#work.requestActivation(effect.userName, this.#place(effect.connection));
      case 'set-pin':
        void this.#work
          .setPin(effect, this.#place(effect.request.connection))
          .then((answer) => this.#take(answer));
        return;
      case 'options':
        return this.#tellOptions(effect);
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
      case 'warm':
        return this.#options.printers.warm(effect.printer);
      case 'began':
        this.#log.info('signed in', { person: effect.person });
        // After the list, which somebody waits for.
        return queueMicrotask(() => this.#options.jobs.expect(effect.person));
      case 'ended':
        return this.#log.info('signed out', { person: effect.person, reason: effect.reason });
      default:
        return effect satisfies never;
    }
  }

  /** A verdict from memory is taken at once. */
  #judge(answer: ReturnType<PortWork['check']>): void {
    if (answer instanceof Promise) {
      void answer.then((late) => this.#judge(late));
      return;
    }
    this.#options.onVerdict(answer.verdict);
    this.#take(answer);
  }

  #tellOptions({ request, printer, listed }: Extract<PanelEffect, { kind: 'options' }>): void {
    const options = this.#work.options(listed.job.id, printer);
    if (options === 'job-not-found' || options === 'internal')
      return this.#answer(request, { type: 'error', re: request.id, code: options });
    this.#answer(request, this.#okMessage(request));
    this.#answer(request, optionsMessage(listed, options));
  }

  #tell(notice: Notice): void {
    if (notice.kind === 'outcome' && 'reason' in notice.outcome && notice.outcome.reason === 'job-not-found')
      this.#sparing.warn('panel named a job that is not on its list', { 'job-id': notice.job });
    if (notice.kind === 'outcome') this.#progress.forget(notice.job);
    const context = this.#context();
    for (const message of messagesOf(notice, context)) this.#send(message);
    if (notice.kind === 'session') this.#tellReaders();
  }

  #tellReaders(): void {
    const context = this.#context();
    for (const reader of this.#state.readers)
      this.#clients.get(reader)?.send(stateMessage(context, 'reader'));
  }

  #context(): MessageContext {
    const { clock, page, printers, gateway } = this.#options;
    return {
      panel: this.panel,
      state: this.#state,
      gateway: gateway(),
      find: (name) => printers.find(name),
      page,
      timeLeft: this.#timeLeft(),
      now: clock.now(),
    };
  }

  #okMessage({ id }: Request): ServerMessage {
    const timeLeft = this.#timeLeft();
    return timeLeft === undefined ? { type: 'ok', re: id } : { type: 'ok', re: id, 'time-left': timeLeft };
  }

  #send(message: ServerMessage): void {
    if (this.#state.connection !== undefined) this.#clients.get(this.#state.connection)?.send(message);
  }

  #answer(request: Request, message: ServerMessage): void {
    this.#clients.get(request.connection)?.send(message);
  }

  #place(connection: ConnectionId): SignInPlace {
    const { address = '', unproven } = this.#clients.get(connection) ?? {};
    return { panel: this.panel, address, ...(unproven ? { unproven } : {}) };
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

/** Whole seconds, rounded up. */
const seconds = (milliseconds: number): number => Math.max(0, Math.ceil(milliseconds / 1000));
