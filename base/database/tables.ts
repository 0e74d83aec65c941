/** How a room owns its tables: migrations and named operations, which run in the store worker. */
import type { StatementSync } from 'node:sqlite';

/** What an operation may do. Statements are prepared once and kept. */
export interface Connection {
  prepare(sql: string): StatementSync;
}

// biome-ignore lint/suspicious/noExplicitAny: an operation's own argument type is recovered by TableClient
export type Operation = (connection: Connection, argument: any) => unknown;

/**
 * The tables of one room. The module that defines them is imported by the main thread (for its types) and by the store
 * worker (to run the operations), so it must not have side effects. An operation runs inside the batch's transaction:
 * when it throws, what it did is undone and only its caller hears of it.
 */
export interface TableSet<Operations extends Readonly<Record<string, Operation>>> {
  /** The room's name; its version is kept under it. */
  readonly room: string;
  /** `import.meta.url` of the defining module, which must export the set as `tables`. */
  readonly module: string;
  /** One script a version; what was released is never edited, only added to. */
  readonly migrations: readonly string[];
  readonly operations: Operations;
  /**
   * Operations that take in something new. On a full disk they fail, and the space that is set aside there is kept for
   * all others.
   */
  readonly growing?: readonly string[];
  /** Operations that erase something: behind them the log is written back and emptied, as old rows stand in it. */
  readonly erasing?: readonly string[];
}

export type TableClient<Operations extends Readonly<Record<string, Operation>>> = {
  readonly [Name in keyof Operations]: (
    argument: Parameters<Operations[Name]>[1],
  ) => Promise<ReturnType<Operations[Name]>>;
};

export function defineTables<const Operations extends Readonly<Record<string, Operation>>>(
  set: TableSet<Operations>,
): TableSet<Operations> {
  return set;
}
