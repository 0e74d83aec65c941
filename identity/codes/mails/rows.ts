/** The rows of codes on their way to people: plans of batches, mails with what became of them, new people who wait. Runs in the store worker. */
import type { Connection } from '../../../base/database/tables.ts';
import type { CredentialRank } from '../../credential.ts';
import type { PersonId } from '../../person.ts';

/**
 * `queued`: to be sent. `sending`: on disk before the first octet leaves. `sent`: the mail server has it. `deferred`: to be
 * tried again. `refused`: for good. `unknown`: cut off while it was sent; never sent again by itself. `dropped`: not needed
 * any more, as the code is no longer that person's.
 */
export type CodeMailState = 'queued' | 'sending' | 'sent' | 'deferred' | 'refused' | 'unknown' | 'dropped';
export const CODE_MAIL_STATES = [
  'queued',
  'sending',
  'deferred',
  'sent',
  'refused',
  'unknown',
  'dropped',
] as const satisfies CodeMailState[];

/** A mail as it is kept together with the code that it brings. */
export interface NewCodeMail {
  /** Letters, digits and dashes; the left half of its Message-ID. */
  readonly id: string;
  readonly person: PersonId;
  readonly rank: CredentialRank;
  /** See `seal.ts`. */
  readonly sealed: Uint8Array;
}

/** Kept in one transaction with a change of people. */
export interface CodeDelivery {
  /** Of the plan that is carried out, which must be there and then is gone; 0: no plan. */
  readonly plan: number;
  readonly mails: readonly NewCodeMail[];
}

export interface KeptCodeMail {
  readonly id: string;
  readonly person: PersonId;
  readonly rank: CredentialRank;
  readonly batch: number;
  readonly state: CodeMailState;
  /** Undefined once the code is wiped. */
  readonly sealed?: Uint8Array;
  readonly tries: number;
  /** The server's words, made printable. */
  readonly reply: string;
  /** Milliseconds since 1970, as all times here. */
  readonly queuedAt: number;
  readonly changedAt: number;
  readonly dueAt: number;
}

export interface CodeMailQuery {
  readonly states: readonly CodeMailState[];
  readonly batch?: number;
  readonly person?: PersonId;
  /** The id after which to go on. */
  readonly after?: string;
  readonly limit: number;
}

export const CODE_TABLES = `
  CREATE TABLE code_plan (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, sealed BLOB NOT NULL
  ) STRICT;
  CREATE TABLE code_mail (
    id TEXT PRIMARY KEY, person TEXT NOT NULL, rank TEXT NOT NULL, batch INTEGER NOT NULL, state TEXT NOT NULL,
    sealed BLOB, tries INTEGER NOT NULL, reply TEXT NOT NULL, queued_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX code_mail_due ON code_mail (due_at) WHERE state IN ('queued', 'deferred');
  CREATE INDEX code_mail_by_person ON code_mail (person);
  CREATE INDEX code_mail_by_state ON code_mail (state);
  CREATE TABLE awaiting_code (person INTEGER PRIMARY KEY REFERENCES person (number)) STRICT;
`;

export const CODE_STAGE =
  'CREATE TEMP TABLE IF NOT EXISTS staged_code_mail (id TEXT PRIMARY KEY, person TEXT, rank TEXT, sealed BLOB)';
const OPEN = "state IN ('queued', 'deferred')";
/** Plans that wait; an older one goes when there are more. */
const MOST_PLANS = 20;

export function stageMails(connection: Connection, mails: readonly NewCodeMail[]): void {
  const insert = connection.prepare('INSERT INTO staged_code_mail VALUES (?, ?, ?, ?)');
  for (const { id, person, rank, sealed } of mails) insert.run(id, person, rank, sealed);
}

/** People who come with this change and wait for a code. Before the people are put. */
export function putAwaiting(connection: Connection): void {
  connection.prepare(`CREATE TEMP TABLE IF NOT EXISTS staged_awaiting (person INTEGER PRIMARY KEY)`).run();
  connection.prepare('DELETE FROM staged_awaiting').run();
  connection
    .prepare(
      `INSERT INTO staged_awaiting SELECT number FROM staged_person
       WHERE number NOT IN (SELECT number FROM person WHERE deleted_at IS NULL)`,
    )
    .run();
}

/** @returns whether the plan was there */
export function commitMails(
  connection: Connection,
  { at, plan, awaits }: { at: number; plan: number; awaits: boolean },
): boolean {
  const gone =
    'IN (SELECT id FROM person WHERE deleted_at IS NOT NULL AND number IN (SELECT number FROM staged_removal))';
  connection.prepare(`DELETE FROM code_mail WHERE person ${gone}`).run();
  connection.prepare('DELETE FROM awaiting_code WHERE person IN (SELECT number FROM staged_removal)').run();
  if (awaits)
    connection.prepare('INSERT OR IGNORE INTO awaiting_code SELECT person FROM staged_awaiting').run();
  // Whoever gets another code needs no mail about the one before.
  connection
    .prepare(
      `UPDATE code_mail SET state = 'dropped', sealed = NULL, changed_at = ?
       WHERE state IN ('queued', 'deferred', 'refused', 'unknown')
         AND (person, rank) IN (SELECT person, rank FROM staged_code_mail)`,
    )
    .run(at);
  connection
    .prepare(
      `INSERT INTO code_mail SELECT id, person, rank, ?1, 'queued', sealed, 0, '', ?2, ?2, ?2 FROM staged_code_mail`,
    )
    .run(plan, at);
  connection
    .prepare(
      `DELETE FROM awaiting_code WHERE person IN
       (SELECT number FROM person JOIN staged_code_mail ON staged_code_mail.person = person.id)`,
    )
    .run();
  return plan === 0 || connection.prepare('DELETE FROM code_plan WHERE number = ?').run(plan).changes === 1;
}

const asMail = (row: Record<string, unknown>): KeptCodeMail => ({
  id: String(row['id']),
  person: String(row['person']) as PersonId,
  rank: row['rank'] as CredentialRank,
  batch: Number(row['batch']),
  state: row['state'] as CodeMailState,
  ...(row['sealed'] === null ? {} : { sealed: row['sealed'] as Uint8Array }),
  tries: Number(row['tries']),
  reply: String(row['reply']),
  queuedAt: Number(row['queued_at']),
  changedAt: Number(row['changed_at']),
  dueAt: Number(row['due_at']),
});

export const codeOperations = {
  /** Cut off by the end of the process before. @returns how many */
  cutCodeMails(connection: Connection, at: number): number {
    return Number(
      connection
        .prepare("UPDATE code_mail SET state = 'unknown', changed_at = ? WHERE state = 'sending'")
        .run(at).changes,
    );
  },

  codeMailsDue(connection: Connection, { now, limit }: { now: number; limit: number }): KeptCodeMail[] {
    return connection
      .prepare(`SELECT * FROM code_mail WHERE ${OPEN} AND due_at <= ? ORDER BY due_at, id LIMIT ?`)
      .all(now, limit)
      .map(asMail);
  },

  /** When the next one is due; undefined when none waits. */
  nextCodeMail(connection: Connection, _: undefined): number | undefined {
    const due = connection.prepare(`SELECT min(due_at) AS due FROM code_mail WHERE ${OPEN}`).get()?.['due'];
    return due === null || due === undefined ? undefined : Number(due);
  },

  /** False when it is not to be sent any more. */
  beginCodeMail(connection: Connection, { id, at }: { id: string; at: number }): boolean {
    const begin = connection.prepare(
      `UPDATE code_mail SET state = 'sending', tries = tries + 1, changed_at = ? WHERE id = ? AND ${OPEN}`,
    );
    return begin.run(at, id).changes === 1;
  },

  settleCodeMail(
    connection: Connection,
    mail: Pick<KeptCodeMail, 'id' | 'state' | 'reply' | 'dueAt'> & { at: number; wipe: boolean },
  ): void {
    connection
      .prepare(
        `UPDATE code_mail SET state = ?, reply = ?, due_at = ?, changed_at = ?, sealed = iif(?, NULL, sealed)
         WHERE id = ? AND state <> 'dropped'`,
      )
      .run(mail.state, mail.reply, mail.dueAt, mail.at, mail.wipe ? 1 : 0, mail.id);
  },

  codeMails(connection: Connection, query: CodeMailQuery): KeptCodeMail[] {
    return connection
      .prepare(
        `SELECT * FROM code_mail WHERE state IN (SELECT value FROM json_each(?)) AND id > ?
         AND (? IS NULL OR batch = ?) AND (? IS NULL OR person = ?) ORDER BY id LIMIT ?`,
      )
      .all(
        JSON.stringify(query.states),
        query.after ?? '',
        query.batch ?? null,
        query.batch ?? null,
        query.person ?? null,
        query.person ?? null,
        query.limit,
      )
      .map(asMail);
  },

  countCodeMails(connection: Connection, _: undefined): Partial<Record<CodeMailState, number>> {
    const rows = connection.prepare('SELECT state, count(*) AS n FROM code_mail GROUP BY state').all();
    return Object.fromEntries(rows.map((row) => [String(row['state']), Number(row['n'])]));
  },

  /** Mails whose code is still there. @returns how many */
  resendCodeMails(
    connection: Connection,
    { states, person, at }: { states: readonly CodeMailState[]; person?: PersonId; at: number },
  ): number {
    const again = connection.prepare(
      `UPDATE code_mail SET state = 'queued', tries = 0, queued_at = ?1, due_at = ?1, changed_at = ?1
       WHERE state IN (SELECT value FROM json_each(?2)) AND sealed IS NOT NULL AND (?3 IS NULL OR person = ?3)`,
    );
    return Number(again.run(at, JSON.stringify(states), person ?? null).changes);
  },

  /** @param rank of which codes; of both when left out */
  dropCodeMails(
    connection: Connection,
    { person, rank, at }: { person: PersonId; rank?: CredentialRank; at: number },
  ): void {
    connection
      .prepare(
        `UPDATE code_mail SET state = 'dropped', sealed = NULL, changed_at = ?1
         WHERE person = ?2 AND (?3 IS NULL OR rank = ?3) AND state IN ('queued', 'deferred', 'refused', 'unknown')`,
      )
      .run(at, person, rank ?? null);
  },

  /** @param times before which codes that nobody got are wiped, and mails that came to an end are forgotten */
  sweepCodeMails(connection: Connection, { wipe, forget }: { wipe: number; forget: number }): void {
    connection
      .prepare(
        `UPDATE code_mail SET state = 'dropped', sealed = NULL
         WHERE changed_at < ? AND state IN ('refused', 'unknown')`,
      )
      .run(wipe);
    connection
      .prepare("DELETE FROM code_mail WHERE changed_at < ? AND state IN ('sent', 'dropped')")
      .run(forget);
  },

  /** @returns its number, which no other plan ever had */
  keepCodePlan(connection: Connection, { at, sealed }: { at: number; sealed: Uint8Array }): number {
    const insert = connection.prepare('INSERT INTO code_plan (at, sealed) VALUES (?, ?)');
    const number = Number(insert.run(at, sealed).lastInsertRowid);
    connection.prepare('DELETE FROM code_plan WHERE number <= ?').run(number - MOST_PLANS);
    return number;
  },

  codePlan(connection: Connection, number: number): { at: number; sealed: Uint8Array } | undefined {
    const row = connection.prepare('SELECT at, sealed FROM code_plan WHERE number = ?').get(number);
    return row === undefined ? undefined : { at: Number(row['at']), sealed: row['sealed'] as Uint8Array };
  },

  /** @param after the last one of the part before, or '' */
  awaitingCode(
    connection: Connection,
    { after, limit }: { after: PersonId | ''; limit: number },
  ): PersonId[] {
    return connection
      .prepare(
        `SELECT id FROM awaiting_code JOIN person ON person.number = awaiting_code.person
         WHERE person.number > coalesce((SELECT number FROM person WHERE id = ?), 0) ORDER BY person.number LIMIT ?`,
      )
      .all(after, limit)
      .map((row) => String(row['id']) as PersonId);
  },

  awaitNoCode(connection: Connection, people: readonly PersonId[]): void {
    connection
      .prepare(
        'DELETE FROM awaiting_code WHERE person IN (SELECT number FROM person WHERE id IN (SELECT value FROM json_each(?)))',
      )
      .run(JSON.stringify(people));
  },
};
