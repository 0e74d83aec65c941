import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test, { type ExecutionContext } from 'ava';
import { Database } from '../../../base/database/database.ts';
import { migrate } from '../../../base/database/migrations.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { tables } from './sample-tables.ts';

async function open(t: ExecutionContext, folder?: string) {
  const database = await Database.open({ folder: folder ?? (await temporaryFolder(t)), tables: [tables] });
  t.teardown(() => database.close());
  return { database, client: database.client(tables) };
}

test('what was answered is there after a restart', async (t) => {
  const folder = await temporaryFolder(t);
  const first = await open(t, folder);
  t.true(first.database.created);
  await Promise.all(['a', 'b', 'c'].map((name) => first.client.add({ name })));
  await first.database.close();
  t.false(existsSync(join(folder, 'holdfast.db-wal')), 'the log was written back');
  const second = await open(t, folder);
  t.false(second.database.created);
  t.deepEqual(await second.client.names(undefined), ['a', 'b', 'c']);
});

test('of calls committed together, one that fails is undone alone', async (t) => {
  const { client } = await open(t);
  const results = await Promise.allSettled([
    client.add({ name: 'a' }),
    client.addAndFail({ name: 'b' }),
    client.add({ name: 'a' }),
    client.add({ name: 'c' }),
  ]);
  t.deepEqual(
    results.map((each) => each.status),
    ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
  );
  t.like(results[1], { reason: { code: 'no-good', message: 'it did not work' } });
  t.deepEqual(await client.names(undefined), ['a', 'c']);
});

test('answers come to who asked, and octets as octets', async (t) => {
  const { client } = await open(t);
  const values = Array.from({ length: 600 }, (_, index) => index);
  t.deepEqual(await Promise.all(values.map((value) => client.echo(value))), values);
  t.deepEqual(await client.echo(new Uint8Array([1, 2])), new Uint8Array([1, 2]));
});

test('a worker that dies rejects what waits and what comes after', async (t) => {
  const { database, client } = await open(t);
  await t.throwsAsync(client.die(undefined), { code: 'database-closed' });
  await t.throwsAsync(database.died, { code: 'database-closed' });
  await t.throwsAsync(client.add({ name: 'x' }), { code: 'database-closed' });
});

test('a database of a newer program is left alone', (t) => {
  const database = new DatabaseSync(':memory:');
  migrate(database, 'sample', ['CREATE TABLE a (x)', 'CREATE TABLE b (x)']);
  t.throws(() => migrate(database, 'sample', ['CREATE TABLE a (x)']), { code: 'database-too-new' });
});

test('a migration that fails changes nothing and is tried again', (t) => {
  const database = new DatabaseSync(':memory:');
  t.throws(() => migrate(database, 'sample', ['CREATE TABLE a (x); CREATE TABLE a (x)']));
  migrate(database, 'sample', ['CREATE TABLE a (x)']);
  t.is(database.prepare('SELECT version FROM room_version').get()?.['version'], 1);
});

test('a folder that cannot be made is told', async (t) => {
  const folder = await temporaryFolder(t);
  await t.throwsAsync(Database.open({ folder: join(folder, 'x\0y'), tables: [tables] }));
});
