// What hung on the old index key is gone after a rekey: claims too, which nothing could tell from any other by the new one.
import test from 'ava';
import { Database } from '../../base/database/database.ts';
import { DatabaseIdentityStore } from '../../identity/database-store.ts';
import { tables as directoryTables } from '../../identity/directory/tables.ts';
import { tables as passwordTables } from '../../identity/passwords/tables.ts';
import { tables as rekeyTables } from '../../identity/rekey/tables.ts';
import { tables } from '../../identity/tables.ts';
import { tables as tokenTables } from '../../identity/tokens/tables.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openIdentity } from './fixture.ts';
import { applied, draft, OFFICE, picture } from './people/drafts.ts';

test('a rekey forgets who claims what; the next look at everybody finds it again', async (t) => {
  const database = await Database.open({
    folder: await temporaryFolder(t),
    tables: [tables, directoryTables, passwordTables, tokenTables, rekeyTables],
  });
  t.teardown(() => database.close());
  const store = new DatabaseIdentityStore(database);
  const { identity, gatewayKey } = await openIdentity({ store });
  const both = picture(draft('ann', { cards: ['77'] }), draft('bob', { cards: ['77'] }));
  await applied(identity, both);
  t.is((await identity.conflicts(OFFICE)).count, 1);
  await database.client(rekeyTables).carryOut(undefined);
  t.deepEqual(await store.claimsOfSource(OFFICE, 9), { count: 0, claims: [] });
  const again = await openIdentity({ store, gatewayKey });
  t.like(await applied(again.identity, both), { changed: 1, claims: 1 });
  t.is((await again.identity.conflicts(OFFICE)).count, 1);
});
