// A directory kept in step, over Samba: applied, held and accepted, cut, two domains with the same names.
import test, { type ExecutionContext } from 'ava';
import { Database } from '../../../base/database/database.ts';
import { Hours, Minutes } from '../../../base/units.ts';
import { attributeNames, type DirectoryOptions } from '../../../identity/directory/options.ts';
import { DirectorySync } from '../../../identity/directory/sync.ts';
import { tables } from '../../../identity/directory/tables.ts';
import { SyncWorkers } from '../../../identity/directory/workers.ts';
import type { PlanCounts } from '../../../identity/people/draft.ts';
import { peerTest } from '../../peers/require-peer.ts';
import { type Controller, type Forest, ownAddress, provision, SAMBA_PROGRAMS } from '../../peers/samba.ts';
import { RecordingLog } from '../../recording-log.ts';
import { CuttingProxy } from '../../simulators/cutting-proxy.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { openIdentity } from '../fixture.ts';
import { optionsFor, TestDomain } from './domain.ts';

const peer = peerTest(test.serial, SAMBA_PROGRAMS);
const [ONE, TWO] = [ownAddress(13), ownAddress(113)];
const ADDRESSES = [ONE, TWO, '127.0.0.1'];

let forest: Forest;
test.before(async () => {
  forest = await provision('print.test', ADDRESSES);
});
test.after.always(() => forest?.[Symbol.asyncDispose]());

async function underTest(t: ExecutionContext) {
  const log = new RecordingLog();
  const { identity, gatewayKey, alerts, clock } = await openIdentity({ log });
  const database = await Database.open({ folder: await temporaryFolder(t), tables: [tables] });
  t.teardown(() => database.close());
  const workers = new SyncWorkers();
  t.teardown(() => workers[Symbol.asyncDispose]());
  const open = (directory: DirectoryOptions) =>
    DirectorySync.open({
      name: directory.name,
      directory: async () => directory,
      people: identity,
      store: database.client(tables),
      workers,
      gatewayKey,
      alerts,
      clock,
      log,
    });
  return { identity, alerts, log, clock, open };
}

async function withPeople(controller: Controller, number: number): Promise<TestDomain> {
  const domain = await TestDomain.prepare(controller);
  for (let at = 0; at < number; at++) await domain.person(`p${at}`, { employeeID: `04A1B2C3${at + 10}` });
  return domain;
}

const withCards = { attributes: attributeNames('active-directory', { cards: ['employeeID'] }) };

peer(
  'a sync that would disable too many waits; what was shown is carried out when it is accepted',
  async (t) => {
    await using controller = await forest.start(ONE);
    const domain = await withPeople(controller, 15);
    const { identity, alerts, log, clock, open } = await underTest(t);
    const options = await optionsFor(forest, controller, withCards);
    const sync = await open(options);
    const previewed = await sync.run({ dryRun: true });
    t.is(previewed.outcome, 'previewed');
    t.is(identity.size, 0);
    const first = await sync.run();
    t.like(first, { outcome: 'applied', full: true });
    t.like(first.counts, { created: 15, gained: { cards: 15, codes: 0 } });
    t.is(identity.byUserName('p3')?.email, '');

    for (let at = 0; at < 12; at++)
      await domain.set(`CN=p${at},${domain.people}`, 'userAccountControl', '546');
    const applied = clock.now();
    clock.advance(Minutes(5));
    const second = await sync.run();
    t.like(sync.state, { lastSuccess: applied, lastContact: applied + Minutes(5) }, 'held is contact too');
    t.like(second, {
      outcome: 'held',
      full: false,
      reasons: ['12 of 15 people would be removed or disabled'],
    });
    t.true(alerts.standing.has('directory office held'));
    const held = await sync.held();
    t.is(held?.number, second.plan);
    t.is(held?.plan.people.filter(({ fate }) => fate === 'disabled').length, 12);
    t.is((await sync.run()).plan, second.plan, 'the same plan keeps its number');

    const again = await open(options);
    t.is(again.state.plan, second.plan, 'it waits after a restart too');
    t.is(again.state.lastContact, applied + Minutes(5));
    await t.throwsAsync(again.accept(999), { code: 'no-such-plan' });
    await domain.set(`CN=p13,${domain.people}`, 'mail', 'p13@print.test');
    await t.throwsAsync(again.accept(second.plan ?? 0), { code: 'plan-outdated' });
    t.is(identity.byUserName('p13')?.email, '', 'nothing was changed');
    const newer = again.state.plan ?? 0;
    t.not(newer, second.plan);
    const accepted = await again.accept(newer);
    t.like(accepted, { outcome: 'applied' });
    t.is(accepted.counts.disabled, 12);
    t.is(identity.byUserName('p13')?.email, 'p13@print.test');
    t.false(alerts.standing.has('directory office held'));
    t.is(await again.held(), undefined);
    t.false(log.text.includes('04A1B2C3'), 'no card in the log');
    // Two programs, in effect: `sync` and `again`.
    t.is(
      log.of('directory followed by USN, not by DirSync').length,
      2,
      'told once by each, at the first of its syncs',
    );
  },
);

peer('who expires in the directory signs in no more, and who is extended does again', async (t) => {
  await using controller = await forest.start(ONE);
  const domain = await withPeople(controller, 2);
  const { identity, clock, open } = await underTest(t);
  const sync = await open(await optionsFor(forest, controller, withCards));
  await sync.run();
  const read = () => {
    const signIn = identity.signInWithCard({ kind: 'text', text: '04A1B2C310' }, [], { panel: 'front' });
    return signIn.ok ? signIn.person.userName : signIn.reason;
  };
  t.is(read(), 'p0');
  const sets = async (accountExpires: string, counts: Partial<PlanCounts>) => {
    await domain.set(`CN=p0,${domain.people}`, 'accountExpires', accountExpires);
    t.like(await sync.run(), { outcome: 'applied', full: false, counts });
  };
  await sets(fileTimeOf(clock.now() - Minutes(1)), { disabled: 1, enabled: 0 });
  t.is(read(), 'unknown');
  await sets(fileTimeOf(clock.now() + Hours(1)), { disabled: 0, enabled: 1 });
  t.is(read(), 'p0');
  clock.advance(Hours(1));
  t.is(read(), 'unknown', 'by the clock, without a sync');
  await sets('0', { disabled: 0, enabled: 1 });
  t.is(read(), 'p0', 'without an end');
});

/** 100 ns steps since 1601 (MS-ADTS §2.3.8). @param at milliseconds since 1970 */
const fileTimeOf = (at: number): string => String(BigInt(at + 11_644_473_600_000) * 10_000n);

peer('a plan that only a look at everybody has shown waits on, whatever the changes tell', async (t) => {
  await using controller = await forest.start(ONE);
  const domain = await withPeople(controller, 15);
  const { identity, alerts, open } = await underTest(t);
  const options = await optionsFor(forest, controller);
  const sync = await open(options);
  await sync.run();
  for (let at = 0; at < 12; at++) await domain.admin.del(`CN=p${at},${domain.people}`);
  t.is((await sync.run()).counts.removed, 0, 'the account sees no deleted people, and the sweep is not due');
  const held = await sync.run({ full: true });
  t.is(held.outcome, 'held');
  const again = await open(options);
  t.is((await again.run()).plan, held.plan);
  t.true(alerts.standing.has('directory office held'));
  t.like(await again.accept(held.plan ?? 0), { outcome: 'applied', full: true });
  t.is(identity.size, 3);
  t.false((await again.run()).full);
});

peer('an answer that is refused is contact all the same; silence is none', async (t) => {
  await using controller = await forest.start(ONE);
  const domain = await withPeople(controller, 1);
  const empty = await domain.ou('Empty');
  const { identity, clock, open } = await underTest(t);
  const options = await optionsFor(forest, controller);
  await (await open(options)).run();
  const asked = async (more: Partial<DirectoryOptions>, code: string) => {
    clock.advance(Minutes(5));
    const sync = await open({ ...options, ...more });
    const before = sync.state.lastContact;
    await t.throwsAsync(sync.run(), { code });
    t.is((await open(options)).state.lastContact, sync.state.lastContact, 'also after a restart');
    t.is(identity.size, 1);
    return sync.state.lastContact - before;
  };
  t.is(await asked({ bases: [empty] }, 'directory-empty'), Minutes(5));
  t.is(await asked({ groups: ['nobody-knows-it'] }, 'directory-group'), Minutes(5));
  t.is(await asked({ password: 'wrong' }, 'directory-sign-in'), 0);
  await controller.stop();
  t.is(await asked({}, 'directory-unreachable'), 0);
});

peer('a card that two people have stays with the first, and both are named', async (t) => {
  await using controller = await forest.start(ONE);
  const domain = await withPeople(controller, 2);
  const { identity, log, open } = await underTest(t);
  const sync = await open(await optionsFor(forest, controller, withCards));
  await sync.run();
  await domain.set(`CN=p1,${domain.people}`, 'employeeID', '04A1B2C310');
  const outcome = await sync.run();
  t.deepEqual(outcome.issues, [
    { issue: 'conflict', what: 'card', userName: 'p1', domain: 'print.test', holder: 'p0' },
  ]);
  const signIn = identity.signInWithCard({ kind: 'text', text: '04A1B2C310' }, [], { panel: 'desk' });
  t.is(signIn.ok && signIn.person.userName, 'p0');
  t.like(identity.signInWithCard({ kind: 'text', text: '04A1B2C311' }, [], { panel: 'desk' }), { ok: false });
  t.like(log.of('a card or code of two people stays with the first')[0], { user: 'p1', holder: 'p0' });
  t.false(log.text.includes('04A1B2C3'));
});

peer('a card that goes from one to another is the other’s, whichever entry is changed first', async (t) => {
  await using controller = await forest.start(ONE);
  const domain = await withPeople(controller, 2);
  await domain.person('new');
  const { identity, alerts, log, open } = await underTest(t);
  const options = await optionsFor(forest, controller, withCards);
  const sync = await open(options);
  await sync.run();
  const holder = () => {
    const signIn = identity.signInWithCard({ kind: 'text', text: '04A1B2C310' }, [], { panel: 'desk' });
    return signIn.ok && signIn.person.userName;
  };
  const told = {
    issue: 'conflict',
    what: 'card',
    userName: 'new',
    domain: 'print.test',
    holder: 'p0',
  } as const;
  await domain.set(`CN=new,${domain.people}`, 'employeeID', '04A1B2C310');
  t.deepEqual((await sync.run({ dryRun: true })).issues, [told]);
  t.is((await sync.conflicts()).count, 0, 'a look at it keeps nothing');
  t.like(await sync.run(), { full: false, outcome: 'applied', counts: { unchanged: 1, claims: 1 } });
  t.like(await sync.run(), { full: false, issues: [told], counts: { claims: 0 } }, 'every sync tells it');
  t.deepEqual(await sync.conflicts(), { count: 1, listed: [told] });
  t.is(log.of('a card or code of two people stays with the first').length, 1, 'the journal hears it once');

  alerts.standing.clear();
  const again = await open(options);
  const alert = alerts.standing.get('directory office conflicts');
  t.regex(alert?.message ?? '', /a card of new@print.test is that of p0 already/, 'after a restart too');
  t.is(holder(), 'p0');
  await domain.set(`CN=p0,${domain.people}`, 'employeeID', '04A1B2C312');
  t.like(await again.run(), { full: false, issues: [], counts: { changed: 2, credentialsChanged: 2 } });
  t.is(holder(), 'new');
  t.false(alerts.standing.has('directory office conflicts'));
  t.is((await sync.conflicts()).count, 0);
});

peer('what is held or accepted takes the claims along', async (t) => {
  await using controller = await forest.start(ONE);
  const domain = await withPeople(controller, 24);
  const { identity, open } = await underTest(t);
  const sync = await open(await optionsFor(forest, controller, withCards));
  await sync.run();
  const cardOf = (at: number) => `04A1B2C3${at + 10}`;
  for (let at = 0; at < 12; at += 1)
    await domain.set(`CN=p${at + 12},${domain.people}`, 'employeeID', cardOf(at));
  const lost = await sync.run();
  t.like(lost, { outcome: 'held', reasons: ['cards or codes of 12 of 24 people would change'] });
  t.is((await sync.conflicts()).count, 0);
  t.like(await sync.accept(lost.plan ?? 0), { outcome: 'applied', counts: { claims: 12, issues: 12 } });
  for (let at = 0; at < 12; at += 1) await domain.set(`CN=p${at},${domain.people}`, 'employeeID', `55${at}0`);
  const moved = await sync.run();
  t.like(moved, { outcome: 'held', reasons: ['cards or codes of 24 of 24 people would change'] });
  t.is((await sync.conflicts()).count, 12, 'they stand until it is carried out');
  t.like(await sync.accept(moved.plan ?? 0), { outcome: 'applied', counts: { issues: 0 } });
  const signIn = identity.signInWithCard({ kind: 'text', text: cardOf(3) }, [], { panel: 'desk' });
  t.is(signIn.ok && signIn.person.userName, 'p15');
});

peer('an attribute that is named no more takes away what it gave, and what is claimed by it', async (t) => {
  await using controller = await forest.start(ONE);
  const domain = await withPeople(controller, 15);
  const { identity, open } = await underTest(t);
  const before = await open(await optionsFor(forest, controller, withCards));
  await before.run();
  await domain.set(`CN=p1,${domain.people}`, 'employeeID', '04A1B2C310');
  await before.run();
  t.is((await before.conflicts()).count, 1);
  const person = identity.byUserName('p2')?.id ?? ('' as never);
  const given = { kind: 'card', text: '7001', rank: 'secondary', replace: false } as const;
  await identity.edit([{ edit: 'issue', person, ...given }]);

  const sync = await open(await optionsFor(forest, controller));
  const held = await sync.run();
  const reasons = ['cards or codes of 14 of 15 people would change'];
  t.like(held, { outcome: 'held', full: true, reasons });
  t.is((await sync.conflicts()).count, 1);
  t.like(await sync.accept(held.plan ?? 0), { counts: { lost: { cards: 14 }, claims: 1, issues: 0 } });
  t.is((await sync.conflicts()).count, 0);
  const holders = await identity.holdersOf('card', ['04A1B2C310', '04A1B2C313', '7001']);
  t.deepEqual(
    holders.map((each) => each?.userName),
    [undefined, undefined, 'p2'],
    'what was given here stays',
  );
  t.like(await sync.run(), { outcome: 'applied', full: false, counts: { changed: 0 } });
});

peer('a sync that is cut changes nothing, says so, and the next one goes on', async (t) => {
  await using controller = await forest.start(ONE);
  const domain = await withPeople(controller, 20);
  await using proxy = await CuttingProxy.start({ host: ONE, port: 636 });
  const { identity, alerts, open } = await underTest(t);
  const servers = [{ host: '127.0.0.1', port: proxy.port, security: 'tls' }] as const;
  const sync = await open(await optionsFor(forest, controller, { servers }));
  await sync.run({ dryRun: true });
  const most = Math.floor(proxy.passed * 0.8);
  proxy.cutAfter(most);
  await t.throwsAsync(sync.run(), { code: 'directory-unreachable' });
  t.is(identity.size, 0);
  t.is(sync.state.failuresInARow, 1);
  t.true(alerts.standing.has('directory office fails'));
  proxy.cutAfter(Number.POSITIVE_INFINITY);
  await sync.run();
  t.is(identity.size, 20);
  t.false(alerts.standing.has('directory office fails'));
  await domain.admin.del(`CN=p0,${domain.people}`);
  proxy.cutAfter(most);
  await t.throwsAsync(sync.run({ full: true }), { code: 'directory-unreachable' });
  t.is(identity.size, 20);
});

peer('who is disabled stays the same person, also when everybody is read anew', async (t) => {
  await using controller = await forest.start(ONE);
  const domain = await withPeople(controller, 3);
  const { identity, clock, open } = await underTest(t);
  const options = await optionsFor(forest, controller, withCards);
  const sync = await open(options);
  await sync.run();
  const id = identity.byUserName('p1')?.id;
  await domain.set(`CN=p1,${domain.people}`, 'userAccountControl', '546');
  t.is((await sync.run()).counts.disabled, 1);
  clock.advance(Hours(30));
  t.like(await sync.run({ full: true }), { full: true, counts: { removed: 0, disabled: 0 } });
  const wider = await open({ ...options, bases: [forest.context] });
  const question = await wider.run();
  t.like(question, { full: true, counts: { removed: 0 } }, 'nor when the question is another one');
  clock.advance(Hours(30));
  await domain.set(`CN=p1,${domain.people}`, 'userAccountControl', '544');
  t.is((await wider.run()).counts.enabled, 1);
  t.is(identity.byUserName('p1')?.id, id);
});

peer('two domains may have the same names', async (t) => {
  await using school = await provision('school.test', ADDRESSES);
  await using one = await forest.start(ONE);
  await using two = await school.start(TWO);
  await withPeople(one, 2);
  await withPeople(two, 3);
  const { identity, open } = await underTest(t);
  const office = await open(await optionsFor(forest, one));
  const pupils = await open({ ...(await optionsFor(school, two)), name: 'school' });
  await office.run();
  await pupils.run();
  t.is(identity.size, 5);
  t.is(identity.byUserName('p0'), undefined, 'two people have it');
  t.not(identity.byUserName('p0@print.test')?.id, identity.byUserName('p0@school.test')?.id);
  t.is(
    (await office.run({ full: true })).counts.removed,
    0,
    'people of the other domain are not missed here',
  );
});
