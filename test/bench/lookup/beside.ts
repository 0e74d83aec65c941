/** The same question asked in other ways: an indexed SQLite query, and a search in OpenLDAP over a warm connection. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client, EqualityFilter } from 'ldapts';
import type { KeyedHash } from '../../../base/secrets/keyed-hash.ts';
import { canonicalCard } from '../../../identity/cards/card-number.ts';
import { CredentialKey } from '../../../identity/credential.ts';
import { ldif } from '../../identity/directory/numbered-people.ts';
import { ROOT_DN, ROOT_PASSWORD, SUFFIX, startSlapd } from '../../peers/slapd.ts';

const WARM_UP = 20_000;
const QUERIES = 100_000;
const SEARCHES = 3000;

/**
 * Milliseconds of each query, ascending: HMAC, index of the credentials, row of the person; one statement, prepared once, in
 * this thread, of the tables that the store keeps.
 */
export function askSqlite(folder: string, hash: KeyedHash, cards: () => string): Float64Array {
  using database = new DatabaseSync(join(folder, 'holdfast.db'), { readOnly: true });
  const statement = database.prepare(
    `SELECT id, user_name, display_name, email, enabled, person.expires_at FROM credential
     JOIN person ON person.number = credential.owner WHERE key = ?`,
  );
  const times = new Float64Array(QUERIES);
  for (let turn = 0; turn < WARM_UP + QUERIES; turn++) {
    const card = cards();
    const start = performance.now();
    const row = statement.get(CredentialKey(hash, 'card', canonicalCard(card) ?? ''));
    const time = performance.now() - start;
    if (row === undefined) throw new Error('a card was not found');
    if (turn >= WARM_UP) times[turn - WARM_UP] = time;
  }
  return times.sort();
}

/** Milliseconds of each search by an indexed attribute, ascending. @param people how many the server holds */
export async function askOpenLdap(people: number): Promise<Float64Array> {
  await using slapd = await startSlapd(ldif(people), { indexed: 'employeeNumber' });
  await using client = new Client({
    url: `ldaps://localhost:${slapd.port}`,
    timeout: 60_000,
    tlsOptions: { ca: slapd.ca },
  });
  await client.bind(ROOT_DN, ROOT_PASSWORD);
  const times = new Float64Array(SEARCHES);
  for (let turn = -SEARCHES / 10; turn < SEARCHES; turn++) {
    const value = String(1_000_000 + Math.floor(Math.random() * people));
    const start = performance.now();
    const { searchEntries } = await client.search(SUFFIX, {
      filter: new EqualityFilter({ attribute: 'employeeNumber', value }),
      attributes: ['uid', 'displayName', 'mail'],
    });
    const time = performance.now() - start;
    if (searchEntries.length !== 1) throw new Error(`${searchEntries.length} people have that number`);
    if (turn >= 0) times[turn] = time;
  }
  return times.sort();
}
