// What every store of people promises; run over the embedded one and the tests' own.
import { randomUUID } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import { Database } from '../../base/database/database.ts';
import type { CredentialKey } from '../../identity/credential.ts';
import { DatabaseIdentityStore } from '../../identity/database-store.ts';
import { unpack, unpackAll } from '../../identity/index/records.ts';
import type { PersonDetails } from '../../identity/people/draft.ts';
import { type Person, PersonId } from '../../identity/person.ts';
import {
  applyChange,
  FORGOTTEN_AFTER,
  type IdentityStore,
  type PeopleChange,
  plainDetails,
  type StoredCredential,
} from '../../identity/store.ts';
import { tables } from '../../identity/tables.ts';
import { MemoryIdentityStore } from '../identity/memory-store.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const STORES: Record<string, (t: ExecutionContext) => Promise<IdentityStore>> = {
  memory: async () => new MemoryIdentityStore(),
  async database(t) {
    const database = await Database.open({ folder: await temporaryFolder(t), tables: [tables] });
    t.teardown(() => database.close());
    return new DatabaseIdentityStore(database);
  },
};

const NOTHING: PeopleChange = { at: 1000, removed: [], revoked: [], people: [], issued: [] };

const DETAILS: PersonDetails = {
  key: { source: 'office', id: 'guid-1' },
  domain: 'example.org',
  givenName: 'Ann',
  familyName: 'Ö',
  department: 'IT',
  office: 'Berlin',
  costCenter: '4711',
  language: 'de',
  groups: ['Print Users', 'Staff'],
  enabled: false,
  expiresAt: 5000,
  restricted: true,
  guest: true,
  attributes: { floor: '3' },
};

function person(userName: string): Person {
  return {
    id: PersonId(randomUUID()),
    userName,
    displayName: `${userName} Ö`,
    email: `${userName.toLowerCase()}@example.org`,
  };
}

/** Keys that differ in their last octets only. */
function key(value: number): CredentialKey {
  const octets = Buffer.alloc(16, 0xee);
  octets.writeUInt32BE(value, 12);
  return octets as CredentialKey;
}

function code(value: number, owner: number): StoredCredential {
  return { key: key(value), owner, kind: 'code', rank: 'primary', origin: 'local' };
}

async function everybody(store: IdentityStore): Promise<[number, Person][]> {
  const { numbers, records } = await store.peoplePage(0, 100_000);
  return records.map((record, at) => [numbers[at] ?? 0, unpack(record)]);
}

async function everyCredential(store: IdentityStore): Promise<[string, number][]> {
  const { keys, owners } = await store.credentialPage(undefined, 100_000);
  return [...owners].map((owner, at) => [
    Buffer.from(keys.subarray(at * 16, at * 16 + 16)).toString('hex'),
    owner,
  ]);
}

for (const [name, open] of Object.entries(STORES)) {
  test(`${name}: keeps the sealed index key, and replaces it`, async (t) => {
    const store = await open(t);
    t.is(await store.readIndexKey(), undefined);
    await store.writeIndexKey(Buffer.from('one'));
    await store.writeIndexKey(Buffer.from('two'));
    t.deepEqual(Buffer.from((await store.readIndexKey()) ?? []), Buffer.from('two'));
  });

  test(`${name}: begins empty`, async (t) => {
    const store = await open(t);
    t.is(await store.lastNumber(), 0);
    t.deepEqual(await everybody(store), []);
    t.deepEqual(await everyCredential(store), []);
    t.deepEqual(await store.credentialsOf([1, 2]), []);
    t.deepEqual(await store.list({ limit: 10 }), []);
  });

  test(`${name}: keeps people and credentials`, async (t) => {
    const store = await open(t);
    const [ann, bob] = [person('Ann'), person('bob')];
    const change = {
      ...NOTHING,
      people: [
        { number: 1, person: ann },
        { number: 2, person: bob },
      ],
      issued: [code(7, 2), code(3, 1), { ...code(9, 2), rank: 'secondary' as const }],
    };
    await applyChange(store, change);
    t.deepEqual(await everybody(store), [
      [1, ann],
      [2, bob],
    ]);
    t.deepEqual(await everyCredential(store), [
      [key(3).toString('hex'), 1],
      [key(7).toString('hex'), 2],
      [key(9).toString('hex'), 2],
    ]);
    t.deepEqual(await store.credentialsOf([2, 5]), [code(7, 2), { ...code(9, 2), rank: 'secondary' }]);
    t.is(await store.lastNumber(), 2);
  });

  test(`${name}: changes a person in place`, async (t) => {
    const store = await open(t);
    const ann = person('ann');
    await applyChange(store, { ...NOTHING, people: [{ number: 1, person: ann }] });
    const renamed = { ...ann, userName: 'Anna' };
    await applyChange(store, { ...NOTHING, at: 2000, people: [{ number: 1, person: renamed }] });
    t.deepEqual(await everybody(store), [[1, renamed]]);
    t.deepEqual(await store.list({ limit: 10 }), [renamed]);
  });

  test(`${name}: somebody who goes loses the credentials, and keeps the number taken`, async (t) => {
    const store = await open(t);
    await applyChange(store, {
      ...NOTHING,
      people: [
        { number: 1, person: person('ann') },
        { number: 2, person: person('bob') },
      ],
      issued: [code(1, 1), code(2, 2), code(3, 2)],
    });
    await applyChange(store, { ...NOTHING, removed: [2] });
    t.deepEqual(
      (await everybody(store)).map(([number]) => number),
      [1],
    );
    t.deepEqual(await everyCredential(store), [[key(1).toString('hex'), 1]]);
    t.is((await store.list({ limit: 10 })).length, 1);
    t.is(await store.lastNumber(), 2);
  });

  test(`${name}: what a change takes away is free within the same change`, async (t) => {
    const store = await open(t);
    await applyChange(store, {
      ...NOTHING,
      people: [1, 2, 3].map((number) => ({ number, person: person(`p${number}`) })),
      issued: [code(1, 1), code(2, 2), code(3, 3)],
    });
    await applyChange(store, {
      ...NOTHING,
      removed: [3],
      revoked: [key(1), key(2)],
      issued: [code(2, 1), code(3, 2)],
    });
    t.deepEqual(await everyCredential(store), [
      [key(2).toString('hex'), 1],
      [key(3).toString('hex'), 2],
    ]);
  });

  test(`${name}: a credential that somebody has is refused, and nothing of that change is kept`, async (t) => {
    const store = await open(t);
    const ann = person('ann');
    await applyChange(store, { ...NOTHING, people: [{ number: 1, person: ann }], issued: [code(1, 1)] });
    const change = {
      ...NOTHING,
      people: [
        { number: 1, person: { ...ann, userName: 'other' } },
        { number: 2, person: person('bob') },
      ],
      issued: [code(5, 2), code(1, 2)],
    };
    await t.throwsAsync(applyChange(store, change), { code: 'credential-taken' });
    t.deepEqual(await everybody(store), [[1, ann]]);
    t.deepEqual(await everyCredential(store), [[key(1).toString('hex'), 1]]);
    await applyChange(store, { ...NOTHING, issued: [code(6, 1)] });
    t.is((await everyCredential(store)).length, 2, 'nothing of the refused change comes with the next');
  });

  test(`${name}: a change that ends a plan which does not wait is refused, and nothing of it is kept`, async (t) => {
    const store = await open(t);
    const mail = { id: 'code-1', rank: 'primary' as const, sealed: Buffer.from('sealed') };
    const ann = person('ann');
    const change = { ...NOTHING, people: [{ number: 1, person: ann }], issued: [code(1, 1)] };
    const mails = [{ ...mail, person: ann.id }];
    await t.throwsAsync(applyChange(store, { ...change, delivery: { plan: 99, mails } }), {
      code: 'no-such-plan',
    });
    t.deepEqual([await everybody(store), await everyCredential(store)], [[], []]);
    await applyChange(store, { ...change, delivery: { plan: 0, mails }, awaitsCodes: true });
    t.deepEqual(await everybody(store), [[1, ann]]);
  });

  test(`${name}: gives everything in pages, and a change larger than one message`, async (t) => {
    const store = await open(t);
    const numbers = Array.from({ length: 1234 }, (_, index) => index + 1);
    await applyChange(store, {
      ...NOTHING,
      people: numbers.map((number) => ({ number, person: person(`p${number}`) })),
      issued: numbers.map((number) => code(number, number)),
    });
    const seen: number[] = [];
    for (let page = await store.peoplePage(0, 100); page.numbers.length > 0; ) {
      seen.push(...page.numbers);
      page = await store.peoplePage(page.numbers.at(-1) ?? 0, 100);
    }
    t.deepEqual(seen, numbers);
    const owners: number[] = [];
    for (let page = await store.credentialPage(undefined, 100); page.owners.length > 0; ) {
      owners.push(...page.owners);
      page = await store.credentialPage(Buffer.from(page.keys.subarray(-16)) as CredentialKey, 100);
    }
    t.deepEqual(owners, numbers);
  });

  test(`${name}: keeps all that is known of a person; what a change leaves out stays`, async (t) => {
    const store = await open(t);
    const [ann, bob] = [person('ann'), person('bob')];
    await applyChange(store, {
      ...NOTHING,
      people: [
        { number: 1, person: ann, details: DETAILS },
        { number: 2, person: bob },
      ],
    });
    t.deepEqual(await store.profilesOf([1, 2, 3]), [
      { number: 1, person: ann, details: DETAILS, createdAt: 1000, lastActivity: 0 },
      { number: 2, person: bob, details: plainDetails(bob.id), createdAt: 1000, lastActivity: 0 },
    ]);
    const renamed = { ...ann, displayName: 'Anna' };
    await applyChange(store, { ...NOTHING, at: 2000, people: [{ number: 1, person: renamed }] });
    await store.noteActivity([{ number: 1, at: 3000 }]);
    const [profile] = await store.profilesOf([1]);
    t.deepEqual(profile, {
      number: 1,
      person: renamed,
      details: DETAILS,
      createdAt: 1000,
      lastActivity: 3000,
    });
    const fewer = { ...DETAILS, groups: ['Staff'] };
    await applyChange(store, {
      ...NOTHING,
      at: 2000,
      people: [{ number: 1, person: renamed, details: fewer }],
    });
    t.deepEqual((await store.profilesOf([1]))[0]?.details.groups, ['Staff']);
    const { records } = await store.peoplePage(0, 1);
    const { domain, source, sourceId, language, enabled, expiresAt } = unpackAll(records[0] ?? '');
    t.deepEqual(
      { domain, source, sourceId, language, enabled, expiresAt },
      {
        domain: 'example.org',
        source: 'office',
        sourceId: 'guid-1',
        language: 'de',
        enabled: false,
        expiresAt: 5000,
      },
    );
  });

  test(`${name}: keeps where a credential comes from and when it ends`, async (t) => {
    const store = await open(t);
    await applyChange(store, {
      ...NOTHING,
      people: [{ number: 1, person: person('ann') }],
      issued: [{ ...code(1, 1), origin: 'here', expiresAt: 9000 }, code(2, 1)],
    });
    t.deepEqual(await store.credentialsOf([1]), [
      { ...code(1, 1), origin: 'here', expiresAt: 9000 },
      code(2, 1),
    ]);
    t.deepEqual([...(await store.credentialPage(undefined, 9)).expiries], [9000, 0]);
  });

  test(`${name}: bars what was revoked until it is issued again or its owner is gone for a day`, async (t) => {
    const store = await open(t);
    await applyChange(store, {
      ...NOTHING,
      people: [1, 2].map((number) => ({ number, person: person(`p${number}`) })),
      issued: [code(1, 1)],
    });
    const barred = [
      { key: key(1), owner: 1 },
      { key: key(1), owner: 2 },
    ];
    await applyChange(store, { ...NOTHING, revoked: [key(1)], barred });
    t.deepEqual(await store.barred(), barred);
    await applyChange(store, { ...NOTHING, issued: [code(1, 1)], barred: [{ key: key(1), owner: 2 }] });
    t.deepEqual(await store.barred(), [{ key: key(1), owner: 2 }]);
    await applyChange(store, { ...NOTHING, removed: [2] });
    t.is((await store.barred()).length, 1, 'who comes back does not get it back');
    await applyChange(store, { ...NOTHING, at: NOTHING.at + FORGOTTEN_AFTER + 1 });
    t.deepEqual(await store.barred(), []);
  });

  test(`${name}: keeps claims, first come first, until they are over, issued, or their person goes`, async (t) => {
    const store = await open(t);
    const claim = (value: number, owner: number) => ({ ...code(value, owner), origin: 'office' });
    const [first, second, third] = [claim(1, 3), claim(1, 2), { ...claim(2, 2), origin: 'lab' }];
    await applyChange(store, {
      ...NOTHING,
      people: [1, 2, 3, 4].map((number) => ({ number, person: person(`p${number}`) })),
      issued: [code(1, 1), code(2, 1)],
      claimed: [first, second, third],
    });
    t.deepEqual(await store.claimsOn([key(2), key(1), key(9)], 9), [third, first, second]);
    t.deepEqual(await store.claimsOn([key(1), key(2)], 1), [first, third]);
    t.deepEqual(await store.claimsBy([2, 4]), [second, third]);
    t.deepEqual(await store.claimsOfSource('office', 1), { count: 2, claims: [first] });
    t.deepEqual(await store.claimsOfSource('local', 9), { count: 0, claims: [] });

    const other = { ...first, rank: 'secondary' as const };
    await applyChange(store, { ...NOTHING, claimed: [claim(1, 4), other] });
    t.deepEqual(await store.claimsOn([key(1)], 9), [other, second, claim(1, 4)], 'it keeps its place');
    await applyChange(store, { ...NOTHING, unclaimed: [second, claim(5, 1)] });
    t.deepEqual(await store.claimsOn([key(1)], 9), [other, claim(1, 4)]);
    await applyChange(store, { ...NOTHING, revoked: [key(1)], issued: [first] });
    t.deepEqual(await store.claimsOn([key(1)], 9), [claim(1, 4)]);
    await applyChange(store, { ...NOTHING, removed: [4] });
    t.deepEqual(await store.claimsOn([key(1), key(2)], 9), [third]);
  });

  test(`${name}: tells who left, and who it was for a day`, async (t) => {
    const store = await open(t);
    const [ann, bob, carl] = [person('ann'), person('bob'), person('carl')];
    const details = { ...DETAILS, enabled: true };
    const of = (id: string) => ({ ...details, key: { source: 'office', id } });
    await applyChange(store, {
      ...NOTHING,
      people: [
        { number: 1, person: ann, details: of('a') },
        { number: 2, person: bob, details: of('b') },
        { number: 3, person: carl, details: of('c') },
      ],
    });
    const disabled = { ...of('a'), enabled: false };
    await applyChange(store, {
      ...NOTHING,
      at: 2000,
      people: [{ number: 1, person: ann, details: disabled }],
    });
    await applyChange(store, { ...NOTHING, at: 3000, removed: [2], people: [{ number: 1, person: ann }] });
    const left = (await store.leftSince(2000)).toSorted((a, b) => a.leftAt - b.leftAt);
    t.deepEqual(left, [
      { id: ann.id, leftAt: 2000 },
      { id: bob.id, leftAt: 3000 },
    ]);
    t.deepEqual(await store.leftSince(2001), [{ id: bob.id, leftAt: 3000 }]);
    t.deepEqual([...(await store.sources())], [['office', 2]], 'of those who are there');
    t.deepEqual(await store.goneWith('office', ['a', 'b', 'x']), [{ number: 2, id: bob.id, sourceId: 'b' }]);
    t.deepEqual(await store.goneWith('other', ['b']), []);
    await applyChange(store, {
      ...NOTHING,
      at: 4000,
      people: [{ number: 2, person: bob, details: of('b') }],
    });
    t.deepEqual(await store.leftSince(2001), [], 'who comes back has not left');
    const ended = { ...of('b'), expiresAt: 1000 };
    const put = (at: number, details: typeof ended) =>
      applyChange(store, { ...NOTHING, at, people: [{ number: 2, person: bob, details }] });
    await put(4100, ended);
    t.deepEqual(await store.leftSince(2001), [{ id: bob.id, leftAt: 4100 }], 'an end behind the present');
    await put(4200, { ...ended, expiresAt: 9000 });
    t.deepEqual(await store.leftSince(2001), []);
    await applyChange(store, { ...NOTHING, at: 5000, removed: [2] });
    await applyChange(store, { ...NOTHING, at: 5001 + FORGOTTEN_AFTER });
    t.deepEqual(await store.goneWith('office', ['b']), []);
  });

  test(`${name}: it knows who has a PIN`, async (t) => {
    const store = await open(t);
    const people = [1, 2, 3].map((number) => ({ number, person: person(`p${number}`) }));
    const issued = [
      { ...code(1, 3), kind: 'pin' as const },
      { ...code(2, 1), kind: 'pin' as const },
      code(3, 2),
    ];
    await applyChange(store, { ...NOTHING, people, issued });
    t.deepEqual([...(await store.pinHolders())], [1, 3]);
    await applyChange(store, { ...NOTHING, removed: [1] });
    t.deepEqual([...(await store.pinHolders())], [3]);
    await applyChange(store, { ...NOTHING, revoked: [key(1)] });
    t.deepEqual([...(await store.pinHolders())], []);
  });

  test(`${name}: counts its generations`, async (t) => {
    const store = await open(t);
    const before = await store.generation();
    await applyChange(store, {
      ...NOTHING,
      people: [{ number: 1, person: person('ann') }],
      issued: [code(1, 1)],
    });
    const after = await store.generation();
    t.not(after, before);
    await t.throwsAsync(applyChange(store, { ...NOTHING, issued: [code(1, 1)] }));
    t.is(await store.generation(), after);
  });

  test(`${name}: lists by user name without regard to case, page by page`, async (t) => {
    const store = await open(t);
    const names = ['bob', 'Ann', 'ANN', 'carl', 'Ärmel', 'Dora'];
    await applyChange(store, {
      ...NOTHING,
      people: names.map((each, index) => ({ number: index + 1, person: person(each) })),
    });
    const listed: Person[] = [];
    for (let page = await store.list({ limit: 2 }); page.length > 0; ) {
      t.true(page.length <= 2);
      listed.push(...page);
      const after = page.at(-1);
      page = await store.list({ limit: 2, ...(after === undefined ? {} : { after }) });
    }
    t.deepEqual(
      listed.map(({ userName }) => userName.toLowerCase()),
      ['ann', 'ann', 'bob', 'carl', 'dora', 'ärmel'],
    );
  });
}
