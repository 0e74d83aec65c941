/**
 * The store worker: one SQLite database, one writer. Calls that are waiting together are committed together (group
 * commit), and a caller hears of its result only after the commit is on disk.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { Failure, messageOf, systemCode } from '../errors.ts';
import { DiskReserve, isDiskFull, stretch } from './disk-reserve.ts';
import type { Call, CallResult, FromWorker, ToWorker, WorkerStart } from './messages.ts';
import { migrate } from './migrations.ts';
import type { Connection, Operation, TableSet } from './tables.ts';

/** Bounds how long the first caller of a batch waits for the last one's work. */
const LARGEST_BATCH = 256;

/** Milliseconds; what is set aside for a full disk does not hold up the start. */
const AFTER_THE_START = 1000;

type AnyTables = TableSet<Readonly<Record<string, Operation>>>;

/** What a batch is carried out with. */
interface Tools {
  readonly database: DatabaseSync;
  readonly connection: Connection;
  readonly operations: ReadonlyMap<string, Operation>;
  /** Operations that take in something new, which a full disk ends first. */
  readonly growing: ReadonlySet<string>;
  /** Operations behind which the log is emptied. */
  readonly erasing: ReadonlySet<string>;
  readonly reserve: DiskReserve;
}

async function run(port: MessagePort, start: WorkerStart): Promise<void> {
  const created = !existsSync(start.file);
  const lock = takeLock(start.lock);
  const reserve = new DiskReserve(join(dirname(start.file), 'reserve'));
  const tools = await openTables(start, reserve).catch(async (error: unknown) => {
    if (!isDiskFull(error) || !reserve.spend()) throw error;
    const opened = await openTables(start, reserve);
    // Before somebody else takes what was given up.
    stretchIfThereIsRoom(opened.database);
    return opened;
  });

  port.on('message', (first: ToWorker) => {
    const { batch, branches, closing } = waitingWith(first, port);
    for (const branch of branches) serve(branch, tools);
    if (batch.length > 0) send(port, { kind: 'results', results: commit(tools, batch) });
    if (closing) {
      clearTimeout(stretching);
      close(tools.database);
      lock.close();
      port.close();
    } else if (reserve.fill()) stretchIfThereIsRoom(tools.database);
  });
  send(port, { kind: 'opened', created });
  const stretching = setTimeout(() => {
    reserve.fill();
    stretchIfThereIsRoom(tools.database);
  }, AFTER_THE_START);
}

/** What has come by now, up to the end of the database. */
function waitingWith(first: ToWorker, port: MessagePort) {
  const batch: Call[] = [];
  const branches: MessagePort[] = [];
  let next: ToWorker | undefined = first;
  while (next !== undefined && next !== 'close') {
    if ('branch' in next) branches.push(next.branch);
    else batch.push(next);
    if (batch.length === LARGEST_BATCH) break;
    next = (receiveMessageOnPort(port) as { message: ToWorker } | undefined)?.message;
  }
  return { batch, branches, closing: next === 'close' };
}

/** Calls of another thread. It does not keep the store worker from ending. */
function serve(branch: MessagePort, tools: Tools): void {
  branch.on('message', (first: Call) => {
    const { batch } = waitingWith(first, branch);
    send(branch, { kind: 'results', results: commit(tools, batch) });
  });
  branch.unref();
}

/** What is set aside is kept for when it is needed. */
function stretchIfThereIsRoom(database: DatabaseSync): void {
  try {
    stretch(database);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    if (database.isTransaction) database.exec('ROLLBACK');
  }
}

async function openTables(start: WorkerStart, reserve: DiskReserve): Promise<Tools> {
  const database = new DatabaseSync(start.file);
  try {
    database.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
       PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;`,
    );
    const operations = new Map<string, Operation>();
    const growing = new Set<string>();
    const erasing = new Set<string>();
    for (const module of start.modules) {
      const { tables } = (await import(module)) as { tables: AnyTables };
      migrate(database, tables.room, tables.migrations);
      for (const [name, operation] of Object.entries(tables.operations)) {
        operations.set(`${tables.room}.${name}`, operation);
      }
      for (const name of tables.growing ?? []) growing.add(`${tables.room}.${name}`);
      for (const name of tables.erasing ?? []) erasing.add(`${tables.room}.${name}`);
    }
    return { database, connection: withStatementCache(database), operations, growing, erasing, reserve };
  } catch (error) {
    database.close();
    throw error;
  }
}

function close(database: DatabaseSync): void {
  emptyLog(database);
  database.close();
}

/** What cannot be written back now stays in the log, which the next start reads. */
function emptyLog(database: DatabaseSync): void {
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch (error) {
    if (!isDiskFull(error)) throw error;
  }
}

function send(port: MessagePort, message: FromWorker): void {
  port.postMessage(message);
}

/** An exclusive transaction held open for life: the system lets go of it when the process ends, however it ends. */
function takeLock(path: string): DatabaseSync {
  const lock = new DatabaseSync(path);
  try {
    // Nothing is ever written, so a full disk must not matter.
    lock.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
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

/**
 * On a full disk what takes in something new fails first; what brings jobs to their end (a release above all) is tried
 * again without it, and then with the space that was set aside for it.
 */
function commit(tools: Tools, batch: readonly Call[]): CallResult[] {
  try {
    return commitTogether(tools, batch);
  } catch (error) {
    if (!isDiskFull(error)) return batch.map((call) => failed(call.id, error));
    const isGrowing = ({ room, operation }: Call) => tools.growing.has(`${room}.${operation}`);
    const refused = batch.filter(isGrowing).map((call) => failed(call.id, error));
    const rest = batch.filter((call) => !isGrowing(call));
    return [...refused, ...commitWithoutRoom(tools, rest)];
  }
}

function commitWithoutRoom(tools: Tools, batch: readonly Call[]): CallResult[] {
  for (;;) {
    try {
      return batch.length === 0 ? [] : commitTogether(tools, batch);
    } catch (error) {
      if (isDiskFull(error) && tools.reserve.spend()) continue;
      return batch.map((call) => failed(call.id, error));
    }
  }
}

/** @throws what kept the transaction from being committed; then nothing of it is. */
function commitTogether(tools: Tools, batch: readonly Call[]): CallResult[] {
  const { database } = tools;
  try {
    database.exec('BEGIN IMMEDIATE');
    const results = batch.map((call) => runOne(tools, call));
    database.exec('COMMIT');
    if (batch.some(({ room, operation }) => tools.erasing.has(`${room}.${operation}`))) emptyLog(database);
    return results;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function runOne({ database, connection, operations }: Tools, call: Call): CallResult {
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
    if (!database.isTransaction || isDiskFull(error)) throw error;
    database.exec('ROLLBACK TO call; RELEASE call');
    return failed(call.id, error);
  }
}

function failed(id: number, error: unknown): CallResult {
  if (error instanceof Failure) return { id, code: error.code, message: error.message };
  if (isDiskFull(error))
    return { id, code: 'disk-full', message: 'the disk that holds the database is full' };
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
