/** Whether a password is right, asked of the directory by a bind; never so often that the directory locks anybody out. */
import { randomUUID } from 'node:crypto';
import { EqualityFilter, PresenceFilter } from 'ldapts';
import type { Clock } from '../../base/clock.ts';
import { Failure, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { Minutes } from '../../base/units.ts';
import type { PasswordVerifier } from '../passwords/local-passwords.ts';
import type { PersonKey } from '../people/draft.ts';
import type { Person, PersonId } from '../person.ts';
import { DirectoryConnection } from './connection.ts';
import { bindRefusal } from './failures.ts';
import { type LockoutBound, LockoutBounds } from './lockout.ts';
import type { DirectoryOptions } from './options.ts';

export interface DirectoryPasswordsOptions {
  /** By the name of the source. */
  readonly directories: ReadonlyMap<string, () => Promise<DirectoryOptions>>;
  /** Undefined for somebody who is gone. */
  keyOf(person: PersonId): Promise<PersonKey | undefined>;
  readonly clock: Clock;
  readonly log: Log;
}

/** A person stands and waits: less patience than a sync has. */
const LONGEST_WAIT = 5000;
const MOST_COUNTED = 100_000;
/** Refusals that say nothing of the password are not remembered against it longer than this. */
const REFUSAL_STANDS = Minutes(5);
/** Such as locked out, expired, outside of hours: the password may have been right. */
const WRONG = new Set(['wrong-password', 'no-such-user', 'refused']);

const ANYTHING = new PresenceFilter({ attribute: 'objectClass' });

interface Tries {
  readonly wrong: number;
  /** Monotonic; of the last wrong one. */
  readonly last: number;
}

export class DirectoryPasswords implements PasswordVerifier {
  readonly #options: DirectoryPasswordsOptions;
  readonly #tries = new Map<PersonId, Tries>();
  readonly #bounds: LockoutBounds;
  readonly #listeners = new Set<(person: PersonId) => void>();

  constructor(options: DirectoryPasswordsOptions) {
    this.#options = options;
    this.#bounds = new LockoutBounds(options.clock, options.log);
  }

  onChange(listener: (person: PersonId) => void): void {
    this.#listeners.add(listener);
  }

  /**
   * Undefined when no directory has that person; then, too, one is asked, about somebody whom it does not know.
   * @throws Failure `busy` when it cannot be told now: the directory is down, or half of the tries that it allows are used
   */
  async verify(person: Person | undefined, password: string): Promise<boolean | undefined> {
    const { directories, keyOf, log } = this.#options;
    const [first] = directories.keys();
    if (first === undefined || password === '') return undefined;
    const key = person === undefined ? undefined : await keyOf(person.id);
    const known = key !== undefined && directories.has(key.source);
    const asked = known ? key : { source: first, id: randomUUID() };
    try {
      const right = await this.#ask(asked, known ? person : undefined, password);
      return known ? right : undefined;
    } catch (error) {
      // For somebody whom no directory has, a directory that is down is no reason to wait.
      if (!known) return undefined;
      if (!(error instanceof Failure && error.code === 'busy')) {
        log.warn('password cannot be checked now', { directory: asked.source, error: messageOf(error) });
      }
      throw new Failure('busy', 'passwords cannot be checked now', { cause: error });
    }
  }

  async #ask(key: PersonKey, person: Person | undefined, password: string): Promise<boolean> {
    const options = await this.#options.directories.get(key.source)?.();
    if (options === undefined) throw new Failure('busy', 'no such directory');
    const timeout = Math.min(options.timeout, LONGEST_WAIT);
    await using connection = await DirectoryConnection.open({ ...options, timeout });
    const bound = await this.#bounds.of(key.id, connection, options);
    const name = await nameToBind(connection, options, key.id);
    // Counted before it is tried: tries that come together must not be more than the bound.
    if (person !== undefined) this.#count(person.id, bound, key.source);
    try {
      await connection.bindAs(name, password);
    } catch (error) {
      const refusal = bindRefusal(error);
      if (refusal === undefined || !WRONG.has(refusal.reason)) this.#uncount(person?.id);
      if (refusal === undefined) throw error;
      if (person !== undefined) this.#tellRefused(person.id, key.source, refusal);
      return false;
    }
    if (person !== undefined) this.#tries.delete(person.id);
    return true;
  }

  /** The administrator reads which it was; the person only that it was refused. */
  #tellRefused(
    person: PersonId,
    directory: string,
    { reason, subCode }: { reason: string; subCode: string },
  ) {
    const { log, clock } = this.#options;
    log.warn('the directory refused a password', { person, directory, reason, subCode });
    if (WRONG.has(reason)) return;
    clock.after(REFUSAL_STANDS, () => {
      for (const listener of this.#listeners) listener(person);
    });
  }

  /** @throws Failure `busy` at the bound */
  #count(person: PersonId, { most, window }: LockoutBound, directory: string): void {
    const { clock, log } = this.#options;
    const now = clock.monotonic();
    const before = this.#tries.get(person);
    const wrong = before === undefined || now - before.last >= window ? 0 : before.wrong;
    if (wrong >= most) {
      log.warn('password not asked of the directory after wrong ones', { person, directory, bound: most });
      throw new Failure('busy', 'too many wrong passwords');
    }
    this.#tries.delete(person);
    this.#tries.set(person, { wrong: wrong + 1, last: now });
    const [oldest] = this.#tries.keys();
    if (this.#tries.size > MOST_COUNTED && oldest !== undefined) this.#tries.delete(oldest);
  }

  #uncount(person: PersonId | undefined): void {
    const tries = person === undefined ? undefined : this.#tries.get(person);
    if (person !== undefined && tries !== undefined) {
      this.#tries.set(person, { ...tries, wrong: Math.max(0, tries.wrong - 1) });
    }
  }
}

/**
 * Never what a person typed. Active Directory takes an id as a DN (MS-ADTS §3.1.1.3.1.2.4), whatever the person is called
 * and wherever the entry lies by now; elsewhere the DN is looked up.
 */
async function nameToBind(
  connection: DirectoryConnection,
  options: DirectoryOptions,
  id: string,
): Promise<string> {
  if (options.kind === 'active-directory') return `<GUID=${id}>`;
  const root = await connection.entry('', ['namingContexts'], ANYTHING);
  const base = options.bases[0] ?? root.text('namingContexts');
  const filter = new EqualityFilter({ attribute: 'entryUUID', value: id });
  for (const each of options.bases.length === 0 ? [base] : options.bases) {
    const [found] = await connection.all({ base: each, scope: 'sub', filter, attributes: ['entryUUID'] }, 1);
    if (found !== undefined) return found.dn;
  }
  return `cn=${id},${base}`;
}
