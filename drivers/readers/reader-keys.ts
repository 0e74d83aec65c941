/** How a network reader shows that it is one: by its key, by its address, or both; wrong keys run into a limit. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Clock } from '../../base/clock.ts';
import { Failure, systemCode } from '../../base/errors.ts';
import { addressFits, addressKey } from '../../base/networks.ts';
import { Minutes } from '../../base/units.ts';

/** Characters; 16 random letters and digits have 95 bits. */
const SHORTEST_KEY = 16;
const LONGEST_KEY = 128;

/** A key, of which only a hash is kept. */
export class ReaderKey {
  readonly #hash: Buffer;

  /** @throws Failure `failed` for a key that is too short, too long, or has characters that cannot be sent */
  constructor(text: string) {
    if (!new RegExp(`^[\\x21-\\x7e]{${SHORTEST_KEY},${LONGEST_KEY}}$`).test(text)) {
      throw new Failure(
        'failed',
        `the key of a reader has ${SHORTEST_KEY} to ${LONGEST_KEY} printable characters and no spaces`,
      );
    }
    this.#hash = digest(text);
  }

  /** The first line of a file. @throws Failure `failed` */
  static async read(file: string): Promise<ReaderKey> {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      throw new Failure('failed', `the key file cannot be read: ${systemCode(error) ?? 'unknown'}`);
    }
    return new ReaderKey(text.split('\n', 1)[0]?.trim() ?? '');
  }

  fits(text: string): boolean {
    return timingSafeEqual(digest(text), this.#hash);
  }

  equals(other: ReaderKey | undefined): boolean {
    return other !== undefined && this.#hash.equals(other.#hash);
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export interface ReaderProof {
  /** Undefined: the address is all that there is. */
  readonly key: ReaderKey | undefined;
  /** Whence it may come; empty: anywhere, with its key. */
  readonly addresses: readonly string[];
}

export const mayComeFrom = ({ addresses }: ReaderProof, address: string): boolean =>
  addresses.length === 0 || addressFits(address, addresses);

const WRONG_KEYS = 10;
const PERIOD = Minutes(1);
/** Addresses that are counted; past it the oldest is forgotten. */
const MOST_ADDRESSES = 1000;

/** Counts wrong keys by address. */
export class WrongKeys {
  readonly #clock: Clock;
  readonly #counts = new Map<string, { count: number; since: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True while nothing from there is looked at. */
  tooMany(address: string): boolean {
    const entry = this.#counts.get(addressKey(address));
    if (entry === undefined || this.#clock.monotonic() - entry.since >= PERIOD) return false;
    return entry.count >= WRONG_KEYS;
  }

  add(address: string): void {
    const key = addressKey(address);
    const now = this.#clock.monotonic();
    const before = this.#counts.get(key);
    this.#counts.delete(key);
    const fresh = before === undefined || now - before.since >= PERIOD;
    this.#counts.set(key, fresh ? { count: 1, since: now } : { ...before, count: before.count + 1 });
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MOST_ADDRESSES && oldest !== undefined) this.#counts.delete(oldest);
  }
}
