/** A few people, and real passwords and tokens of theirs, kept in memory. */
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Metrics } from '../../base/metrics.ts';
import { newKey } from '../../base/secrets/sealing.ts';
import { LocalPasswords } from '../../identity/passwords/local-passwords.ts';
import { PasswordCheck } from '../../identity/passwords/password-check.ts';
import type { PeopleChanged } from '../../identity/people/changed.ts';
import { type Person, type PersonId, userNameKey } from '../../identity/person.ts';
import { Tokens } from '../../identity/tokens/tokens.ts';
import { ADA, BOB } from '../spool/sample-job.ts';
import { memoryPasswordStore, memoryTokenStore } from './memory-credentials.ts';

/** Ada and Bob. */
export class FewPeople {
  readonly #people = new Map(
    [
      { id: ADA, userName: 'ada', displayName: 'Ada', email: 'ada@example.org' },
      { id: BOB, userName: 'bob', displayName: 'Bob', email: 'bob@example.org' },
    ].map((person): [PersonId, Person] => [person.id, person]),
  );
  readonly #listeners = new Set<(change: PeopleChanged) => void>();

  person(id: PersonId): Person | undefined {
    return this.#people.get(id);
  }

  byUserName(name: string): Person | undefined {
    return [...this.#people.values()].find((each) => userNameKey(each.userName) === userNameKey(name));
  }

  onChange(listener: (change: PeopleChanged) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  remove(id: PersonId): void {
    this.#people.delete(id);
    for (const listener of this.#listeners) listener({ updated: [], removed: [id], disabled: [] });
  }
}

export interface TestCredentials {
  readonly localPasswords: LocalPasswords;
  readonly passwords: PasswordCheck;
  readonly tokens: Tokens;
}

export async function openTestCredentials(parts: {
  readonly people: FewPeople;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}): Promise<TestCredentials> {
  const shared = { ...parts, gatewayKey: newKey() };
  const localPasswords = await LocalPasswords.open({ ...shared, store: memoryPasswordStore() });
  const passwords = new PasswordCheck({ ...shared, verifiers: [localPasswords] });
  const tokens = await Tokens.open({ ...shared, store: memoryTokenStore() });
  return { localPasswords, passwords, tokens };
}
