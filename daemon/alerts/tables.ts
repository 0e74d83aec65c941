/** What was told of alerts, and the notices on their way, so that nothing is told twice or forgotten over a restart. */

import type { Alert } from '../../base/alerts.ts';
import { type Connection, defineTables } from '../../base/database/tables.ts';

/** `sending`: on disk before it leaves. `unknown`: a mail that was cut off while it was sent. `dropped`: over before it was told. */
export type PostState = 'queued' | 'sending' | 'deferred' | 'sent' | 'unknown' | 'failed' | 'dropped';

/** Times in milliseconds since 1970. */
export interface TroubleRow {
  readonly alert: Alert;
  readonly since: number;
  readonly toldAt: number;
  /** It was told, and not yet that it is over. */
  readonly told: boolean;
}

export interface Post {
  readonly id: number;
  readonly target: string;
  /** A {@link Notice} as JSON. */
  readonly notice: string;
  readonly tries: number;
  readonly queuedAt: number;
}

const OPEN = "state IN ('queued', 'deferred')";

function put(connection: Connection, { alert, since, toldAt, told }: TroubleRow): void {
  connection
    .prepare(
      `INSERT INTO alert_told VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (key) DO UPDATE
       SET alert = ?2, since = ?3, told_at = ?4, told = ?5`,
    )
    .run(alert.key, JSON.stringify(alert), since, toldAt, told ? 1 : 0);
}

/** Not before what waits for the same target already: the end of a trouble comes after its beginning. */
const queue = (connection: Connection) =>
  connection.prepare(
    `INSERT INTO alert_post (key, since, event, target, notice, state, tries, queued_at, due_at, changed_at)
     SELECT ?1, ?2, ?3, ?4, ?5, 'queued', 0, ?6,
       max(?7, coalesce((SELECT max(due_at) FROM alert_post WHERE target = ?4 AND ${OPEN}), 0)), ?6`,
  );

export const tables = defineTables({
  room: 'alerts',
  module: import.meta.url,
  migrations: [
    `CREATE TABLE alert_told (
       key TEXT PRIMARY KEY, alert TEXT NOT NULL, since INTEGER NOT NULL, told_at INTEGER NOT NULL, told INTEGER NOT NULL
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE alert_post (
       id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, since INTEGER NOT NULL, event TEXT NOT NULL,
       target TEXT NOT NULL, notice TEXT NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL,
       queued_at INTEGER NOT NULL, due_at INTEGER NOT NULL, changed_at INTEGER NOT NULL
     ) STRICT;
     CREATE INDEX alert_post_due ON alert_post (due_at) WHERE ${OPEN};
     CREATE INDEX alert_post_by_key ON alert_post (key, since);
     CREATE INDEX alert_post_by_target ON alert_post (target, due_at) WHERE ${OPEN};`,
  ],
  operations: {
    troubles(connection: Connection): TroubleRow[] {
      return connection
        .prepare('SELECT * FROM alert_told')
        .all()
        .map((row) => ({
          alert: JSON.parse(String(row['alert'])) as Alert,
          since: Number(row['since']),
          toldAt: Number(row['told_at']),
          told: row['told'] === 1,
        }));
    },

    /** @returns notices that wait now; those past `most` are not queued. */
    tell(
      connection: Connection,
      told: {
        row: TroubleRow;
        notice: string;
        targets: readonly string[];
        dueAt: number;
        most: number;
      },
    ): number {
      const { row, notice, targets, dueAt, most } = told;
      put(connection, row);
      const { n } = connection.prepare(`SELECT count(*) AS n FROM alert_post WHERE ${OPEN}`).get() ?? {};
      const taken = targets.slice(0, Math.max(0, most - Number(n)));
      const insert = queue(connection);
      for (const target of taken) {
        insert.run(row.alert.key, row.since, 'raised', target, notice, row.toldAt, dueAt);
      }
      return targets.length - taken.length;
    },

    /**
     * It is over. Who was told is told so; a notice that is still on its way is not sent any more.
     * @returns false when nobody was told
     */
    tellOver(
      connection: Connection,
      over: { row: TroubleRow; notice: string; at: number; dueAt: number },
    ): boolean {
      const { row, notice, at, dueAt } = over;
      const { key } = row.alert;
      connection
        .prepare(
          `UPDATE alert_post SET state = 'dropped', changed_at = ? WHERE key = ? AND since = ? AND ${OPEN}`,
        )
        .run(at, key, row.since);
      const told = connection
        .prepare(
          `SELECT DISTINCT target FROM alert_post
           WHERE key = ? AND since = ? AND event = 'raised' AND state IN ('sending', 'sent', 'unknown')`,
        )
        .all(key, row.since);
      if (told.length === 0) {
        connection.prepare('DELETE FROM alert_told WHERE key = ?').run(key);
        return false;
      }
      put(connection, { ...row, told: false });
      const insert = queue(connection);
      for (const each of told) {
        insert.run(key, row.since, 'cleared', String(each['target']), notice, at, dueAt);
      }
      return true;
    },

    /** Nobody tells any more whether it is over. */
    forgetTrouble(connection: Connection, key: string): void {
      connection.prepare('DELETE FROM alert_told WHERE key = ?').run(key);
    },

    /** What was being sent when the process before ended: a mail may have arrived, a webhook hears it again. */
    cutPosts(connection: Connection, at: number): number {
      connection
        .prepare(
          `UPDATE alert_post SET state = 'queued', changed_at = ?1, due_at = ?1
           WHERE state = 'sending' AND target LIKE 'webhook %'`,
        )
        .run(at);
      return Number(
        connection
          .prepare("UPDATE alert_post SET state = 'unknown', changed_at = ? WHERE state = 'sending'")
          .run(at).changes,
      );
    },

    postsDue(connection: Connection, { now, limit }: { now: number; limit: number }): Post[] {
      return connection
        .prepare(`SELECT * FROM alert_post WHERE ${OPEN} AND due_at <= ? ORDER BY id LIMIT ?`)
        .all(now, limit)
        .map((row) => ({
          id: Number(row['id']),
          target: String(row['target']),
          notice: String(row['notice']),
          tries: Number(row['tries']),
          queuedAt: Number(row['queued_at']),
        }));
    },

    /** When the next is due, and how many wait. */
    waitingPosts(connection: Connection): { due?: number; waiting: number } {
      const row = connection
        .prepare(`SELECT min(due_at) AS due, count(*) AS n FROM alert_post WHERE ${OPEN}`)
        .get();
      const due = row?.['due'];
      return { waiting: Number(row?.['n'] ?? 0), ...(typeof due === 'number' ? { due } : {}) };
    },

    /** @returns those that are still to be sent */
    beginPosts(connection: Connection, { ids, at }: { ids: readonly number[]; at: number }): number[] {
      const begin = connection.prepare(
        `UPDATE alert_post SET state = 'sending', tries = tries + 1, changed_at = ? WHERE id = ? AND ${OPEN}`,
      );
      return ids.filter((id) => begin.run(at, id).changes === 1);
    },

    settlePosts(
      connection: Connection,
      settled: { ids: readonly number[]; state: PostState; at: number },
    ): void {
      const settle = connection.prepare('UPDATE alert_post SET state = ?, changed_at = ? WHERE id = ?');
      for (const id of settled.ids) settle.run(settled.state, settled.at, id);
    },

    /** The target takes nothing now: these, and all else that waits for it, are tried again then. */
    deferPosts(
      connection: Connection,
      deferred: { ids: readonly number[]; target: string; at: number; dueAt: number },
    ): void {
      const { ids, target, at, dueAt } = deferred;
      const defer = connection.prepare(
        "UPDATE alert_post SET state = 'deferred', changed_at = ? WHERE id = ? AND state = 'sending'",
      );
      for (const id of ids) defer.run(at, id);
      connection
        .prepare(`UPDATE alert_post SET due_at = max(due_at, ?) WHERE target = ? AND ${OPEN}`)
        .run(dueAt, target);
    },

    /** @param before of notices that came to an end, and of troubles that are over */
    sweepAlerts(connection: Connection, before: number): void {
      connection
        .prepare(
          `DELETE FROM alert_post WHERE changed_at < ? AND NOT ${OPEN} AND state <> 'sending'
           AND NOT EXISTS (SELECT 1 FROM alert_told WHERE alert_told.key = alert_post.key AND told = 1)`,
        )
        .run(before);
      connection.prepare('DELETE FROM alert_told WHERE told = 0 AND told_at < ?').run(before);
    },
  },
  // None is `growing`: that the disk is full has to be told too, and there is a bound on what waits.
});
