// A database that the first version of the tables made is brought up to date with everybody in it.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test from 'ava';
import { Database } from '../../base/database/database.ts';
import { DatabaseIdentityStore } from '../../identity/database-store.ts';
import { MIGRATIONS } from '../../identity/schema.ts';
import { applyChange, plainDetails } from '../../identity/store.ts';
import { tables } from '../../identity/tables.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openIdentity } from './fixture.ts';

const ANN = '11111111-1111-4111-8111-111111111111';

test('people and codes of the first version stay, as local ones', async (t) => {
  const folder = await temporaryFolder(t);
  const old = new DatabaseSync(join(folder, 'holdfast.db'));
  old.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE room_version (room TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT;
    ${MIGRATIONS[0]}
    INSERT INTO room_version VALUES ('identity', 1);
    INSERT INTO person VALUES (1, '${ANN}', 'Ann', 'ann', 'Ann Ö', 'ann@example.org', 1000, 2000, NULL);
    INSERT INTO person VALUES (2, '22222222-2222-4222-8222-222222222222', '', '', '', '', 1000, 2000, 2000);
    INSERT INTO credential VALUES (zeroblob(16), 1, 'code', 'primary', 1000);
  `);
  old.close();

  const database = await Database.open({ folder, tables: [tables] });
  t.teardown(() => database.close());
  const store = new DatabaseIdentityStore(database);
  const [ann, ...others] = await store.profilesOf([1, 2]);
  t.deepEqual(others, []);
  t.deepEqual(ann?.person, {
    id: ANN,
    userName: 'Ann',
    displayName: 'Ann Ö',
    email: 'ann@example.org',
  } as never);
  t.deepEqual(ann?.details, plainDetails(ANN as never));
  const [code] = await store.credentialsOf([1]);
  t.like(code, { owner: 1, kind: 'code', rank: 'primary', origin: 'local' });
  t.is(code?.expiresAt, undefined);
  t.is(await store.lastNumber(), 2);
  await t.throwsAsync(openIdentity({ store }), { code: 'index-key-missing' });
  await applyChange(store, { at: 3000, removed: [1], revoked: [], people: [], issued: [] });
  t.deepEqual(await store.profilesOf([1]), []);
});
