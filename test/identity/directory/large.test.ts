// More people than are planned with in the gateway, over OpenLDAP: planned in the sync worker, applied, held, stopped in the middle.
import test, { type ExecutionContext } from 'ava';
import { Client } from 'ldapts';
import { Database } from '../../../base/database/database.ts';
import { DatabaseIdentityStore } from '../../../identity/database-store.ts';
import { FEW } from '../../../identity/directory/messages.ts';
import type { DirectoryOptions } from '../../../identity/directory/options.ts';
import { DirectoryReading } from '../../../identity/directory/reader.ts';
import { DirectorySync } from '../../../identity/directory/sync.ts';
import { tables as directoryTables } from '../../../identity/directory/tables.ts';
import { SyncWorkers } from '../../../identity/directory/workers.ts';
import type { PeopleChanged } from '../../../identity/people/changed.ts';
import { tables } from '../../../identity/tables.ts';
import { peerTest } from '../../peers/require-peer.ts';
import { ROOT_DN, ROOT_PASSWORD, SLAPD_PROGRAMS, type Slapd, SUFFIX, startSlapd } from '../../peers/slapd.ts';
import { RecordingLog } from '../../recording-log.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { openIdentity } from '../fixture.ts';
import { ldif, optionsOf } from './numbered-people.ts';

const peer = peerTest(test.serial, SLAPD_PROGRAMS);
const PEOPLE = FEW + 300;

async function underTest(t: ExecutionContext, options: DirectoryOptions) {
  const database = await Database.open({
    folder: await temporaryFolder(t),
    tables: [tables, directoryTables],
  });
  t.teardown(() => database.close());
  const log = new RecordingLog();
  const store = new DatabaseIdentityStore(database);
  const { identity, gatewayKey, alerts, clock } = await openIdentity({ log, store });
  const workers = new SyncWorkers();
  t.teardown(() => workers[Symbol.asyncDispose]());
  const sync = await DirectorySync.open({
    name: 'office',
    directory: async () => options,
    people: identity,
    store: database.client(directoryTables),
    workers,
    gatewayKey,
    alerts,
    clock,
    log,
  });
  const told: PeopleChanged[] = [];
  identity.onChange((change) => told.push(change));
  const byCard = (text: string) => {
    const signIn = identity.signInWithCard({ kind: 'text', text }, [], { panel: 'front' });
    return signIn.ok ? signIn.person.userName : undefined;
  };
  return { identity, gatewayKey, store, workers, sync, alerts, log, told, byCard };
}

async function administrator({ port, ca }: Slapd): Promise<Client> {
  const admin = new Client({ url: `ldaps://localhost:${port}`, timeout: 20_000, tlsOptions: { ca } });
  await admin.bind(ROOT_DN, ROOT_PASSWORD);
  return admin;
}

peer('a large sync is planned in the worker: applied, the same again, held, accepted', async (t) => {
  await using slapd = await startSlapd(ldif(PEOPLE));
  const { identity, gatewayKey, store, sync, told, byCard, log } = await underTest(t, optionsOf(slapd));
  const seen: number[] = [];
  const previewed = await sync.run({ dryRun: true, onProgress: (people) => seen.push(people) });
  t.like(previewed.counts, { seen: PEOPLE, created: PEOPLE, gained: { cards: PEOPLE, codes: 0 } });
  t.is(seen.at(-1), PEOPLE);
  t.is(identity.size, 0);
  t.like(await sync.run(), { outcome: 'applied', full: true });
  t.is(identity.size, PEOPLE);
  t.is(byCard('1000007'), 'p7');
  t.deepEqual(told, [], 'new people hold nothing yet');

  const again = await sync.run({ full: true });
  t.like(again.counts, { unchanged: PEOPLE, changed: 0, before: PEOPLE });
  const id = identity.byUserName('p7')?.id ?? ('' as never);
  await identity.edit([{ edit: 'revoke', person: id, kind: 'card' }]);
  t.is((await sync.run({ full: true })).counts.changed, 0, 'what is revoked here stays so');
  t.is(byCard('1000007'), undefined);

  await using admin = await administrator(slapd);
  for (let at = 1; at <= 45; at++) await admin.del(`uid=p${at},ou=people,${SUFFIX}`);
  const held = await sync.run({ full: true });
  t.like(held, { outcome: 'held', reasons: [`45 of ${PEOPLE} people would be removed or disabled`] });
  t.is(identity.size, PEOPLE);
  told.length = 0;
  t.is((await sync.accept(held.plan ?? 0)).outcome, 'applied');
  t.is(identity.size, PEOPLE - 45);
  t.is(told.length, 1);
  t.is(told[0]?.removed.length, 45);
  t.true(told[0]?.removed.includes(id));
  t.is(byCard('1000046'), 'p46');
  t.is(byCard('1000045'), undefined);
  t.false(log.text.includes('1000046'), 'no card in the log');

  const { identity: reopened } = await openIdentity({ store, gatewayKey });
  t.is(reopened.size, PEOPLE - 45, 'the database has what the index has');
  t.is(reopened.credentials, identity.credentials);
});

peer('a worker that ends before its plan is carried out leaves everybody as they were', async (t) => {
  await using slapd = await startSlapd(ldif(PEOPLE));
  const { identity, sync, workers } = await underTest(t, optionsOf(slapd));
  const request = { options: optionsOf(slapd), picture: undefined, now: 0 };
  const reading = new DirectoryReading(workers, request, () => {});
  const plan = await identity.preview(reading.delta);
  t.is(plan.counts.created, PEOPLE);
  await reading[Symbol.asyncDispose]();
  await t.throwsAsync(identity.apply(plan), { code: 'plan-outdated' });
  t.is(identity.size, 0);

  const overtaken = new DirectoryReading(workers, request, () => {});
  t.teardown(() => overtaken[Symbol.asyncDispose]());
  const late = await identity.preview(overtaken.delta);
  await identity.apply(await identity.preview({ source: 'x', upserts: [], removed: [], complete: true }));
  await t.throwsAsync(identity.apply(late), { code: 'plan-outdated' });

  const stopped = sync.run({ onProgress: () => void sync.stop() });
  await t.throwsAsync(stopped, { code: 'sync-stopped' });
  t.is(identity.size, 0);
  t.is((await sync.run()).counts.created, PEOPLE, 'the next one goes on');
  t.is(identity.size, PEOPLE);
});
