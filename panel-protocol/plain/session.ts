/** One browser without script: a connection whose messages are gathered, and what the person has begun to fill in. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import type { Language } from '../../base/i18n/languages.ts';
import { Seconds } from '../../base/units.ts';
import type { ClientMessage } from '../client-messages.ts';
import type { PanelConnection, Transport } from '../connection.ts';
import type { ByeReason, ServerMessage, SessionName } from '../server-messages.ts';
import type { Note } from './notes.ts';
import type { Place } from './places.ts';
import { isSignedIn, PlainView } from './view.ts';
import { isReleasable } from './words.ts';

export type Answer = Extract<ServerMessage, { type: 'ok' | 'error' }>;
type Without<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never;
/** What a form brings about; secrets are texts here, as on the wire. */
export type Asked = { readonly type: Without<ClientMessage, 'id'>['type'] } & Readonly<
  Record<string, unknown>
>;

/** How long a form waits for the gateway's answer before its page is shown without. */
const ANSWER_TIME = Seconds(2);
/** Forms of pages that are still good: the one that is shown, and those that a refresh has just replaced. */
const TOKENS = 4;
/** Octets of randomness in an id and in a token. */
const RANDOM = 18;
export const TYPED_LENGTH = 32;

export class PlainSession implements Transport {
  /** Unguessable; stands in the address of the browser's page, and changes with whoever signs in. */
  id = unguessable();
  /** The one until somebody signed in; leads the page that waited for a badge at a reader to the new one, once. */
  #formerId: string | undefined;
  readonly view: PlainView;
  readonly panel: string;
  readonly address: string;
  /** By a link, by whoever stands here; goes before their own. */
  chosen: Language | undefined;
  /** The panel's. */
  readonly #home: Language;
  /** The form that somebody has opened; undefined is where the session's state leads. */
  place: Place | undefined;
  /** Shown once. */
  note: Note | undefined;
  /** Its pages come again by themselves only when they must. */
  seldom = false;
  /** Digits of the keypad that were not sent yet. */
  typed = '';
  /** Ids of the documents that are marked. */
  readonly marked = new Set<number>();
  /** Of the list, from 0. */
  page = 0;
  /** Monotonic milliseconds until which none is looked at, by the kind: the gateway counts each by itself. */
  readonly #waits = new Map<string, number>();
  readonly #clock: Clock;
  readonly #connection: PanelConnection;
  readonly #waiting = new Map<number, (answer: Answer | undefined) => void>();
  readonly #tokens: string[] = [];
  #lastId = 0;
  #state: SessionName = 'idle';
  #person: string | undefined;

  constructor(options: {
    readonly panel: string;
    readonly address: string;
    readonly language: Language;
    readonly clock: Clock;
    /** Makes this the transport of a connection. */
    open(transport: Transport): PanelConnection;
  }) {
    this.panel = options.panel;
    this.address = options.address;
    this.#home = options.language;
    this.#clock = options.clock;
    this.view = new PlainView(options.clock);
    this.#connection = options.open(this);
    this.tell({ type: 'hello', versions: [1], client: 'holdfast-plain' });
  }

  /** Of its pages: what somebody chose here, else what the person who is signed in reads, else the panel's. */
  get language(): Language {
    return this.chosen ?? this.view.session.person?.language ?? this.#home;
  }

  /** The connection is over; only its goodbye is left to be shown. */
  get over(): boolean {
    return this.view.bye !== undefined;
  }

  /** Whether that is its address, or was until somebody signed in, which is good once. */
  answersTo(id: string | undefined): boolean {
    const isFormer = id !== undefined && id === this.#formerId;
    if (isFormer) this.forgetFormer();
    return isFormer || id === this.id;
  }

  /** The page has been led on. */
  forgetFormer(): void {
    this.#formerId = undefined;
  }

  /** Resolves with the answer, or undefined when it does not come soon. */
  ask(message: Asked): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      const id = ++this.#lastId;
      const end = (answer: Answer | undefined) => {
        timer.cancel();
        this.#waiting.delete(id);
        resolve(answer);
      };
      const timer = this.#clock.after(ANSWER_TIME, () => end(undefined));
      this.#waiting.set(id, end);
      this.#connection.receive(JSON.stringify({ ...message, id }));
      if (this.over) end(undefined);
    });
  }

  tell(message: Asked): void {
    this.#connection.receive(JSON.stringify({ ...message, id: ++this.#lastId }));
  }

  /** From the gateway. */
  send(text: string): void {
    const message = JSON.parse(text) as ServerMessage;
    this.view.take(message);
    if (message.type === 'ok' || message.type === 'error') {
      if (message.type === 'error' && message.re === null) this.#refusedAtReader(message);
      else this.#waiting.get(message.re ?? 0)?.(message);
      return;
    }
    // A PIN's wait was of one person, who may be another now.
    if (message.type === 'session' && message.session === 'pin' && this.#state !== 'code')
      this.#waits.delete('pin');
    this.#follow();
    // The list as it opens; what comes later is for the person to mark.
    if (message.type === 'jobs' && this.view.lists === 1 && this.view.welcome?.marked === 'all') {
      for (const job of message.jobs) {
        if (isReleasable(job) && !job.claimable && job.owner === undefined) this.marked.add(job['job-id']);
      }
    }
  }

  /** What was read beside this screen: it is what the screen asks for. */
  #refusedAtReader({ code, 'retry-after': wait }: Extract<Answer, { type: 'error' }>): void {
    const { state, signedIn } = this.view;
    const locks = code === 'throttled' && !signedIn;
    if (locks) this.throttle(state === 'pin' ? 'pin' : 'code', wait ?? 1);
    else this.note = { kind: 'error', code, wait };
  }

  close(_reason: ByeReason): void {
    for (const end of this.#waiting.values()) end(undefined);
  }

  /** Ends the connection, and with it the session. */
  end(): void {
    this.close('shutdown');
    this.#connection.closed();
  }

  /** For the forms of one page; good for one of them, once. */
  newToken(): string {
    const token = unguessable();
    this.#tokens.push(token);
    if (this.#tokens.length > TOKENS) this.#tokens.shift();
    return token;
  }

  /** False when it was never given out, is too old, or was used before. */
  spend(token: string): boolean {
    const at = this.#tokens.indexOf(token);
    if (at !== -1) this.#tokens.splice(at, 1);
    return at !== -1;
  }

  /** Seconds for which no credential of that kind is looked at. */
  throttled(kind: string): number {
    const until = this.#waits.get(kind) ?? 0;
    return Math.max(0, Math.ceil((until - this.#clock.monotonic()) / 1000));
  }

  throttle(kind: string, seconds: number): void {
    this.#waits.set(kind, this.#clock.monotonic() + seconds * 1000);
  }

  /** Nobody fills in the form that is shown: back to where a person begins. */
  goAway(): void {
    const { state } = this.view;
    if (this.view.signedIn || state === 'code') return;
    this.place = undefined;
    this.typed = '';
    this.seldom = false;
    this.chosen = undefined;
    if (state === 'pin' || state === 'bind') this.tell({ type: 'logout' });
  }

  #follow(): void {
    const { view } = this;
    const before = this.#state;
    const person = view.session.person?.['display-name'];
    const isOther = isSignedIn(before) && view.signedIn && person !== this.#person;
    this.#state = view.state;
    this.#person = person;
    if (before === view.state && !isOther) return;
    if (before === 'code' || view.state === 'code') {
      if (!view.signedIn) return;
    }
    this.place = undefined;
    this.typed = '';
    if (isOther || isSignedIn(before) !== view.signedIn) this.#anew();
  }

  /** Another person, or nobody, stands here: nothing of the last one stays. */
  #anew(): void {
    this.#tokens.length = 0;
    this.marked.clear();
    this.page = 0;
    // Who signs out still sees that; who signs in has an address that nobody saw.
    if (this.view.signedIn) {
      this.#formerId = this.id;
      this.id = unguessable();
    } else {
      this.seldom = false;
      this.chosen = undefined;
    }
    const { reason } = this.view.session;
    this.note = reason === undefined ? undefined : { kind: 'ended', reason };
  }
}

function unguessable(): string {
  return randomBytes(RANDOM).toString('base64url');
}
