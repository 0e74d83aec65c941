/**
 * The store worker: one SQLite database, one writer. Calls that are waiting together are committed together (group
 * commit), and a caller hears of its result only after the commit is on disk.
 */
import { existsSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { Failure, messageOf, systemCode } from '../errors.ts';
import type { Call, CallResult, FromWorker, ToWorker, WorkerStart } from './messages.ts';
import { migrate } from './migrations.ts';
import type { Connection, Operation, TableSet } from './tables.ts';

/** Bounds how long the first caller of a batch waits for the last one's work. */
const LARGEST_BATCH = 256;

type AnyTables = TableSet<Readonly<Record<string, Operation>>>;

async function run(port: MessagePort, start: WorkerStart): Promise<void> {
  const created = !existsSync(start.file);
  const lock = takeLock(start.lock);
  const database = new DatabaseSync(start.file);
  database.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
     PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;`,
  );
  const operations = new Map<string, Operation>();
  for (const module of start.modules) {
    const { tables } = (await import(module)) as { tables: AnyTables };
    migrate(database, tables.room, tables.migrations);
    for (const [name, operation] of Object.entries(tables.operations)) {
      operations.set(`${tables.room}.${name}`, operation);
    }
  }
  const connection = withStatementCache(database);

  port.on('message', (first: ToWorker) => {
    const batch: Call[] = [];
    let closing = first === 'close';
    if (first !== 'close') batch.push(first);
    while (!closing && batch.length < LARGEST_BATCH) {
      const next = receiveMessageOnPort(port) as { message: ToWorker } | undefined;
      if (next === undefined) break;
      if (next.message === 'close') closing = true;
      else batch.push(next.message);
    }
    if (batch.length > 0) {
      send(port, { kind: 'results', results: commitTogether(database, connection, operations, batch) });
    }
    if (closing) {
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      database.close();
      lock.close();
      port.close();
    }
  });
  send(port, { kind: 'opened', created });
}

function send(port: MessagePort, message: FromWorker): void {
  port.postMessage(message);
}

/** An exclusive transaction held open for life: the system lets go of it when the process ends, however it ends. */
function takeLock(path: string): DatabaseSync {
  const lock = new DatabaseSync(path);
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    throw new Failure(
      'state-directory-in-use',
      `another Holdfast is running on this state directory (${path})`,
      {
        advice: 'Stop it first, or give this one a state directory of its own',
        cause,
      },
    );
  }
}

function withStatementCache(database: DatabaseSync): Connection {
  const statements = new Map<string, StatementSync>();
  return {
    prepare(sql) {
      let statement = statements.get(sql);
      if (statement === undefined) {
        statement = database.prepare(sql);
        statements.set(sql, statement);
      }
      return statement;
    },
  };
}

function commitTogether(
  database: DatabaseSync,
  connection: Connection,
  operations: ReadonlyMap<string, Operation>,
  batch: readonly Call[],
): CallResult[] {
  try {
    database.exec('BEGIN IMMEDIATE');
    const results = batch.map((call) => runOne(database, connection, operations, call));
    database.exec('COMMIT');
    return results;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    return batch.map((call) => failed(call.id, error));
  }
}

function runOne(
  database: DatabaseSync,
  connection: Connection,
  operations: ReadonlyMap<string, Operation>,
  call: Call,
): CallResult {
  const operation = operations.get(`${call.room}.${call.operation}`);
  if (operation === undefined)
    return failed(call.id, new Error(`no operation ${call.room}.${call.operation}`));
  database.exec('SAVEPOINT call');
  try {
    const value = operation(connection, call.argument);
    database.exec('RELEASE call');
    return { id: call.id, value };
  } catch (error) {
    // SQLite ends the whole transaction by itself on a full disk or an I/O error; then nobody's work is kept.
    if (!database.isTransaction) throw error;
    database.exec('ROLLBACK TO call; RELEASE call');
    return failed(call.id, error);
  }
}

function failed(id: number, error: unknown): CallResult {
  if (error instanceof Failure) return { id, code: error.code, message: error.message };
  return { id, code: systemCode(error) ?? 'database-error', message: messageOf(error) };
}

if (parentPort !== null) {
  const port = parentPort;
  try {
    await run(port, workerData as WorkerStart);
  } catch (error) {
    const refused = error instanceof Failure ? error : new Failure('database-error', messageOf(error));
    send(port, {
      kind: 'refused',
      code: refused.code,
      message: refused.message,
      ...(refused.advice === undefined ? {} : { advice: refused.advice }),
    });
    port.close();
  }
}
