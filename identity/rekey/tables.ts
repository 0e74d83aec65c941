/** After a compromise: what is wiped, in one transaction, and who has to be given something anew. Runs in the store worker. */
import { createHash } from 'node:crypto';
import { type Connection, defineTables, type TableClient } from '../../base/database/tables.ts';
import { CREDENTIAL_KEY_LENGTH } from '../credential.ts';
import { LOCAL } from '../people/draft.ts';
import { HERE } from '../store.ts';

/** `revoked`: had a card or code revoked. As nobody can tell any more which, a directory gives them none from then on. */
export type OwedKind = 'card' | 'code' | 'pin' | 'password' | 'token' | 'revoked';

/** Somebody who has to be given something anew. */
export interface Owed {
  readonly kind: OwedKind;
  /** '' for the token of a machine. */
  readonly userName: string;
  readonly displayName: string;
  /** Of a token; else ''. */
  readonly label: string;
}

/** What would be lost, for whoever decides. */
export interface RekeyPreview {
  /** Changes with everything that the list tells. */
  readonly plan: string;
  readonly owed: readonly Owed[];
  /** Cards and codes that directories give again at the next sync. */
  readonly again: number;
  /** It is due already: the next start carries it out. */
  readonly due: boolean;
}

const OWN = `('${LOCAL}', '${HERE}')`;
const PLAN_DIGITS = 12;

/** As rows of `rekey_owed`, of what there is now. */
const OWED_NOW = `
  SELECT person.id AS person, credential.kind AS kind, '' AS label
    FROM credential JOIN person ON person.number = credential.owner WHERE credential.origin IN ${OWN}
  UNION SELECT person.id, 'revoked', '' FROM barred_credential JOIN person ON person.number = barred_credential.owner
  UNION SELECT person, 'password', '' FROM password
  UNION SELECT coalesce(person, ''), 'token', label FROM token`;

const NAMED = `
  SELECT owed.kind, owed.label, coalesce(person.user_name, '') AS user_name, coalesce(person.display_name, '') AS display_name
    FROM owed LEFT JOIN person ON person.id = owed.person
    WHERE (owed.person = '' OR person.deleted_at IS NULL)
    ORDER BY user_name, owed.kind, owed.label`;

export const tables = defineTables({
  room: 'rekey',
  module: import.meta.url,
  migrations: [
    `CREATE TABLE rekey_due (one INTEGER PRIMARY KEY CHECK (one = 1)) STRICT;
     CREATE TABLE rekey_owed (
       person TEXT NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL, PRIMARY KEY (person, kind, label)
     ) STRICT, WITHOUT ROWID;`,
  ],
  operations: {
    isDue(connection: Connection, _: undefined): boolean {
      return connection.prepare('SELECT 1 FROM rekey_due').get() !== undefined;
    },

    preview: previewOf,

    /** Gives false when it would do something else than what was shown. */
    decide(connection: Connection, plan: string): boolean {
      if (previewOf(connection, undefined).plan !== plan) return false;
      connection.prepare('INSERT OR IGNORE INTO rekey_due VALUES (1)').run();
      return true;
    },

    /** Everything that hung on the old secrets goes. Again and again the same, until it was done to its end. */
    carryOut(connection: Connection, _: undefined): void {
      const run = (sql: string, ...values: Uint8Array[]) => connection.prepare(sql).run(...values);
      run('DELETE FROM rekey_owed');
      run(`INSERT OR IGNORE INTO rekey_owed ${OWED_NOW}`);
      run('CREATE TEMP TABLE IF NOT EXISTS once_barred (owner INTEGER PRIMARY KEY, at INTEGER)');
      run('DELETE FROM once_barred');
      run('INSERT INTO once_barred SELECT owner, max(barred_at) FROM barred_credential GROUP BY owner');
      const gone = [
        'barred_credential',
        'claimed_credential',
        'credential',
        'index_key',
        'token',
        'password',
      ];
      for (const table of gone) run(`DELETE FROM ${table}`);
      run(
        'INSERT INTO barred_credential SELECT owner, ?, at FROM once_barred',
        new Uint8Array(CREDENTIAL_KEY_LENGTH),
      );
      for (const table of ['directory_state', 'directory_plan', 'code_plan']) run(`DELETE FROM ${table}`);
      // The codes in them open nothing any more.
      run(`UPDATE code_mail SET state = 'dropped', sealed = NULL WHERE sealed IS NOT NULL`);
      run('UPDATE people_generation SET value = 2 + (random() & 0xfffffffffffff)');
      run('DELETE FROM rekey_due');
    },

    /** Of the last time, without those who have been given it since. */
    owed(connection: Connection, _: undefined): Owed[] {
      return connection
        .prepare(
          `WITH owed AS (
             SELECT * FROM rekey_owed WHERE NOT EXISTS (SELECT 1 FROM credential JOIN person ON person.number = credential.owner
                 WHERE person.id = rekey_owed.person AND credential.kind = rekey_owed.kind)
               AND NOT EXISTS (SELECT 1 FROM password
                 WHERE rekey_owed.kind = 'password' AND password.person = rekey_owed.person)
               AND NOT EXISTS (SELECT 1 FROM token WHERE rekey_owed.kind = 'token'
                 AND coalesce(token.person, '') = rekey_owed.person AND token.label = rekey_owed.label)
               AND NOT EXISTS (SELECT 1 FROM credential JOIN person ON person.number = credential.owner
                 WHERE rekey_owed.kind = 'revoked' AND person.id = rekey_owed.person AND credential.kind <> 'pin')
           ) ${NAMED}`,
        )
        .all()
        .map(asOwed);
    },
  },
});

export type RekeyStore = TableClient<typeof tables.operations>;

function previewOf(connection: Connection, _: undefined): RekeyPreview {
  const owed = connection.prepare(`WITH owed AS (${OWED_NOW}) ${NAMED}`).all().map(asOwed);
  const given = connection.prepare(`SELECT count(*) AS n FROM credential WHERE origin NOT IN ${OWN}`).get();
  const again = Number(given?.['n']);
  const digest = createHash('sha256')
    .update(JSON.stringify([owed, again]))
    .digest('hex');
  const due = connection.prepare('SELECT 1 FROM rekey_due').get() !== undefined;
  return { plan: digest.slice(0, PLAN_DIGITS), owed, again, due };
}

function asOwed(row: Readonly<Record<string, unknown>>): Owed {
  return {
    kind: row['kind'] as OwedKind,
    userName: String(row['user_name']),
    displayName: String(row['display_name']),
    label: String(row['label']),
  };
}
