/** All tokens in memory: made, found by their secret at every request, revoked at once. */
import type { Clock, Timer } from '../../base/clock.ts';
import { Failure, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Metrics } from '../../base/metrics.ts';
import { addressFits, addressKey } from '../../base/networks.ts';
import { type KeyedHash, keyedHash } from '../../base/secrets/keyed-hash.ts';
import { freeId } from '../../base/secrets/random-letters.ts';
import { deriveKey, type Key } from '../../base/secrets/sealing.ts';
import { Secret } from '../../base/secrets/secret.ts';
import { SparingLog } from '../../base/sparing-log.ts';
import { Hours, type Milliseconds } from '../../base/units.ts';
import type { PeopleChanged } from '../people/changed.ts';
import type { Person, PersonId } from '../person.ts';
import { THROTTLE_DEFAULTS, Throttle, type ThrottleLimits } from '../throttle.ts';
import type { StoredToken, TokenStore } from './tables.ts';
import { hasTokenForm, newSecret, type Token } from './token.ts';

/** What tokens need to know of people. */
export interface TokenPeople {
  person(id: PersonId): Person | undefined;
  onChange(listener: (change: PeopleChanged) => void): () => void;
}

export interface TokensOptions {
  readonly store: TokenStore;
  readonly gatewayKey: Key;
  readonly people: TokenPeople;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** For unknown tokens from one address; {@link THROTTLE_DEFAULTS} unless told. */
  readonly throttle?: ThrottleLimits;
}

/** A token that is to be made. */
export type NewToken = Token extends infer Kind
  ? Kind extends Token
    ? Omit<Kind, 'id' | 'createdAt' | 'expiresAt'>
    : never
  : never;

export interface ListedToken {
  readonly token: Token;
  /** Within the hour; undefined when it never was. */
  readonly lastUsedAt?: number;
}

/** Where a token was shown. */
export interface TokenPlace {
  readonly queue: string;
  readonly address: string;
  /** False when it came without TLS to a queue that does not allow that. */
  readonly confidential: boolean;
}

export type FoundToken =
  | { readonly found: true; readonly token: Token }
  /** All the same from outside. `wait` is 0 until too many came from the address. */
  | { readonly found: false; readonly wait: Milliseconds };

/** A gateway with more has lost count of who may print. */
const MOST_TOKENS = 100_000;
const PURPOSE = 'tokens';
/** Clients go on asking at an address that was revoked, and there may be several at one. */
const BUDGETS_PER_ADDRESS = 10;
/** A use is written down at most so often. */
const USE_STEP = Hours(1);

interface Entry {
  readonly token: Token;
  readonly key: string;
  lastUsedAt: number | undefined;
  unwritten: boolean;
}

export class Tokens {
  readonly #options: TokensOptions;
  readonly #hash: KeyedHash;
  readonly #byKey = new Map<string, Entry>();
  readonly #byId = new Map<string, Entry>();
  readonly #throttle: Throttle;
  readonly #tries;
  readonly #sparing: SparingLog;
  readonly #unwatch: () => void;
  #timer: Timer | undefined;

  private constructor(options: TokensOptions) {
    this.#options = options;
    this.#hash = keyedHash(deriveKey(options.gatewayKey, PURPOSE));
    const limits = options.throttle ?? THROTTLE_DEFAULTS;
    this.#throttle = new Throttle({ ...limits, budget: limits.budget * BUDGETS_PER_ADDRESS });
    this.#sparing = new SparingLog(options.log, options.clock);
    this.#tries = options.metrics.counter('token_tries_total', 'Requests that came by a token', ['outcome']);
    options.metrics.gauge('tokens', 'Tokens that are not revoked', () => this.#byId.size);
    this.#unwatch = options.people.onChange(({ removed, disabled }) =>
      this.#revokeOf([...removed, ...disabled]),
    );
  }

  /** Reads every token into memory; those of people who are gone are revoked. */
  static async open(options: TokensOptions): Promise<Tokens> {
    const tokens = new Tokens(options);
    const gone = new Set<PersonId>();
    for (const stored of await options.store.all(undefined)) {
      tokens.#put(stored);
      const { token } = stored;
      if (token.kind === 'personal' && options.people.person(token.person) === undefined)
        gone.add(token.person);
    }
    await tokens.revokeOf([...gone]);
    return tokens;
  }

  /**
   * Makes a token. It works when the promise resolves; the secret is told now and never again.
   * @param life how long it works; until it is revoked unless told
   * @throws Failure `too-many-tokens`
   */
  async create(
    wanted: NewToken,
    life?: Milliseconds,
  ): Promise<{ readonly token: Token; readonly secret: Secret<string> }> {
    if (this.#byId.size >= MOST_TOKENS) {
      throw new Failure('too-many-tokens', `there are ${MOST_TOKENS} tokens already`, {
        advice: 'Revoke some that are not used any more',
      });
    }
    const now = this.#options.clock.now();
    const expiry = life === undefined ? {} : { expiresAt: now + life };
    const token: Token = { ...wanted, ...expiry, id: freeId((id) => this.#byId.has(id)), createdAt: now };
    const secret = newSecret();
    const stored: StoredToken = { key: this.#hash(secret), token };
    await this.#options.store.add(stored);
    this.#put(stored);
    this.#options.log.info('token made', {
      token: token.id,
      kind: token.kind,
      person: token.kind === 'personal' ? token.person : undefined,
    });
    return { token, secret: new Secret(secret) };
  }

  /** Oldest first. */
  list(): ListedToken[] {
    return [...this.#byId.values()].map(({ token, lastUsedAt }) => ({
      token,
      ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    }));
  }

  /** True until it is revoked or its time is over. */
  isLive(id: string): boolean {
    const token = this.#byId.get(id)?.token;
    return token !== undefined && !this.#isOver(token);
  }

  /** The live token with that secret, for who administers the gateway: it is no use of it, and no wrong one counts. */
  lookUp(secret: string): Token | undefined {
    const token = hasTokenForm(secret)
      ? this.#byKey.get(this.#hash(secret).toString('hex'))?.token
      : undefined;
    return token === undefined || this.#isOver(token) ? undefined : token;
  }

  /** It works no more from now on, not even for a document under way. Resolves when that is on disk. */
  async revoke(ids: readonly string[]): Promise<Token[]> {
    const entries = ids.map((id) => this.#byId.get(id)).filter((entry) => entry !== undefined);
    if (entries.length === 0) return [];
    for (const { key, token } of entries) {
      this.#byKey.delete(key);
      this.#byId.delete(token.id);
      this.#options.log.info('token revoked', { token: token.id, kind: token.kind });
    }
    await this.#options.store.remove(entries.map(({ token }) => token.id));
    return entries.map(({ token }) => token);
  }

  /** For people who leave. */
  async revokeOf(people: readonly PersonId[]): Promise<void> {
    const gone = new Set(people);
    const theirs = [...this.#byId.values()].filter(
      ({ token }) => token.kind === 'personal' && gone.has(token.person),
    );
    await this.revoke(theirs.map(({ token }) => token.id));
  }

  /**
   * The token with that secret, if it works here. Too many wrong ones from one address make that address wait, but for
   * right ones: a secret of 160 bits need not be guarded from guessing, only the gateway from the noise.
   */
  find(secret: string, place: TokenPlace): FoundToken {
    const entry = hasTokenForm(secret) ? this.#byKey.get(this.#hash(secret).toString('hex')) : undefined;
    const objection = entry === undefined ? 'unknown' : this.#objection(entry.token, place);
    if (entry !== undefined && objection === undefined) {
      this.#tries.inc({ outcome: 'ok' });
      this.#noteUse(entry);
      return { found: true, token: entry.token };
    }
    this.#tries.inc({ outcome: objection ?? 'unknown' });
    this.#logRefused(objection ?? 'unknown', entry?.token, place);
    const now = this.#options.clock.monotonic();
    const from = addressKey(place.address);
    const wait = this.#throttle.waitOf(from, now);
    if (wait === 0) this.#throttle.afterWrong(from, now);
    return { found: false, wait };
  }

  /** Writes down what was used last. */
  async close(): Promise<void> {
    this.#unwatch();
    this.#timer?.cancel();
    await this.#writeUses();
  }

  #objection(token: Token, { queue, address, confidential }: TokenPlace): string | undefined {
    if (!confidential) return 'without-tls';
    if (this.#isOver(token)) return 'expired';
    if (token.networks.length > 0 && !addressFits(address, token.networks)) return 'address';
    if (token.queues.length > 0 && !token.queues.includes(queue)) return 'queue';
    return undefined;
  }

  /** Each token by itself, so that noise does not hide that another was exposed. */
  #logRefused(reason: string, token: Token | undefined, { address, queue }: TokenPlace): void {
    const fields = { reason, token: token?.id, client: address, queue: token && queue };
    this.#sparing.warn('token refused', fields, `${reason} ${token?.id}`);
  }

  #isOver({ expiresAt }: Token): boolean {
    return expiresAt !== undefined && expiresAt <= this.#options.clock.now();
  }

  #put({ key, token, lastUsedAt }: StoredToken): void {
    const entry: Entry = { token, key: Buffer.from(key).toString('hex'), lastUsedAt, unwritten: false };
    this.#byKey.set(entry.key, entry);
    this.#byId.set(token.id, entry);
  }

  #revokeOf(people: readonly PersonId[]): void {
    if (people.length === 0) return;
    this.revokeOf(people).catch((error: unknown) => {
      // They work no more; at the next start they are found to belong to nobody.
      this.#options.log.error('tokens of people who are gone were not erased', { error: messageOf(error) });
    });
  }

  #noteUse(entry: Entry): void {
    const now = this.#options.clock.now();
    if (entry.lastUsedAt !== undefined && now - entry.lastUsedAt < USE_STEP) return;
    entry.lastUsedAt = now;
    entry.unwritten = true;
    this.#timer ??= this.#options.clock.after(USE_STEP, () => {
      this.#writeUses().catch((error: unknown) => {
        this.#options.log.error('uses of tokens were not written down', { error: messageOf(error) });
      });
    });
  }

  async #writeUses(): Promise<void> {
    this.#timer = undefined;
    const entries = [...this.#byId.values()].filter((entry) => entry.unwritten);
    if (entries.length === 0) return;
    for (const entry of entries) entry.unwritten = false;
    await this.#options.store.used(
      entries.map(({ token, lastUsedAt }) => ({ id: token.id, at: lastUsedAt ?? 0 })),
    );
  }
}
