/** What operators have done to the queues: paused, closed, holding new jobs. Kept over restarts. */
import { EventEmitter } from 'node:events';
import { type Connection, defineTables, type TableClient } from '../base/database/tables.ts';
import type { Job } from './job.ts';

/** RFC 8011 §4.2.7, RFC 3998 */
export interface QueueCondition {
  /** Nothing is printed; what is at a printer ends as it would. */
  readonly paused: boolean;
  /** New jobs are taken. */
  readonly accepting: boolean;
  /** Milliseconds since 1970: jobs from then on are held until an operator releases them; null while none are. */
  readonly holdingNewSince: number | null;
  /** Paused and closed at once, by Shutdown-Printer. */
  readonly shutDown: boolean;
  /** `printer-message-from-operator` */
  readonly message: string;
}

export const OPEN: QueueCondition = {
  paused: false,
  accepting: true,
  holdingNewSince: null,
  shutDown: false,
  message: '',
};

/** True when an operator's word keeps this job from being printed. */
export function isStopped(job: Job, condition: QueueCondition): boolean {
  return condition.paused || isHeldOnCreate(job, condition);
}

/** Came while new jobs were to be held (RFC 3998 §4.2.1). */
export function isHeldOnCreate(job: Job, { holdingNewSince }: QueueCondition): boolean {
  return holdingNewSince !== null && job.createdAt >= holdingNewSince;
}

interface Row {
  readonly queue: string;
  readonly condition: QueueCondition;
}

export const tables = defineTables({
  room: 'queue conditions',
  module: import.meta.url,
  migrations: ['CREATE TABLE queue_conditions (queue TEXT PRIMARY KEY, condition TEXT NOT NULL) STRICT'],
  operations: {
    keep(connection: Connection, { queue, condition }: Row): void {
      connection
        .prepare(
          'INSERT INTO queue_conditions VALUES (?, ?) ON CONFLICT (queue) DO UPDATE SET condition = excluded.condition',
        )
        .run(queue, JSON.stringify(condition));
    },

    list(connection: Connection): Row[] {
      return connection
        .prepare('SELECT queue, condition FROM queue_conditions')
        .all()
        .map((row) => ({ queue: String(row['queue']), condition: JSON.parse(String(row['condition'])) }));
    },
  },
});

export interface QueueConditionsEvents {
  changed: [queue: string, condition: QueueCondition];
}

export class QueueConditions extends EventEmitter<QueueConditionsEvents> {
  readonly #rows: TableClient<(typeof tables)['operations']>;
  readonly #known = new Map<string, QueueCondition>();

  private constructor(rows: TableClient<(typeof tables)['operations']>) {
    super();
    this.#rows = rows;
  }

  static async open(rows: TableClient<(typeof tables)['operations']>): Promise<QueueConditions> {
    const conditions = new QueueConditions(rows);
    for (const { queue, condition } of await rows.list(undefined)) {
      conditions.#known.set(queue, { ...OPEN, ...condition });
    }
    return conditions;
  }

  of(queue: string): QueueCondition {
    return this.#known.get(queue) ?? OPEN;
  }

  /** Holds at once; resolves to the new condition when it survives a power cut. */
  async change(queue: string, change: Partial<QueueCondition>): Promise<QueueCondition> {
    const condition = { ...this.of(queue), ...change };
    this.#known.set(queue, condition);
    this.emit('changed', queue, condition);
    await this.#rows.keep({ queue, condition });
    return condition;
  }
}
