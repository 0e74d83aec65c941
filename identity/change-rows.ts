/** A change of people as the store worker keeps it: put aside in parts, then all of it in one transaction. */
import type { Connection } from '../base/database/tables.ts';
import { Failure } from '../base/errors.ts';
import { CODE_STAGE, commitMails, type NewCodeMail, putAwaiting, stageMails } from './codes/mails/rows.ts';
import { CREDENTIAL_KEY_LENGTH, type CredentialKind, type CredentialRank } from './credential.ts';
import { userNameKey } from './person.ts';
import { STAGED_COLUMNS, stagedDetails, stagedValues } from './profile-rows.ts';
import { FORGOTTEN_AFTER, type StoredPerson } from './store.ts';

/** Credentials in columns, which pass between threads at a fraction of what objects cost. */
export interface CredentialColumns {
  readonly keys: Uint8Array;
  readonly owners: Uint32Array;
  readonly kinds: readonly CredentialKind[];
  readonly ranks: readonly CredentialRank[];
  readonly origins: readonly string[];
  /** Milliseconds since 1970; 0: never. */
  readonly expiries: Float64Array;
}

/** Keys one behind the other, 16 octets each, with whose they are. */
export interface OwnedKeys {
  readonly keys: Uint8Array;
  readonly owners: Uint32Array;
}

/** A part of a change, put aside until the last part is there. Keys stand one behind the other, 16 octets each. */
export interface ChangePart {
  readonly people: readonly StoredPerson[];
  readonly removed: readonly number[];
  readonly revoked: Uint8Array;
  readonly issued: CredentialColumns;
  readonly barred: OwnedKeys;
  readonly unclaimed: OwnedKeys;
  readonly claimed: CredentialColumns;
  readonly mails: readonly NewCodeMail[];
}

/** Parts of a change wait in memory; a crash forgets them, which is right: nobody was told that they are kept. */
const STAGE = [
  'CREATE TEMP TABLE IF NOT EXISTS staged_removal (number INTEGER PRIMARY KEY)',
  'CREATE TEMP TABLE IF NOT EXISTS staged_revocation (key BLOB PRIMARY KEY) WITHOUT ROWID',
  `CREATE TEMP TABLE IF NOT EXISTS staged_person (
     ${STAGED_COLUMNS.join(', ').replace('number', 'number INTEGER PRIMARY KEY')})`,
  'CREATE TEMP TABLE IF NOT EXISTS staged_group (person INTEGER, name TEXT, name_key TEXT)',
  `CREATE TEMP TABLE IF NOT EXISTS staged_credential (
     key BLOB PRIMARY KEY, owner INTEGER, kind TEXT, rank TEXT, origin TEXT, expires_at INTEGER) WITHOUT ROWID`,
  'CREATE TEMP TABLE IF NOT EXISTS staged_bar (owner INTEGER, key BLOB, PRIMARY KEY (owner, key)) WITHOUT ROWID',
  'CREATE TEMP TABLE IF NOT EXISTS staged_claim_end (owner INTEGER, key BLOB, PRIMARY KEY (owner, key)) WITHOUT ROWID',
  `CREATE TEMP TABLE IF NOT EXISTS staged_claim (
     number INTEGER PRIMARY KEY, key BLOB, owner INTEGER, kind TEXT, rank TEXT, origin TEXT)`,
  CODE_STAGE,
];
const COUNTED = [
  'staged_removal',
  'staged_revocation',
  'staged_person',
  'staged_credential',
  'staged_bar',
  'staged_claim_end',
  'staged_claim',
  'staged_code_mail',
];
const STAGED = [...COUNTED, 'staged_group'];

export const changeOperations = {
  /** Behind a change in which people went: groups that nobody is in any more go too, and the log is emptied. */
  eraseTraces(connection: Connection, _: undefined): void {
    connection
      .prepare('DELETE FROM person_group WHERE number NOT IN (SELECT person_group FROM group_member)')
      .run();
  },

  /** Forgets parts that were put aside and never kept. */
  beginChange(connection: Connection, _: undefined): void {
    for (const sql of STAGE) connection.prepare(sql).run();
    for (const table of STAGED) connection.prepare(`DELETE FROM ${table}`).run();
  },

  stageChange(connection: Connection, part: ChangePart): void {
    const places = STAGED_COLUMNS.map(() => '?').join(', ');
    const person = connection.prepare(`INSERT INTO staged_person VALUES (${places})`);
    const group = connection.prepare('INSERT INTO staged_group VALUES (?, ?, ?)');
    for (const each of part.people) {
      const details = stagedDetails(connection, each);
      person.run(...stagedValues(each, details));
      for (const name of details.groups) group.run(each.number, name, userNameKey(name));
    }
    const removal = connection.prepare('INSERT INTO staged_removal VALUES (?)');
    for (const number of part.removed) removal.run(number);
    const revocation = connection.prepare('INSERT INTO staged_revocation VALUES (?)');
    for (const key of separated(part.revoked)) revocation.run(key);
    const credential = connection.prepare('INSERT INTO staged_credential VALUES (?, ?, ?, ?, ?, ?)');
    const { keys, owners, kinds, ranks, origins, expiries } = part.issued;
    for (const [at, key] of separated(keys).entries()) {
      const expiry = expiries[at] || null;
      credential.run(
        key,
        owners[at] ?? null,
        kinds[at] ?? null,
        ranks[at] ?? null,
        origins[at] ?? null,
        expiry,
      );
    }
    stageOwned(connection, 'staged_bar', part.barred);
    stageOwned(connection, 'staged_claim_end', part.unclaimed);
    stageClaims(connection, part.claimed);
    stageMails(connection, part.mails);
  },

  /** @param change `rows`: how many were put aside, so that a lost part is noticed. */
  commitChange(
    connection: Connection,
    change: { at: number; rows: number; plan: number; awaits: boolean },
  ): void {
    const { at } = change;
    const staged = COUNTED.reduce(
      (sum, table) => sum + Number(connection.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']),
      0,
    );
    if (staged !== change.rows)
      throw new Error(`${staged} rows of a change were put aside, not ${change.rows}`);
    removeStaged(connection, at);
    connection.prepare('DELETE FROM credential WHERE key IN (SELECT key FROM staged_revocation)').run();
    putAwaiting(connection);
    putStaged(connection, at);
    groupStaged(connection);
    issueStaged(connection, at);
    connection
      .prepare('INSERT OR IGNORE INTO barred_credential SELECT owner, key, ? FROM staged_bar WHERE true')
      .run(at);
    claimStaged(connection, at);
    if (!commitMails(connection, change))
      throw new Failure('no-such-plan', 'that plan does not wait any more');
    connection.prepare('UPDATE people_generation SET value = 2 + (random() & 0xfffffffffffff)').run();
    for (const table of STAGED) connection.prepare(`DELETE FROM ${table}`).run();
  },
};

function stageOwned(
  connection: Connection,
  table: 'staged_bar' | 'staged_claim_end',
  { keys, owners }: OwnedKeys,
): void {
  const insert = connection.prepare(`INSERT INTO ${table} VALUES (?, ?)`);
  for (const [at, key] of separated(keys).entries()) insert.run(owners[at] ?? null, key);
}

function stageClaims(
  connection: Connection,
  { keys, owners, kinds, ranks, origins }: CredentialColumns,
): void {
  const insert = connection.prepare(
    'INSERT INTO staged_claim (key, owner, kind, rank, origin) VALUES (?, ?, ?, ?, ?)',
  );
  for (const [at, key] of separated(keys).entries()) {
    insert.run(key, owners[at] ?? null, kinds[at] ?? null, ranks[at] ?? null, origins[at] ?? null);
  }
}

/** Of who goes stay id, times and, for a day, which person of the source it was. */
function removeStaged(connection: Connection, at: number): void {
  const gone = 'IN (SELECT number FROM staged_removal)';
  connection.prepare(`DELETE FROM credential WHERE owner ${gone}`).run();
  connection.prepare(`DELETE FROM claimed_credential WHERE owner ${gone}`).run();
  connection.prepare(`DELETE FROM group_member WHERE person ${gone}`).run();
  connection
    .prepare(
      `UPDATE person SET user_name = '', user_name_key = '', display_name = '', email = '', domain = '',
       given_name = '', family_name = '', department = '', office = '', cost_center = '', language = '',
       expires_at = NULL, attributes = '{}', last_activity = 0, disabled_at = NULL, changed_at = ?1, deleted_at = ?1
       WHERE number ${gone}`,
    )
    .run(at);
  // Whoever comes back within the day does not get back what was revoked.
  connection
    .prepare(
      `DELETE FROM barred_credential WHERE owner IN
         (SELECT number FROM person WHERE deleted_at < ? AND source_id IS NOT NULL)`,
    )
    .run(at - FORGOTTEN_AFTER);
  connection
    .prepare('UPDATE person SET source_id = NULL WHERE deleted_at < ? AND source_id IS NOT NULL')
    .run(at - FORGOTTEN_AFTER);
}

function putStaged(connection: Connection, at: number): void {
  const columns = STAGED_COLUMNS.join(', ');
  const changing = STAGED_COLUMNS.filter((column) => column !== 'number' && column !== 'id');
  const set = changing.map((column) => `${column} = excluded.${column}`).join(', ');
  connection
    .prepare(
      `INSERT INTO person (${columns}, created_at, changed_at, disabled_at)
       SELECT ${columns}, ?1, ?1, iif(enabled AND coalesce(expires_at > ?1, 1), NULL, ?1) FROM staged_person WHERE true ORDER BY number
       ON CONFLICT (number) DO UPDATE SET ${set}, changed_at = excluded.changed_at, deleted_at = NULL,
         disabled_at = iif(excluded.disabled_at IS NULL, NULL, coalesce(person.disabled_at, excluded.disabled_at))`,
    )
    .run(at);
}

function groupStaged(connection: Connection): void {
  connection
    .prepare(
      `INSERT INTO person_group (name, name_key) SELECT name, name_key FROM staged_group WHERE true
       ON CONFLICT (name_key) DO NOTHING`,
    )
    .run();
  connection.prepare('DELETE FROM group_member WHERE person IN (SELECT number FROM staged_person)').run();
  connection
    .prepare(
      `INSERT OR IGNORE INTO group_member SELECT person, person_group.number
       FROM staged_group JOIN person_group USING (name_key)`,
    )
    .run();
}

function issueStaged(connection: Connection, at: number): void {
  const taken = connection
    .prepare('SELECT count(*) AS n FROM staged_credential JOIN credential USING (key)')
    .get();
  if (taken?.['n'] !== 0) throw new Failure('credential-taken', 'a credential is already somebody else’s');
  connection
    .prepare(
      `INSERT INTO credential (key, owner, kind, rank, issued_at, origin, expires_at)
       SELECT key, owner, kind, rank, ?, origin, expires_at FROM staged_credential WHERE true ORDER BY key`,
    )
    .run(at);
  connection
    .prepare('DELETE FROM barred_credential WHERE (owner, key) IN (SELECT owner, key FROM staged_credential)')
    .run();
}

/** Behind what is issued: whoever has got it claims it no more. */
function claimStaged(connection: Connection, at: number): void {
  for (const over of ['staged_credential', 'staged_claim_end']) {
    connection
      .prepare(`DELETE FROM claimed_credential WHERE (key, owner) IN (SELECT key, owner FROM ${over})`)
      .run();
  }
  connection
    .prepare(
      `INSERT INTO claimed_credential (key, owner, kind, rank, origin, claimed_at)
       SELECT key, owner, kind, rank, origin, ? FROM staged_claim WHERE true ORDER BY number
       ON CONFLICT (key, owner) DO UPDATE SET rank = excluded.rank`,
    )
    .run(at);
}

export function separated(keys: Uint8Array): Uint8Array[] {
  return Array.from({ length: keys.length / CREDENTIAL_KEY_LENGTH }, (_, index) =>
    keys.subarray(index * CREDENTIAL_KEY_LENGTH, (index + 1) * CREDENTIAL_KEY_LENGTH),
  );
}
