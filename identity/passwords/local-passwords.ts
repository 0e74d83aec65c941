/** Passwords that are kept here: set, removed, and checked against their hashes. */
import type { Clock } from '../../base/clock.ts';
import { Failure, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { deriveKey, type Key, seal, unseal } from '../../base/secrets/sealing.ts';
import type { Secret } from '../../base/secrets/secret.ts';
import type { PeopleChanged } from '../people/changed.ts';
import type { Person, PersonId } from '../person.ts';
import { hashPassword, isPasswordOf, NO_PASSWORD, type PasswordHash } from './argon2.ts';
import { Lines } from './lines.ts';
import type { PasswordStore } from './tables.ts';

/** What passwords need to know of people. */
export interface PasswordPeople {
  person(id: PersonId): Person | undefined;
  byUserName(name: string): Person | undefined;
  onChange(listener: (change: PeopleChanged) => void): () => void;
}

export interface LocalPasswordsOptions {
  readonly store: PasswordStore;
  readonly gatewayKey: Key;
  readonly people: PasswordPeople;
  readonly clock: Clock;
  readonly log: Log;
}

/** One who can tell whether a password is right; the directory will be another. */
export interface PasswordVerifier {
  /**
   * True or false when it knows a password of that person, undefined when it does not. Takes as long for nobody as for
   * somebody.
   * @throws Failure `busy`
   */
  verify(person: Person | undefined, password: string): Promise<boolean | undefined>;
  /** Called when a person's password is another, or gone. */
  onChange(listener: (person: PersonId) => void): void;
}

export const SHORTEST_PASSWORD = 8;
/** Octets in UTF-8. */
export const LONGEST_PASSWORD = 256;

/**
 * One argon2 at a time: eight at once take all of libuv's threads, and reading 64 kB from disk then took 138 ms instead of
 * 0.06 (DEPENDENCIES.md). Documents wait for the same threads. 64 in line take 1.5 s.
 */
const ONE_LINE = 'argon2';
const MOST_WAITING = 64;
/** Passwords of a file written at once. */
const PART = 200;

/** A person without a password: an id that nobody has, so that nobody is looked for in the same way. */
const NOBODY = '';

export class LocalPasswords implements PasswordVerifier {
  readonly #options: LocalPasswordsOptions;
  readonly #key: Key;
  readonly #line = new Lines({ inLine: MOST_WAITING, inAll: MOST_WAITING });
  readonly #listeners = new Set<(person: PersonId) => void>();
  readonly #unwatch: () => void;

  private constructor(options: LocalPasswordsOptions) {
    this.#options = options;
    this.#key = deriveKey(options.gatewayKey, 'local passwords');
    this.#unwatch = options.people.onChange(({ removed }) => this.#forgetPeople(removed));
  }

  /** Erases passwords of people who are gone. */
  static async open(options: LocalPasswordsOptions): Promise<LocalPasswords> {
    const passwords = new LocalPasswords(options);
    const gone = (await options.store.people(undefined)).filter(
      (person) => options.people.person(person) === undefined,
    );
    if (gone.length > 0) await options.store.remove(gone);
    return passwords;
  }

  /** In place of the one before. Resolves when it is on disk. @throws Failure `bad-password`, `no-such-person`, `busy` */
  async set(person: PersonId, password: Secret<string>): Promise<void> {
    const { store, people, clock, log } = this.#options;
    const canonical = canonicalPassword(password.reveal());
    const hash = await this.#line.pass(ONE_LINE, () => hashPassword(canonical));
    if (people.person(person) === undefined) throw new Failure('no-such-person', 'that person is gone');
    await store.write({
      person,
      sealed: seal(this.#key, Buffer.from(hash), contextOf(person)),
      at: clock.now(),
    });
    this.#changed(person);
    log.info('password set', { person });
  }

  /** For {@link setHashed}: many of a file, one after the other, and between those who sign in. @throws Failure `bad-password`, `busy` */
  async hash(password: Secret<string>): Promise<PasswordHash> {
    const canonical = canonicalPassword(password.reveal());
    return this.#line.pass(ONE_LINE, () => hashPassword(canonical));
  }

  /** In place of those before. Whoever is not there is passed over. */
  async setHashed(
    hashes: readonly { readonly person: PersonId; readonly hash: PasswordHash }[],
  ): Promise<void> {
    const { store, people, clock, log } = this.#options;
    for (let from = 0; from < hashes.length; from += PART) {
      const known = hashes
        .slice(from, from + PART)
        .filter(({ person }) => people.person(person) !== undefined);
      const at = clock.now();
      await store.writeAll(
        known.map(({ person, hash }) => ({
          person,
          sealed: seal(this.#key, Buffer.from(hash), contextOf(person)),
          at,
        })),
      );
      for (const { person } of known) this.#changed(person);
    }
    log.info('passwords of a file set', { passwords: hashes.length });
  }

  /** False when there was none. */
  async remove(person: PersonId): Promise<boolean> {
    const removed = await this.#options.store.remove([person]);
    this.#changed(person);
    if (removed > 0) this.#options.log.info('password removed', { person });
    return removed > 0;
  }

  async verify(person: Person | undefined, password: string): Promise<boolean | undefined> {
    const sealed = await this.#options.store.read(person?.id ?? NOBODY);
    const known = person !== undefined && sealed !== undefined;
    const hash = known ? unseal(this.#key, sealed, contextOf(person.id)).toString() : NO_PASSWORD;
    const right = await this.#line.pass(ONE_LINE, () => isPasswordOf(hash, password.normalize('NFC')));
    return known ? right : undefined;
  }

  onChange(listener: (person: PersonId) => void): void {
    this.#listeners.add(listener);
  }

  close(): void {
    this.#unwatch();
  }

  #changed(person: PersonId): void {
    for (const listener of this.#listeners) listener(person);
  }

  #forgetPeople(people: readonly PersonId[]): void {
    if (people.length === 0) return;
    for (const person of people) this.#changed(person);
    this.#options.store.remove(people).catch((error: unknown) => {
      // Nobody signs in as somebody who is gone; at the next start they are erased.
      this.#options.log.error('passwords of people who are gone were not erased', {
        error: messageOf(error),
      });
    });
  }
}

/** The form in which a password is compared: NFC (RFC 8265 §4.2). @throws Failure `bad-password`; never quotes it */
export function canonicalPassword(text: string): string {
  const password = text.normalize('NFC');
  const bad = (problem: string) => new Failure('bad-password', `the password ${problem}`);
  if ([...password].length < SHORTEST_PASSWORD) throw bad(`has fewer than ${SHORTEST_PASSWORD} characters`);
  if (Buffer.byteLength(password) > LONGEST_PASSWORD) throw bad(`is longer than ${LONGEST_PASSWORD} octets`);
  if (/\p{Cc}/u.test(password)) throw bad('has characters that cannot be typed everywhere');
  return password;
}

const contextOf = (person: PersonId): string => `password of ${person}`;
