// What a directory's picture and its news make of people, cards and codes; over both stores.
import test, { type ExecutionContext } from 'ava';
import { Database } from '../../../base/database/database.ts';
import { Hours } from '../../../base/units.ts';
import { DatabaseIdentityStore } from '../../../identity/database-store.ts';
import type { Identity } from '../../../identity/identity.ts';
import type { PeopleChanged } from '../../../identity/people/changed.ts';
import type { PeoplePlan } from '../../../identity/people/draft.ts';
import { tables } from '../../../identity/tables.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { openIdentity } from '../fixture.ts';
import { MemoryIdentityStore } from '../memory-store.ts';
import { applied, draft, news, OFFICE, picture } from './drafts.ts';
import { plannedElsewhere } from './planned-elsewhere.ts';

const AT = { panel: 'p' };

async function openStore(t: ExecutionContext, kind: string) {
  if (kind === 'memory') return new MemoryIdentityStore();
  const database = await Database.open({ folder: await temporaryFolder(t), tables: [tables] });
  t.teardown(() => database.close());
  return new DatabaseIdentityStore(database);
}

/** @param kind of store; or `elsewhere`: planned through what passes between threads */
async function openPeople(t: ExecutionContext, kind: string) {
  const opened = await openIdentity({ store: await openStore(t, kind) });
  const { identity } = opened;
  if (kind !== 'elsewhere') return opened;
  const preview = identity.preview.bind(identity);
  identity.preview = (delta) => preview(plannedElsewhere(delta));
  return opened;
}

function byCode(identity: Identity, code: string): string | undefined {
  const signIn = identity.signInWithCode(code, { panel: code });
  return signIn.ok ? signIn.person.userName : undefined;
}

function byCard(identity: Identity, text: string): string | undefined {
  const signIn = identity.signInWithCard({ kind: 'text', text }, [], { panel: text });
  return signIn.ok ? signIn.person.userName : undefined;
}

const byName = (identity: Identity, name: string) => identity.byUserName(name)?.id ?? ('' as never);

/** Who claims what somebody else has. */
function conflicts({ issues }: PeoplePlan): string[] {
  return issues.flatMap(({ issue, userName, holder }) =>
    issue === 'conflict' ? `${userName} ${holder}` : [],
  );
}

for (const kind of ['memory', 'database', 'elsewhere']) {
  test(`${kind}: a first picture creates everybody; the same again changes nothing`, async (t) => {
    const { identity, store, gatewayKey } = await openPeople(t, kind);
    const ann = draft('ann', {
      cards: ['04:A1:B2:C3', '99'],
      codes: ['480297'],
      department: 'IT',
      groups: ['Staff', 'Print'],
      attributes: { floor: '3', a: '1' },
      language: 'pl',
      expiresAt: 10 ** 13,
    });
    const all = picture(ann, draft('bob', { enabled: false, codes: ['771393'] }));
    const report = await applied(identity, all);
    t.like(report, { seen: 2, created: 2, before: 0, gained: { cards: 2, codes: 2 }, issues: 0 });
    t.is(byCard(identity, '4a1b2c3'), 'ann');
    t.is(byCard(identity, '480297'), undefined, 'a code is no card');
    t.is(byCode(identity, '480297'), 'ann');
    t.is(byCode(identity, '771393'), undefined, 'bob is disabled');

    const shuffled = draft('ann', { ...ann, groups: ['print', 'STAFF'], attributes: { a: '1', floor: '3' } });
    const again = await identity.preview(
      picture(draft('bob', { enabled: false, codes: ['771393'] }), shuffled),
    );
    t.like(again.counts, { seen: 2, unchanged: 2, created: 0, changed: 0, removed: 0, before: 2 });
    t.deepEqual(again.people, []);

    const id = identity.byUserName('ann')?.id;
    t.like(await identity.profile(id ?? ('' as never)), {
      department: 'IT',
      groups: ['Print', 'Staff'],
      attributes: { floor: '3', a: '1' },
      language: 'pl',
      key: ann.key,
      cards: { primary: 1, secondary: 1 },
      codes: { primary: 1, secondary: 0 },
      pin: false,
    });
    const reopened = await openIdentity({ store, gatewayKey });
    t.is(byCard(reopened.identity, '99'), 'ann');
    t.is(reopened.identity.idOf(ann.key), id);
    t.deepEqual(
      (await reopened.identity.profiles({ limit: 10 })).map(({ userName }) => userName),
      ['ann', 'bob'],
    );
  });

  test(`${kind}: renames, disables, enables and removes, and tells who was touched`, async (t) => {
    const { identity } = await openPeople(t, kind);
    await applied(identity, picture(draft('ann', { codes: ['480297'] }), draft('bob'), draft('carl')));
    const ids = ['ann', 'bob', 'carl'].map((name) => identity.byUserName(name)?.id);
    const told: PeopleChanged[] = [];
    identity.onChange((change) => told.push(change));

    const plan = await identity.preview(
      news(
        [
          draft('ann', {
            key: draft('ann').key,
            userName: 'anna',
            email: 'ann@example.org',
            codes: ['480297'],
          }),
          draft('bob', { enabled: false }),
        ],
        [draft('carl').key.id, 'aaaa'],
      ),
    );
    t.like(plan.counts, { changed: 1, disabled: 1, removed: 1, created: 0, before: 3, unchanged: 0 });
    t.deepEqual(
      plan.people.map(({ fate, userName, fields }) => [fate, userName, ...fields]),
      [
        ['removed', 'carl'],
        ['disabled', 'bob', 'enabled'],
        ['changed', 'anna', 'userName'],
      ],
    );
    t.is(identity.byUserName('anna'), undefined, 'a preview changes nothing');
    await identity.apply(plan);
    t.is(byCode(identity, '480297'), 'anna', 'what stayed stays');
    t.is(identity.byUserName('anna')?.id, ids[0]);
    t.deepEqual(told, [
      { updated: [ids[0], ids[1]], removed: [ids[2]], disabled: [ids[1]] } as unknown as PeopleChanged,
    ]);
    t.false(identity.isActive(ids[1] ?? ('' as never)));
    t.like(await applied(identity, news([draft('bob')])), { enabled: 1 });
    t.true(identity.isActive(ids[1] ?? ('' as never)));
    await applied(identity, news([draft('carl')]));
    t.is(identity.byUserName('carl')?.id, ids[2], 'who comes back within the day is who they were');
  });

  test(`${kind}: whoever is not in a whole picture is gone, other sources aside`, async (t) => {
    const { identity } = await openPeople(t, kind);
    await applied(identity, picture(draft('ann', { cards: ['77'] }), draft('bob')));
    const lab = draft('lena', { key: { source: 'lab', id: 'aa' } });
    await applied(identity, { source: 'lab', upserts: [lab], removed: [], complete: true });
    const report = await applied(identity, picture(draft('bob', { cards: ['77'] })));
    t.like(report, { removed: 1, changed: 1, before: 2, lost: { cards: 1 }, gained: { cards: 1 } });
    t.is(byCard(identity, '77'), 'bob', 'what goes is free in the same change');
    t.is(identity.byUserName('lena')?.userName, 'lena');
  });

  test(`${kind}: a credential stays with the first, and is reported`, async (t) => {
    const { identity } = await openPeople(t, kind);
    await applied(identity, picture(draft('ann', { cards: ['77'], codes: ['480297'] })));
    const both = picture(
      draft('bob', { cards: ['77', '78'], codes: ['480297'] }),
      draft('ann', { cards: ['77'], codes: ['480297'] }),
      draft('carl', { cards: ['78'] }),
    );
    const plan = await identity.preview(both);
    t.deepEqual(
      plan.issues.map(({ issue, what, userName, holder }) => [issue, what, userName, holder]),
      [
        ['conflict', 'card', 'bob', 'ann'],
        ['conflict', 'code', 'bob', 'ann'],
        ['conflict', 'card', 'carl', 'bob'],
      ],
    );
    await identity.apply(plan);
    t.is(byCard(identity, '77'), 'ann');
    t.is(byCard(identity, '78'), 'bob');
    const again = await identity.preview(both);
    t.like(again.counts, { unchanged: 3, changed: 0, issues: 3 }, 'the same again changes nothing');
    await applied(identity, picture(draft('bob', { cards: ['77', '78'] }), draft('carl', { cards: ['78'] })));
    t.is(byCard(identity, '77'), 'bob', 'the next one has it when the first is gone');
  });

  test(`${kind}: who claimed a card first has it as soon as its owner loses it, by whatever`, async (t) => {
    const { identity, store, gatewayKey } = await openPeople(t, kind);
    await applied(identity, picture(draft('ann', { cards: ['77'] }), draft('bob'), draft('carl')));
    const claim = await applied(identity, news([draft('bob', { cards: ['77', '78'] })]));
    t.like(claim, { changed: 1, gained: { cards: 1 }, claims: 1, issues: 1 });
    await applied(identity, news([draft('carl', { cards: ['77'] })]));
    t.is(byCard(identity, '77'), 'ann');

    // Read from the store again, where nothing else of it is left.
    const again = await openIdentity({ store, gatewayKey });
    const plan = await again.identity.preview(news([draft('dora', { cards: ['77'] }), draft('ann')]));
    t.like(plan.counts, { created: 1, changed: 2, credentialsChanged: 2, claims: 1, issues: 2 });
    t.like(plan.counts, { gained: { cards: 1 }, lost: { cards: 1 } });
    t.deepEqual(
      plan.people.map(({ userName, gained, lost }) => [userName, gained.cards, lost.cards]),
      [
        ['ann', 0, 1],
        ['bob', 1, 0],
        ['dora', 0, 0],
      ],
    );
    t.deepEqual(conflicts(plan), ['dora bob', 'carl bob'], 'bob was before carl, and carl before dora');
    await again.identity.apply(plan);
    t.is(byCard(again.identity, '77'), 'bob');
    t.is(byCard(again.identity, '78'), 'bob');
    const id = again.identity.byUserName('bob')?.id ?? ('' as never);
    t.like(
      await again.identity.profile(id),
      { cards: { primary: 1, secondary: 1 } },
      'as the entry ranks them',
    );

    t.like(await applied(again.identity, news([], [draft('bob').key.id])), { removed: 1, changed: 1 });
    t.is(byCard(again.identity, '77'), 'carl');
    const person = again.identity.byUserName('carl')?.id ?? ('' as never);
    t.like(await again.identity.edit([{ edit: 'revoke', person, kind: 'card' }]), { changed: 2, issues: 0 });
    t.is(byCard(again.identity, '77'), 'dora', 'somebody else may get it by the source');
    t.like(await again.identity.conflicts(OFFICE), { count: 0, listed: [] });
  });

  test(`${kind}: a claim is over when the entry makes it no more, or its person goes`, async (t) => {
    const { identity } = await openPeople(t, kind);
    const [bob, carl] = [draft('bob', { cards: ['77'] }), draft('carl', { cards: ['77'] })];
    await applied(identity, picture(draft('ann', { cards: ['77'] }), bob, carl));
    t.like(await applied(identity, news([draft('bob')])), { unchanged: 1, claims: 1, issues: 1 });
    await applied(identity, news([], [carl.key.id]));
    await applied(identity, news([carl]));
    const back = await identity.preview(news([bob]));
    t.deepEqual(conflicts(back), ['bob ann', 'carl ann']);
    await applied(identity, news([draft('carl'), draft('ann')]));
    t.is(byCard(identity, '77'), undefined);
    t.false(identity.isTaken('card', '77'));

    const three = ['ann', 'bob', 'carl'].map((name) => draft(name, { cards: ['88'] }));
    await applied(identity, picture(...three));
    await applied(identity, news([], [draft('ann').key.id, bob.key.id]));
    t.is(byCard(identity, '88'), 'carl', 'the first of those who are left');
  });

  test(`${kind}: every plan of a source tells what stands, by the names of the day, and writes it once`, async (t) => {
    const { identity } = await openPeople(t, kind);
    const bob = draft('bob', { cards: ['77'], codes: ['480297'] });
    const ann = draft('ann', { cards: ['77'], codes: ['480297'] });
    await applied(identity, picture(ann));
    t.like(await applied(identity, news([bob])), { claims: 2 });
    t.like((await identity.preview(news([bob]))).counts, { unchanged: 1, claims: 0, issues: 2 });
    t.like((await identity.preview(picture(ann, bob))).counts, { unchanged: 2, claims: 0, issues: 2 });
    await applied(identity, news([draft('anna', { ...ann, userName: 'anna' })]));
    await applied(identity, news([draft('bob', { ...bob, userName: 'rob' })]));
    const told = (what: string) =>
      ({ issue: 'conflict', what, userName: 'rob', domain: 'example.org', holder: 'anna' }) as const;
    t.deepEqual(await identity.conflicts(OFFICE), { count: 2, listed: [told('card'), told('code')] });
    const quiet = await identity.preview(news([]));
    t.deepEqual(quiet.issues, [told('card'), told('code')]);
    t.like(quiet.counts, { claims: 0, issues: 2 });
    const lab = { source: 'lab', upserts: [], removed: [], complete: false };
    t.deepEqual((await identity.preview(lab)).issues, [], 'the conflicts of another source are its own');
    t.is((await identity.conflicts('lab')).count, 0);
  });

  test(`${kind}: what somebody of another source loses is theirs who claim it, and their plan says so`, async (t) => {
    const { identity } = await openPeople(t, kind);
    const lena = draft('lena', { key: { source: 'lab', id: 'aa' }, cards: ['77'] });
    await applied(identity, { ...picture(lena), source: 'lab' });
    await applied(identity, news([draft('bob', { cards: ['77'] })]));
    const plan = await identity.preview({ ...news([], ['aa']), source: 'lab' });
    t.deepEqual(
      plan.people.map(({ fate, userName }) => [fate, userName]),
      [
        ['removed', 'lena'],
        ['changed', 'bob'],
      ],
    );
    await identity.apply(plan);
    t.is(byCard(identity, '77'), 'bob');
    t.like(
      await applied(identity, news([draft('bob')])),
      { lost: { cards: 1 } },
      'it is of the source that claimed it',
    );
  });

  test(`${kind}: what the administrator gives goes before claims, and claims nothing`, async (t) => {
    const { identity } = await openPeople(t, kind);
    const bob = draft('bob', { cards: ['77'] });
    await applied(identity, picture(draft('ann', { cards: ['77'] }), bob, draft('carl')));
    const id = (name: string) => identity.byUserName(name)?.id ?? ('' as never);
    const give = (name: string) =>
      ({
        edit: 'issue',
        person: id(name),
        kind: 'card',
        text: '77',
        rank: 'primary',
        replace: false,
      }) as const;
    t.like(await identity.edit([give('carl')]), { claims: 0, issues: 1 });
    const revoke = { edit: 'revoke', person: id('ann'), kind: 'card' } as const;
    await identity.edit([revoke, give('carl')]);
    t.is(byCard(identity, '77'), 'carl');
    t.deepEqual(conflicts(await identity.preview(news([]))), ['bob carl'], 'the claim stands');
    await identity.edit([{ ...revoke, person: id('carl') }, give('bob')]);
    t.is(byCard(identity, '77'), 'bob');
    t.is((await identity.conflicts(OFFICE)).count, 0);
  });

  test(`${kind}: a revocation ends what the person claims, and bars it`, async (t) => {
    const { identity } = await openPeople(t, kind);
    const given = { cards: ['77', '78'], codes: ['480297'] };
    const both = [draft('ann', given), draft('bob', given)];
    await applied(identity, picture(...both));
    const person = identity.byUserName('bob')?.id ?? ('' as never);
    const revoke = { edit: 'revoke', person, kind: 'card' } as const;
    t.like(await identity.edit([{ ...revoke, text: '7-8' }]), { claims: 1, issues: 0, lost: { cards: 0 } });
    t.like(await identity.edit([{ ...revoke, rank: 'secondary' }]), { claims: 0 });
    t.deepEqual(conflicts(await identity.preview(news([]))), ['bob ann', 'bob ann'], 'the others stand');
    t.like(await identity.edit([{ ...revoke, rank: 'primary' }]), { claims: 1 });
    const give = { edit: 'issue', person, kind: 'code', rank: 'primary' } as const;
    t.like(await identity.edit([{ ...give, text: '902461', replace: true }]), { claims: 1 }, 'in its place');

    const plan = await identity.preview(picture(...both));
    t.deepEqual(
      plan.issues.map(({ issue, what, userName }) => [issue, what, userName]),
      [
        ['revoked', 'card', 'bob'],
        ['revoked', 'card', 'bob'],
        ['revoked', 'code', 'bob'],
      ],
    );
    await applied(identity, news([], [draft('ann').key.id]));
    await applied(identity, picture(draft('bob', given)));
    t.deepEqual([byCard(identity, '77'), byCard(identity, '78'), byCode(identity, '480297')], Array(3));
    t.is(byCode(identity, '902461'), 'bob');
    await identity.edit([
      { edit: 'issue', person, kind: 'card', text: '77', rank: 'primary', replace: false },
    ]);
    t.is(byCard(identity, '77'), 'bob', 'by hand it is given again');
  });

  test(`${kind}: what has ended is not in the way of whom a source gives it`, async (t) => {
    const { identity, clock, store, gatewayKey } = await openPeople(t, kind);
    const [ann, bob] = [draft('ann', { codes: ['480297'] }), draft('bob', { cards: ['55'] })];
    await applied(identity, picture(ann));
    const person = identity.byUserName('ann')?.id ?? ('' as never);
    const expiresAt = clock.now() + Hours(8);
    const card = { kind: 'card', text: '55', rank: 'primary', replace: false } as const;
    await identity.edit([
      { edit: 'issue', person, ...card, expiresAt },
      { edit: 'expire', person, kind: 'code', expiresAt },
    ]);
    const early = await identity.preview(picture(ann, bob));
    t.deepEqual(conflicts(early), ['bob ann'], 'until then it is in the way');
    await identity.apply(early);
    clock.advance(Hours(8));

    const carl = draft('carl', { cards: ['55'], codes: ['480297'] });
    const plan = await identity.preview(news([carl]));
    t.like(plan.counts, { created: 1, changed: 2, lost: { cards: 1, codes: 1 } });
    t.deepEqual(conflicts(plan), ['carl bob'], 'whoever claimed it first has it');
    await identity.apply(plan);
    t.is(byCard(identity, '55'), 'bob');
    t.is(byCode(identity, '480297'), 'carl');
    const again = await openIdentity({ store, gatewayKey });
    t.is(byCard(again.identity, '55'), 'bob');
    t.deepEqual(
      (await identity.preview(picture(ann, bob, carl))).issues.map(({ issue, userName }) => [
        issue,
        userName,
      ]),
      [
        ['revoked', 'ann'],
        ['conflict', 'carl'],
      ],
      'the directory does not give it again without its end',
    );

    // To whom the source gives it too, it is theirs without that end, before it is anybody else's.
    await identity.edit([{ edit: 'issue', person, ...card, text: '66', expiresAt: clock.now() }]);
    const own = draft('ann', { cards: ['66'] });
    const both = picture(draft('bob', { cards: ['55', '66'] }), own, carl);
    t.like(await applied(identity, both), { credentialsChanged: 1, lost: { cards: 0 }, claims: 1 });
    t.is(byCard(identity, '66'), 'ann');
    t.like((await identity.preview(both)).counts, { changed: 0, claims: 0 });

    // What the very change prolongs has not ended.
    await identity.edit([
      { edit: 'expire', person: byName(identity, 'bob'), kind: 'card', expiresAt: clock.now() },
    ]);
    const prolonged = await identity.edit([
      { edit: 'issue', person: byName(identity, 'bob'), ...card },
      { edit: 'issue', person, ...card },
    ]);
    t.like(prolonged, { lost: { cards: 0 }, issues: 1 });
    t.is(byCard(identity, '55'), 'bob');
  });

  test(`${kind}: reports values that are no credentials, and takes over the rest`, async (t) => {
    const { identity } = await openPeople(t, kind);
    const long = 'x'.repeat(300);
    const plan = await identity.preview(
      picture(
        draft('ann', { cards: ['::', '55'], codes: ['12a4', '1234'], department: long, email: 'no address' }),
        draft('ann'),
        draft('b\u0000b'),
        draft('carl', { cards: Array.from({ length: 20 }, (_, at) => `9000${at}`) }),
      ),
    );
    t.deepEqual(
      plan.issues.map(({ issue, what }) => `${issue} ${what}`),
      [
        'field email',
        'field department',
        'unreadable card',
        'unreadable code',
        'trivial code',
        'twice person',
        'field userName',
        'too-many card',
      ],
    );
    t.like(await identity.apply(plan), { created: 2, gained: { cards: 17, codes: 1 } });
    t.is(identity.byUserName('ann')?.email, '');
    t.is(byCode(identity, '1234'), 'ann', 'a trivial code is reported, and works');
  });

  test(`${kind}: a source that says nothing of cards leaves them; ranks follow the order`, async (t) => {
    const { identity } = await openPeople(t, kind);
    await applied(identity, picture(draft('ann', { cards: ['55', '66'] })));
    const { cards: _, ...silent } = draft('ann', { department: 'IT' });
    await applied(identity, picture(silent));
    t.is(byCard(identity, '55'), 'ann');
    const swapped = await applied(identity, picture(draft('ann', { department: 'IT', cards: ['66', '55'] })));
    t.like(swapped, { changed: 1, credentialsChanged: 1, gained: { cards: 0 }, lost: { cards: 0 } });
    t.like(await applied(identity, picture(draft('ann', { department: 'IT', cards: ['66', '55'] }))), {
      unchanged: 1,
    });
    const none = await applied(identity, picture(draft('ann', { department: 'IT' })));
    t.like(none, { lost: { cards: 2 } });
    t.is(byCard(identity, '55'), undefined);
  });

  test(`${kind}: what was revoked stays so for somebody who was gone in between, also over a restart`, async (t) => {
    const { identity, store, gatewayKey } = await openIdentity({ store: await openStore(t, kind) });
    const ann = draft('ann', { cards: ['55', '66'] });
    await applied(identity, picture(ann, draft('bob')));
    const person = identity.byUserName('ann')?.id ?? ('' as never);
    const edits = [{ edit: 'revoke', person, kind: 'card', text: '55' }] as const;
    await identity.apply(await identity.previewEdits(edits));
    await applied(identity, picture(draft('bob')));
    const again = await openIdentity({ store, gatewayKey });
    await applied(again.identity, picture(ann, draft('bob')));
    t.is(byCard(again.identity, '66'), 'ann');
    t.is(byCard(again.identity, '55'), undefined);
  });

  test(`${kind}: what was revoked here stays revoked though the source gives it; codes given here stay`, async (t) => {
    const { identity, store, gatewayKey } = await openPeople(t, kind);
    const ann = draft('ann', { cards: ['55', '66'], codes: ['480297'] });
    await applied(identity, picture(ann, draft('bob')));
    const person = identity.byUserName('ann')?.id ?? ('' as never);
    const edits = [
      { edit: 'revoke', person, kind: 'card', text: '5-5' },
      { edit: 'issue', person, kind: 'code', text: '902461', rank: 'primary', replace: true },
    ] as const;
    const report = await identity.apply(await identity.previewEdits(edits));
    t.like(report, { changed: 1, lost: { cards: 1, codes: 1 }, gained: { codes: 1 } });
    t.is(byCard(identity, '55'), undefined);
    t.is(byCode(identity, '480297'), undefined);
    t.is(byCode(identity, '902461'), 'ann');
    t.true(identity.isTaken('card', '55'), 'nobody else is given a revoked one by chance');

    const again = await openIdentity({ store, gatewayKey });
    const plan = await again.identity.preview(picture(ann, draft('bob', { cards: ['55'] })));
    t.deepEqual(
      plan.issues.map(({ issue, what }) => [issue, what]),
      [
        ['revoked', 'card'],
        ['revoked', 'code'],
      ],
    );
    await again.identity.apply(plan);
    t.is(byCard(again.identity, '55'), 'bob', 'somebody else may get it by the source');
    t.is(byCard(again.identity, '66'), 'ann');
    t.is(byCode(again.identity, '902461'), 'ann');
  });

  test(`${kind}: what the source gave already and was given here too stays though the source drops it`, async (t) => {
    const { identity } = await openPeople(t, kind);
    await applied(identity, picture(draft('ann', { cards: ['55'], codes: ['480297'] })));
    const person = identity.byUserName('ann')?.id ?? ('' as never);
    const given = { edit: 'issue', person, rank: 'primary', replace: false } as const;
    await identity.edit([
      { ...given, kind: 'card', text: '55' },
      { ...given, kind: 'code', text: '480297' },
    ]);
    t.like(await applied(identity, picture(draft('ann'))), { lost: { cards: 0, codes: 0 } });
    t.is(byCard(identity, '55'), 'ann');
    t.is(byCode(identity, '480297'), 'ann');
  });

  test(`${kind}: a PIN is of its person only, and replaces the one before`, async (t) => {
    const { identity } = await openPeople(t, kind);
    await applied(identity, picture(draft('ann'), draft('bob')));
    const [ann, bob] = ['ann', 'bob'].map((name) => identity.byUserName(name)?.id ?? ('' as never));
    await identity.setPin(ann as never, '4802');
    await identity.setPin(bob as never, '4802');
    const pin = (person: unknown, text: string) => identity.verifyPin(person as never, text, AT).ok;
    t.true(pin(ann, '4802'));
    t.true(pin(bob, ' 4802'));
    t.true(identity.hasPin(bob as never));
    await identity.setPin(ann as never, '7713');
    t.false(pin(ann, '4802'));
    t.true(pin(ann, '7713'));
    t.false(identity.isTaken('code', '7713'));
    await t.throwsAsync(identity.setPin(ann as never, '12x4'), { code: 'bad-pin' });
    await identity.removePin(ann as never);
    t.false(pin(ann, '7713'));
    t.deepEqual([identity.hasPin(ann as never), identity.hasPin(bob as never)], [false, true]);
    for (let tries = 0; tries < 6; tries++) pin(bob, '0000');
    t.false(pin(bob, '4802'), 'too many wrong ones: not looked at');
    t.true(identity.verifyPin(bob as never, '4802', { panel: 'elsewhere' }).ok);
    await applied(identity, news([draft('bob', { enabled: false })]));
    t.false(identity.verifyPin(bob as never, '4802', { panel: 'elsewhere' }).ok);
  });
}

test('a plan is for the people that it was made of, and each change one at a time', async (t) => {
  const { identity } = await openIdentity();
  const plan = await identity.preview(picture(draft('ann')));
  const other = await identity.preview(picture(draft('bob')));
  await identity.apply(plan);
  await t.throwsAsync(identity.apply(other), { code: 'plan-outdated' });
  await t.throwsAsync(identity.apply(plan), { code: 'plan-outdated' });
  const first = identity.preview(picture(draft('carl')));
  await t.throwsAsync(identity.preview(picture(draft('dora'))), { code: 'people-busy' });
  await first;
});

test('a digest is the same for the same change, whatever the order, and another for another', async (t) => {
  const { identity } = await openIdentity();
  await applied(identity, picture(draft('ann', { codes: ['480297'] }), draft('bob')));
  const [ann, bob] = [draft('ann', { codes: ['771393'] }), draft('bob', { office: 'Lyon' })];
  const digest = async (...drafts: Parameters<typeof picture>) =>
    (await identity.preview(picture(...drafts))).digest;
  const one = await digest(ann, bob);
  t.is(await digest(bob, ann), one);
  t.not(await digest(bob), one);
  t.not(await digest(draft('ann', { codes: ['771394'] }), bob), one);
  t.not(await digest(ann, draft('bob', { office: 'Paris' })), one);
});

test('an error of the source in the middle changes nothing', async (t) => {
  const { identity } = await openIdentity();
  await applied(identity, picture(draft('ann')));
  async function* cut() {
    yield draft('bob');
    throw new Error('the line went dead');
  }
  const delta = { source: OFFICE, upserts: cut(), removed: [], complete: true };
  await t.throwsAsync(identity.preview(delta), { message: /went dead/ });
  t.is(identity.size, 1);
  t.like(await applied(identity, picture(draft('ann'))), { unchanged: 1 });
  const strange = { ...news([]), upserts: [draft('x', { key: { source: 'lab', id: 'aa' } })] };
  await t.throwsAsync(identity.preview(strange), { instanceOf: RangeError });
});

test('an end that was set here outlasts another order at the source', async (t) => {
  const { identity, clock } = await openIdentity();
  await applied(identity, picture(draft('ann', { cards: ['55', '66'] })));
  const end = clock.now() + Hours(8);
  await identity.edit([{ edit: 'expire', person: byName(identity, 'ann'), kind: 'card', expiresAt: end }]);
  t.like(await applied(identity, picture(draft('ann', { cards: ['66', '55'] }))), { credentialsChanged: 1 });
  t.is(byCard(identity, '55'), 'ann');
  clock.advance(Hours(8));
  t.deepEqual([byCard(identity, '55'), byCard(identity, '66')], [undefined, undefined]);
});

test('a code ends by the clock, and so does a person', async (t) => {
  const { identity, clock } = await openIdentity();
  const end = clock.now() + 600_000;
  await applied(identity, picture(draft('ann'), draft('guest', { expiresAt: end, codes: ['480297'] })));
  const person = identity.byUserName('ann')?.id ?? ('' as never);
  const issue = { edit: 'issue', person, kind: 'code', rank: 'primary', replace: false } as const;
  await identity.apply(await identity.previewEdits([{ ...issue, text: '902461', expiresAt: end }]));
  t.is(byCode(identity, '902461'), 'ann');
  t.is(byCode(identity, '480297'), 'guest');
  clock.advance(600_000);
  t.is(byCode(identity, '902461'), undefined);
  t.is(byCode(identity, '480297'), undefined);
});
