/** Whether a user name and a password are somebody's: throttled, one at a time, remembered for a while. */
import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { Failure } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Metrics } from '../../base/metrics.ts';
import { type KeyedHash, keyedHash } from '../../base/secrets/keyed-hash.ts';
import { newKey } from '../../base/secrets/sealing.ts';
import { SparingLog } from '../../base/sparing-log.ts';
import { type Milliseconds, Minutes, Seconds } from '../../base/units.ts';
import { type Person, type PersonId, userNameKey } from '../person.ts';
import { THROTTLE_DEFAULTS, type ThrottleLimits } from '../throttle.ts';
import { type GuessPlace, GuessThrottle } from './guess-throttle.ts';
import { Lines, type LinesLimits } from './lines.ts';
import { LONGEST_PASSWORD, type PasswordPeople, type PasswordVerifier } from './local-passwords.ts';

export interface PasswordCheckOptions {
  readonly people: PasswordPeople;
  /** Asked in this order, until one knows a password of the person. */
  readonly verifiers: readonly PasswordVerifier[];
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Whether the person's directory was not reached for so long that no password of theirs is taken. */
  readonly isStale?: (person: PersonId) => boolean;
  /** For wrong passwords of one person from one address; {@link THROTTLE_DEFAULTS} unless told. */
  readonly throttle?: ThrottleLimits;
}

export type PasswordResult =
  | { readonly right: true; readonly person: Person }
  /** `throttled`: not even looked at. `busy`: too many are being checked; the next try may be taken. */
  | { readonly right: false; readonly reason: 'wrong' | 'throttled' | 'busy'; readonly wait: Milliseconds };

/** How long a right password is not worked on again: a job of ten requests costs one argon2. */
const REMEMBERED = Minutes(5);
const MOST_REMEMBERED = 10_000;
/** Octets of a name that a client may try. */
const LONGEST_USER_NAME = 255;
/** Checks that wait, of one address and of all. */
const LINES: LinesLimits = { inLine: 32, inAll: 256 };

interface Remembered {
  readonly key: Buffer;
  readonly until: number;
}

function forgetOldest(map: Map<string, unknown>): void {
  if (map.size <= MOST_REMEMBERED) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

export class PasswordCheck {
  readonly #options: PasswordCheckOptions;
  readonly #throttle: GuessThrottle;
  readonly #sparing: SparingLog;
  readonly #lines = new Lines(LINES);
  /** Under a key that lives as long as this process. */
  readonly #hash: KeyedHash = keyedHash(newKey());
  readonly #remembered = new Map<PersonId, Remembered>();
  /** The last wrong password of each person at each address. */
  readonly #lastWrong = new Map<string, { readonly key: Buffer; readonly changes: number }>();
  readonly #checks;
  /** Of passwords and people, so far. */
  #changes = 0;

  constructor(options: PasswordCheckOptions) {
    this.#options = options;
    this.#throttle = new GuessThrottle(options.throttle ?? THROTTLE_DEFAULTS);
    this.#sparing = new SparingLog(options.log, options.clock);
    this.#checks = options.metrics.counter('password_checks_total', 'Passwords that print clients sent', [
      'outcome',
    ]);
    const forget = (person: PersonId) => {
      this.#remembered.delete(person);
      this.#changes++;
    };
    for (const verifier of options.verifiers) verifier.onChange(forget);
    options.people.onChange(({ removed, updated }) => [...removed, ...updated].forEach(forget));
  }

  /**
   * Wrong passwords are counted as {@link GuessThrottle} says; past a budget a right one is refused unread too. The same
   * wrong one again is no further guess: CUPS tries each three times, and phones try an old one for ever. Whether the
   * person is there can be told neither by the answer nor by its time.
   * @param address of the client
   */
  async verifyPassword(userName: string, password: string, address: string): Promise<PasswordResult> {
    const name = userNameKey(userName.slice(0, LONGEST_USER_NAME));
    const place = this.#throttle.place(name, address, this.#options.clock.monotonic());
    try {
      // One of an address at a time: a hundred tries that come together are not a hundred guesses.
      return await this.#lines.pass(place.line, () => this.#checkInTurn(userName, password, place, address));
    } catch (error) {
      if (error instanceof Failure && error.code === 'busy') return this.#refused('busy', Seconds(1));
      throw error;
    }
  }

  async #checkInTurn(
    userName: string,
    password: string,
    place: GuessPlace,
    address: string,
  ): Promise<PasswordResult> {
    const { clock, people } = this.#options;
    const wait = this.#throttle.waitOf(place, clock.monotonic());
    if (wait > 0) return this.#refused('throttled', wait);
    const readable =
      Buffer.byteLength(userName) <= LONGEST_USER_NAME && Buffer.byteLength(password) <= LONGEST_PASSWORD;
    const found = readable ? people.byUserName(userName) : undefined;
    const stale = found !== undefined && this.#options.isStale?.(found.id) === true;
    if (stale)
      this.#sparing.warn('password of somebody whose directory was not reached for too long', {
        person: found.id,
      });
    const person = stale ? undefined : found;
    if (person !== undefined && this.#isRemembered(person.id, password)) {
      this.#throttle.afterRight(place, clock.monotonic());
      this.#checks.inc({ outcome: 'remembered' });
      return { right: true, person };
    }
    if (readable && this.#wasWrongJustNow(place.key, password)) return this.#refused('wrong', wait);
    const changes = this.#changes;
    const right = await this.#ask(person, readable ? password : '');
    // Whoever went, or is called otherwise, by now is not who was asked for.
    if (right && person !== undefined && people.byUserName(userName)?.id === person.id) {
      // When something was changed meanwhile, it is asked again the next time.
      if (changes === this.#changes) this.#remember(person.id, password);
      this.#throttle.afterRight(place, clock.monotonic());
      this.#checks.inc({ outcome: 'right' });
      return { right: true, person };
    }
    if (readable) this.#noteWrong(place.key, password);
    const next = this.#throttle.afterWrong(place, clock.monotonic());
    this.#sparing.warn('wrong password', { client: address, retryAfterMs: Math.ceil(next) });
    return this.#refused('wrong', next);
  }

  async #ask(person: Person | undefined, password: string): Promise<boolean> {
    for (const verifier of this.#options.verifiers) {
      const right = await verifier.verify(person, password);
      if (right !== undefined) return right;
    }
    return false;
  }

  #wasWrongJustNow(place: string, password: string): boolean {
    const wrong = this.#lastWrong.get(place);
    // Since anything was changed it may have become right.
    return wrong?.changes === this.#changes && timingSafeEqual(wrong.key, this.#keyOf(password));
  }

  #noteWrong(place: string, password: string): void {
    this.#lastWrong.delete(place);
    this.#lastWrong.set(place, { key: this.#keyOf(password), changes: this.#changes });
    forgetOldest(this.#lastWrong);
  }

  #refused(reason: 'wrong' | 'throttled' | 'busy', wait: Milliseconds): PasswordResult {
    this.#checks.inc({ outcome: reason });
    return { right: false, reason, wait };
  }

  #isRemembered(person: PersonId, password: string): boolean {
    const remembered = this.#remembered.get(person);
    if (remembered === undefined) return false;
    if (remembered.until <= this.#options.clock.monotonic()) {
      this.#remembered.delete(person);
      return false;
    }
    return timingSafeEqual(remembered.key, this.#keyOf(password));
  }

  #remember(person: PersonId, password: string): void {
    this.#remembered.delete(person);
    this.#remembered.set(person, {
      key: this.#keyOf(password),
      until: this.#options.clock.monotonic() + REMEMBERED,
    });
    forgetOldest(this.#remembered);
  }

  #keyOf(password: string): Buffer {
    return this.#hash(password.normalize('NFC'));
  }
}
