/** Panels that asked to be enrolled and wait for an administrator: in memory only, few, and not for long. */
import { randomBytes, randomInt } from 'node:crypto';
import type { Clock, Timer } from '../../base/clock.ts';
import { addressKey } from '../../base/networks.ts';
import type { Secret } from '../../base/secrets/secret.ts';
import { printable } from '../../base/text.ts';
import { type Milliseconds, Milliseconds as ms } from '../../base/units.ts';
import { THROTTLE_DEFAULTS, Throttle } from '../../identity/throttle.ts';
import { ENROLMENT_TIME, WAITING_PANELS, WAITING_PER_ADDRESS } from './bounds.ts';
import { hashOf } from './device.ts';

/** What the administrator is told of a panel that asks. */
export interface Asking {
  /** Six digits, shown on its screen. It lets nobody in: the key goes to whoever holds the panel's own secret. */
  readonly number: string;
  readonly address: string;
  /** What it says that it is, made printable. */
  readonly client: string;
  /** Milliseconds since 1970. */
  readonly askedAt: number;
  readonly expiresAt: number;
}

export interface Approved {
  readonly panel: string;
  readonly device: string;
  readonly key: Secret<string>;
}

export type Asked =
  | { readonly ok: true; readonly secret: string; readonly asking: Asking }
  /** Too many from there, or in all. */
  | { readonly ok: false; readonly wait: Milliseconds };

export type Waiting =
  | { readonly state: 'waiting'; readonly asking: Asking }
  | { readonly state: 'approved'; readonly approved: Approved }
  | { readonly state: 'gone' };

interface Entry {
  readonly asking: Asking;
  readonly timer: Timer;
  approved?: Approved;
}

const SECRET_OCTETS = 32;
const CLIENT_LENGTH = 120;

export interface WaitingOptions {
  readonly clock: Clock;
  /** It was approved and never came for its key. */
  onUnclaimed(approved: Approved): void;
}

export class WaitingPanels {
  readonly #options: WaitingOptions;
  /** By hash of the waiting panel's secret. */
  readonly #entries = new Map<string, Entry>();
  /** Each ask counts: who asks again and again waits longer and longer. */
  readonly #throttle = new Throttle(THROTTLE_DEFAULTS);

  constructor(options: WaitingOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  ask(address: string, client: string): Asked {
    const { clock } = this.#options;
    const from = addressKey(address);
    const wait = this.#throttle.waitOf(from, clock.monotonic());
    if (wait > 0) return { ok: false, wait };
    const here = this.list().filter((each) => addressKey(each.address) === from).length;
    if (here >= WAITING_PER_ADDRESS || this.size >= WAITING_PANELS) {
      const first = Math.min(...this.list().map(({ expiresAt }) => expiresAt));
      return { ok: false, wait: ms(Math.max(1000, first - clock.now())) };
    }
    this.#throttle.afterWrong(from, clock.monotonic());
    const secret = randomBytes(SECRET_OCTETS).toString('base64url');
    const hash = keyOf(secret);
    const asking: Asking = {
      number: this.#freeNumber(),
      address,
      client: printable(client, CLIENT_LENGTH),
      askedAt: clock.now(),
      expiresAt: clock.now() + ENROLMENT_TIME,
    };
    const timer = clock.after(ENROLMENT_TIME, () => this.#expire(hash));
    this.#entries.set(hash, { asking, timer });
    return { ok: true, secret, asking };
  }

  /** How it stands with the panel that holds this secret. The key of an approved one is told once: then it is gone. */
  look(secret: string): Waiting {
    const hash = keyOf(secret);
    const entry = this.#entries.get(hash);
    if (entry === undefined) return { state: 'gone' };
    if (entry.approved === undefined) return { state: 'waiting', asking: entry.asking };
    entry.timer.cancel();
    this.#entries.delete(hash);
    return { state: 'approved', approved: entry.approved };
  }

  /** Oldest first; those that are approved already wait for nothing. */
  list(): Asking[] {
    return [...this.#entries.values()]
      .filter(({ approved }) => approved === undefined)
      .map(({ asking }) => asking);
  }

  find(number: string): Asking | undefined {
    return this.list().find((each) => each.number === number);
  }

  /** False when it has stopped waiting meanwhile. */
  approve(number: string, approved: Approved): boolean {
    const entry = [...this.#entries.values()].find(
      (each) => each.asking.number === number && each.approved === undefined,
    );
    if (entry === undefined) return false;
    entry.approved = approved;
    return true;
  }

  close(): void {
    for (const { timer } of this.#entries.values()) timer.cancel();
    this.#entries.clear();
  }

  #expire(hash: string): void {
    const entry = this.#entries.get(hash);
    this.#entries.delete(hash);
    if (entry?.approved !== undefined) this.#options.onUnclaimed(entry.approved);
  }

  #freeNumber(): string {
    for (;;) {
      const number = String(randomInt(1_000_000)).padStart(6, '0');
      if (![...this.#entries.values()].some(({ asking }) => asking.number === number)) return number;
    }
  }
}

/** By hash, so that looking one up takes no longer for a secret that is nearly right. */
const keyOf = (secret: string): string => hashOf(secret).toString('hex');
