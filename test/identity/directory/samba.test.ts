// The reading of Active Directory against Samba: first sync, every kind of change as delta, two controllers, failures.
import test from 'ava';
import { Failure } from '../../../base/errors.ts';
import { attributeNames } from '../../../identity/directory/options.ts';
import type { Picture } from '../../../identity/directory/picture.ts';
import { peerTest } from '../../peers/require-peer.ts';
import {
  ADMINISTRATOR_PASSWORD,
  allowDirSync,
  type Controller,
  type Forest,
  ownAddress,
  provision,
  SAMBA_PROGRAMS,
} from '../../peers/samba.ts';
import { CuttingProxy } from '../../simulators/cutting-proxy.ts';
import { optionsFor, readOnce, TestDomain } from './domain.ts';

const peer = peerTest(test.serial, SAMBA_PROGRAMS);

/** Of the controllers; the last is in no certificate. */
const [ONE, TWO] = [ownAddress(12), ownAddress(112)];
const ADDRESSES = [ONE, TWO, '127.0.0.1'];

let forest: Forest;
test.before(async () => {
  forest = await provision('print.test', ADDRESSES);
});
test.after.always(() => forest?.[Symbol.asyncDispose]());

peer('a first sync takes who is asked for, as the directory has them', async (t) => {
  await using controller = await forest.start(ONE);
  const domain = await TestDomain.prepare(controller);
  await domain.person('anna', {
    displayName: 'Anna  Schäfer\u200b',
    givenName: 'Anna',
    sn: 'Schäfer',
    mail: 'Anna@Print.Test',
    department: 'Surgery',
    physicalDeliveryOfficeName: 'B2',
    employeeID: '04A1B2C3',
    employeeType: 'Nurse',
    preferredLanguage: 'de-CH',
    accountExpires: '133860816000000000',
  });
  const bob = await domain.person('bob', { accountExpires: '0' });
  await domain.person('carl', { accountExpires: '9223372036854775807' });
  await domain.set(bob, 'userAccountControl', '546');
  await domain.person('outside', { parent: `CN=Users,${forest.context}` });
  const attributes = attributeNames('active-directory', {
    cards: ['employeeID', 'otherPager'],
    others: ['employeeType', 'otherTelephone', 'info'],
  });
  await domain.set(`CN=anna,${domain.people}`, 'otherTelephone', '12', '34');
  await domain.set(`CN=anna,${domain.people}`, 'otherPager', '0815', '4711');
  const seen = await readOnce(await optionsFor(forest, controller, { attributes }));
  t.true(seen.complete);
  t.deepEqual(seen.names, ['anna', 'carl']);
  const anna = seen.drafts.get('anna');
  t.is(anna?.key.source, 'office');
  const [entry] = (await domain.admin.search(`<GUID=${anna?.key.id}>`, { scope: 'base' })).searchEntries;
  t.is(entry?.['sAMAccountName'], 'anna', 'the id is the GUID as the directory itself reads it');
  t.like(anna, {
    domain: 'print.test',
    displayName: 'Anna Schäfer',
    email: 'anna@print.test',
    department: 'Surgery',
    office: 'B2',
    language: 'de',
    enabled: true,
    expiresAt: Date.UTC(2025, 2, 10, 12),
    attributes: { employeeType: 'Nurse' },
  });
  t.is(anna?.cards?.[0], '04A1B2C3');
  t.deepEqual([...(anna?.cards ?? [])].sort(), ['04A1B2C3', '0815', '4711']);
  t.deepEqual(anna?.attributes['otherTelephone']?.split('; ').sort(), ['12', '34']);
  t.false('info' in (anna?.attributes ?? {}));
  t.is(seen.drafts.get('carl')?.expiresAt, undefined);
  const all = await readOnce(await optionsFor(forest, controller, { includeDisabled: true }));
  t.false(all.drafts.get('bob')?.enabled);
});

peer('every kind of change comes as a delta, and only that', async (t) => {
  await using controller = await forest.start(ONE);
  const domain = await TestDomain.prepare(controller);
  const away = await domain.ou('Away');
  const dn = new Map<string, string>();
  for (const name of ['anna', 'bob', 'carl', 'dora', 'emil', 'fred']) dn.set(name, await domain.person(name));
  const of = (name: string) => dn.get(name) ?? '';
  const options = await optionsFor(forest, controller);
  const first = await readOnce(options);
  const id = (name: string) => first.drafts.get(name)?.key.id ?? '';

  const nothing = await readOnce(options, first.picture);
  t.false(nothing.complete);
  t.deepEqual([nothing.names, nothing.removed], [[], []]);

  await domain.set(of('anna'), 'mail', 'anna@print.test');
  await domain.set(of('bob'), 'userAccountControl', '546');
  await domain.set(of('carl'), 'sAMAccountName', 'karl');
  await domain.admin.modifyDN(of('carl'), 'CN=Karl Neu');
  await domain.admin.modifyDN(of('dora'), `CN=dora,${away}`);
  await domain.admin.del(of('emil'));
  await domain.person('gina');
  const day = 86_400_000;
  const delta = await readOnce(options, first.picture, Date.UTC(2026, 0, 1) + day);
  t.false(delta.complete);
  t.deepEqual(delta.names, ['anna', 'bob', 'gina', 'karl']);
  t.is(delta.drafts.get('anna')?.email, 'anna@print.test');
  t.false(delta.drafts.get('bob')?.enabled);
  t.is(delta.drafts.get('karl')?.key.id, id('carl'));
  t.deepEqual([...delta.removed].sort(), [id('dora'), id('emil')].sort());
  t.is(delta.picture.people.size, 5);

  const again = await readOnce(options, delta.picture, Date.UTC(2026, 0, 1) + day);
  t.deepEqual([again.names, again.removed], [[], []]);
  const otherQuestion = { ...options, includeDisabled: true };
  t.true((await readOnce(otherQuestion, delta.picture)).complete, 'another question is a full sync');
});

peer('whoever leaves the base comes back as the same person', async (t) => {
  await using controller = await forest.start(ONE);
  const domain = await TestDomain.prepare(controller);
  const away = await domain.ou('Away');
  const anna = await domain.person('anna');
  await domain.person('bob');
  const options = await optionsFor(forest, controller);
  const first = await readOnce(options);
  const id = first.drafts.get('anna')?.key.id ?? '';
  await domain.admin.modifyDN(anna, `CN=anna,${away}`);
  const left = await readOnce(options, first.picture);
  t.deepEqual([left.names, left.removed], [[], [id]]);
  await domain.admin.modifyDN(`CN=anna,${away}`, anna);
  const back = await readOnce(options, left.picture);
  t.false(back.complete);
  t.deepEqual([back.names, back.removed], [['anna'], []]);
  t.is(back.drafts.get('anna')?.key.id, id);
});

peer('a deletion is found when the look at everybody is due, though nothing was written since', async (t) => {
  await using controller = await forest.start(ONE);
  const domain = await TestDomain.prepare(controller);
  const anna = await domain.person('anna');
  await domain.person('bob');
  const options = await optionsFor(forest, controller);
  const begin = Date.UTC(2026, 0, 1);
  const first = await readOnce(options, undefined, begin);
  await domain.admin.del(anna);
  const early = await readOnce(options, first.picture, begin + 5 * 60_000);
  t.deepEqual(early.removed, [], 'this account may not read deleted objects');
  const late = await readOnce(options, early.picture, begin + 10 * 60_000);
  t.deepEqual(late.removed, [first.drafts.get('anna')?.key.id ?? '']);
  const after = await readOnce(options, late.picture, begin + 60 * 60_000);
  t.is(after.picture, late.picture, 'nothing is looked at any more');
});

peer('a look at everybody finds who is gone among many, and who lies elsewhere', async (t) => {
  await using controller = await forest.start(ONE);
  const domain = await TestDomain.prepare(controller);
  for (let at = 0; at < 120; at++) await domain.person(`p${at}`);
  const options = await optionsFor(forest, controller);
  const begin = Date.UTC(2026, 0, 1);
  const first = await readOnce(options, undefined, begin);
  // As an account remembers somebody who was moved along with a place that it may not see.
  const whole = await readOnce({ ...options, bases: [] });
  const elsewhere = whole.drafts.get('svc')?.key.id ?? '';
  for (const name of ['p3', 'p110']) await domain.admin.del(`CN=${name},${domain.people}`);
  const before = { ...first.picture, people: new Set([elsewhere, ...first.picture.people]) };
  const late = await readOnce(options, before, begin + 10 * 60_000);
  const gone = ['p3', 'p110'].map((name) => first.drafts.get(name)?.key.id ?? '');
  t.deepEqual([...late.removed].sort(), [elsewhere, ...gone].sort());
  t.is(late.picture.people.size, 118);
});

peer('an OU that is moved takes its people out of the base and into it', async (t) => {
  await using controller = await forest.start(ONE);
  const domain = await TestDomain.prepare(controller);
  const ward = `OU=Ward,${domain.people}`;
  await domain.admin.add(ward, { objectClass: 'organizationalUnit', ou: 'Ward' });
  await domain.person('anna', { parent: ward });
  await domain.person('bob');
  const options = await optionsFor(forest, controller, {
    bindName: `Administrator@${forest.realm}`,
    password: ADMINISTRATOR_PASSWORD,
  });
  const first = await readOnce(options);
  t.deepEqual(first.names, ['anna', 'bob']);
  await domain.admin.modifyDN(ward, `OU=Ward,${forest.context}`);
  const left = await readOnce(options, first.picture);
  t.true(left.complete);
  t.deepEqual(left.names, ['bob']);
  await domain.admin.modifyDN(`OU=Ward,${forest.context}`, ward);
  const back = await readOnce(options, left.picture);
  t.deepEqual(back.names, ['anna', 'bob']);
  await domain.admin.add(`OU=New,${forest.context}`, { objectClass: 'organizationalUnit', ou: 'New' });
  t.false((await readOnce(options, back.picture)).complete, 'a new one holds nobody who has not changed');
});

peer('a nested group that is deleted takes its members along at once', async (t) => {
  await using controller = await forest.start(ONE);
  const domain = await TestDomain.prepare(controller);
  const anna = await domain.person('anna');
  const bob = await domain.person('bob');
  const inner = await domain.group('inner', [anna]);
  await domain.group('outer', [inner, bob]);
  const options = await optionsFor(forest, controller, { groups: ['outer'], people: 'groups' });
  const first = await readOnce(options);
  t.deepEqual(first.names, ['anna', 'bob']);
  await domain.admin.del(inner);
  const left = await readOnce(options, first.picture);
  t.false(left.complete);
  t.deepEqual(left.removed, [first.drafts.get('anna')?.key.id ?? '']);
});

peer('deletions are seen without a sweep by an account that may read them', async (t) => {
  await using controller = await forest.start(ONE);
  const domain = await TestDomain.prepare(controller);
  const anna = await domain.person('anna');
  await domain.person('bob');
  const options = await optionsFor(forest, controller, {
    bindName: `Administrator@${forest.realm}`,
    password: ADMINISTRATOR_PASSWORD,
  });
  const first = await readOnce(options);
  await domain.admin.del(anna);
  const delta = await readOnce(options, first.picture);
  t.deepEqual(delta.removed, [first.drafts.get('anna')?.key.id ?? '']);
  t.is(delta.picture.sweptAt, first.picture.sweptAt);
  // As somebody leaves it who was given the right to read them only after the deletion.
  const { goneCursor } = first.picture;
  await domain.person('carl');
  const owed = { ...first.picture, cursor: delta.picture.cursor, goneCursor, dirSync: '' };
  const later = await readOnce(options, owed, Date.UTC(2026, 0, 1) + 10 * 60_000);
  t.deepEqual(later.removed, delta.removed, 'a sweep that is owed is made');
});

peer(
  'groups: nested ones, two thousand members, the primary one, and changes of membership alone',
  async (t) => {
    await using controller = await forest.start(ONE);
    const domain = await TestDomain.prepare(controller);
    const people: string[] = [];
    for (let at = 0; at < 2000; at++) people.push(await domain.person(`p${at}`));
    const [p0 = '', p1 = ''] = people;
    const inner = await domain.group('inner', [p0]);
    const middle = await domain.group('middle', [inner]);
    await domain.group('outer', [middle]);
    await domain.group('everyone', people);
    const options = await optionsFor(forest, controller, { groups: ['outer', 'everyone'], people: 'groups' });
    const first = await readOnce(options);
    t.is(first.names.length, 2000);
    t.deepEqual(first.drafts.get('p0')?.groups, ['everyone', 'outer']);
    t.deepEqual(first.drafts.get('p1999')?.groups, ['everyone']);

    await domain.change('add', inner, 'member', p1);
    const joined = await readOnce(options, first.picture);
    t.false(joined.complete);
    t.deepEqual(joined.names, ['p1']);
    t.deepEqual(joined.drafts.get('p1')?.groups, ['everyone', 'outer']);

    await domain.change('delete', middle, 'member', inner);
    const left = await readOnce(options, joined.picture);
    t.deepEqual(left.names, ['p0', 'p1']);
    t.deepEqual(left.drafts.get('p0')?.groups, ['everyone']);

    const only = await readOnce({ ...options, groups: ['Domain Users'] });
    t.is(only.names.length, 2000, 'the primary group stands in no member list');
    await t.throwsAsync(readOnce({ ...options, groups: ['nobody-knows-it'] }), { code: 'directory-group' });
  },
);

peer('another domain controller, and one that is down, mean a full sync from the next', async (t) => {
  await using one = await forest.start(ONE);
  const domain = await TestDomain.prepare(one);
  await domain.person('anna');
  const options = await optionsFor(forest, one, {
    servers: [
      { host: ONE, port: 636, security: 'tls' },
      { host: TWO, port: 389, security: 'starttls' },
    ],
  });
  const first = await readOnce(options);
  t.is(first.server, ONE);
  await one.stop();
  await using two = await forest.replicate(one, TWO);
  const replica = new TestDomain(two);
  await replica.person('bob');
  const second = await readOnce(options, first.picture);
  t.is(second.server, TWO);
  t.not(second.picture.epoch, first.picture.epoch);
  t.true(second.complete, 'the cursor of one means nothing to the other');
  t.deepEqual(second.names, ['anna', 'bob']);
  t.is(second.drafts.get('anna')?.key.id, first.drafts.get('anna')?.key.id, 'nobody is somebody else');
  const delta = await readOnce(options, second.picture);
  t.false(delta.complete);
});

peer('with DirSync another controller tells what has changed since the first', async (t) => {
  await using one = await forest.start(ONE);
  const domain = await TestDomain.prepare(one);
  await allowDirSync(one, `CN=svc,CN=Users,${forest.context}`);
  const away = await domain.ou('Away');
  const dn = new Map<string, string>();
  for (const name of ['anna', 'bob', 'carl', 'dora', 'emil']) dn.set(name, await domain.person(name));
  const of = (name: string) => dn.get(name) ?? '';
  const ward = `OU=Ward,${domain.people}`;
  await domain.admin.add(ward, { objectClass: 'organizationalUnit', ou: 'Ward' });
  const group = await domain.group('nurses', [of('bob')]);
  const options = await optionsFor(forest, one, {
    groups: ['nurses'],
    servers: [
      { host: ONE, port: 636, security: 'tls' },
      { host: TWO, port: 636, security: 'tls' },
    ],
  });
  const first = await readOnce(options);
  t.is(first.dirSyncRefused, undefined);
  t.not(first.picture.dirSync, '');

  await domain.set(of('anna'), 'mail', 'anna@print.test');
  await domain.set(of('emil'), 'description', 'which nobody asked for');
  const same = await readOnce(options, first.picture);
  t.false(same.complete);
  t.deepEqual(
    [same.names, same.removed],
    [['anna'], []],
    'only of whom an attribute that is read has changed',
  );

  await one.stop();
  await using two = await forest.replicate(one, TWO);
  const replica = new TestDomain(two);
  const nothing = await readOnce(options, same.picture);
  t.like(nothing, { server: TWO, complete: false, names: [], removed: [] });
  t.not(nothing.picture.epoch, same.picture.epoch);

  await replica.person('gina');
  await replica.set(of('bob'), 'userAccountControl', '546');
  await replica.change('add', group, 'member', of('carl'));
  await replica.admin.modifyDN(of('dora'), `CN=dora,${away}`);
  await replica.admin.del(of('emil'));
  const removed = ['dora', 'emil'].map((name) => first.drafts.get(name)?.key.id ?? '').sort();
  for (const before of [nothing, same]) {
    // Samba shows deleted people to administrators only, by DirSync too: the sweep finds them.
    const later = Date.UTC(2026, 0, 1) + 86_400_000;
    const delta = await readOnce(options, before.picture, later);
    t.false(delta.complete, 'from the cookie of this controller, and from that of the other');
    t.deepEqual(delta.names, ['bob', 'carl', 'gina']);
    t.false(delta.drafts.get('bob')?.enabled);
    t.deepEqual(delta.drafts.get('carl')?.groups, ['nurses']);
    t.deepEqual([...delta.removed].sort(), removed);
  }
  await replica.admin.modifyDN(ward, `OU=Station,${domain.people}`);
  t.true((await readOnce(options, nothing.picture)).complete, 'a place that has another name');
  const spoilt = await readOnce(options, { ...same.picture, dirSync: 'bm8gY29va2ll' });
  t.true(spoilt.complete);
  t.regex(spoilt.dirSyncRefused ?? '', /answers with an error/);
});

peer('what is wrong is told: CA, host name, password, disabled service account, nobody there', async (t) => {
  await using controller = await forest.start(ONE);
  const domain = await TestDomain.prepare(controller);
  await domain.person('anna');
  const options = await optionsFor(forest, controller);
  const failure = async (more: Partial<typeof options>) =>
    (await t.throwsAsync<Failure>(readOnce({ ...options, ...more }), { instanceOf: Failure }))?.explanation ??
    '';
  t.regex(await failure({ ca: undefined }), /signed by nobody .*ca-file/);
  const byName = { host: 'localhost', port: 636, security: 'tls' } as const;
  t.regex(await failure({ servers: [byName] }), /does not answer/);
  t.regex(
    await failure({ password: 'wrong' }),
    /does not let the service account in: the password is wrong \(data 52e\)/,
  );
  t.regex(await failure({ password: '' }), /password is empty/);
  t.regex(await failure({ bases: [`OU=Nowhere,${forest.context}`] }), /answers with an error/);
  t.regex(
    await failure({ attributes: attributeNames('active-directory', { userName: 'carLicense' }) }),
    /none is asked for/,
  );
  await domain.set(`CN=svc,CN=Users,${forest.context}`, 'userAccountControl', '514');
  t.regex(await failure({}), /this user is disabled \(data 533\)/);
});

peer(
  'a connection that is cut, or a server that dies, in the middle of a sync or a delta gives nothing',
  async (t) => {
    await using controller = await forest.start(ONE);
    const domain = await TestDomain.prepare(controller);
    for (let at = 0; at < 400; at++) await domain.person(`p${at}`);
    await using proxy = await CuttingProxy.start({ host: ONE, port: 636 });
    const options = await optionsFor(forest, controller, {
      servers: [{ host: '127.0.0.1', port: proxy.port, security: 'tls' }],
    });
    const whole = await readOnce(options);
    t.is(whole.names.length, 400);
    const size = proxy.passed;
    for (const share of [0.2, 0.6, 0.9]) {
      proxy.cutAfter(Math.floor(size * share));
      await t.throwsAsync(readOnce(options), { code: 'directory-unreachable' });
    }
    proxy.cutAfter(Number.POSITIVE_INFINITY);
    for (let at = 0; at < 300; at++) await domain.set(`CN=p${at},${domain.people}`, 'department', 'X');
    proxy.cutAfter(30_000);
    await t.throwsAsync(readOnce(options, whole.picture), { code: 'directory-unreachable' });

    const killed = async (running: Controller, octets: number, before?: Picture) => {
      proxy.cutAfter(octets, () => running.kill());
      await t.throwsAsync(readOnce(options, before), { code: 'directory-unreachable' });
      await running.stop();
    };
    await killed(controller, 30_000, whole.picture);
    await using second = await forest.restart(controller);
    await killed(second, Math.floor(size * 0.6));
    await using third = await forest.restart(second);
    t.is(third.address, controller.address);
    proxy.cutAfter(Number.POSITIVE_INFINITY);
    t.is((await readOnce(options, whole.picture)).names.length, 300, 'and then it goes on where it was');
  },
);
