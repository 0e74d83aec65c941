// What every store of people promises; run over the embedded one and the tests' own.
import { randomUUID } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import { Database } from '../../base/database/database.ts';
import type { CredentialKey } from '../../identity/credential.ts';
import { DatabaseIdentityStore } from '../../identity/database-store.ts';
import { unpack } from '../../identity/index/records.ts';
import { type Person, PersonId } from '../../identity/person.ts';
import type { IdentityStore, PeopleChange, StoredCredential } from '../../identity/store.ts';
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
  return { key: key(value), owner, kind: 'code', rank: 'primary' };
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
    await store.apply(change);
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
    await store.apply({ ...NOTHING, people: [{ number: 1, person: ann }] });
    const renamed = { ...ann, userName: 'Anna' };
    await store.apply({ ...NOTHING, at: 2000, people: [{ number: 1, person: renamed }] });
    t.deepEqual(await everybody(store), [[1, renamed]]);
    t.deepEqual(await store.list({ limit: 10 }), [renamed]);
  });

  test(`${name}: somebody who goes loses the credentials, and keeps the number taken`, async (t) => {
    const store = await open(t);
    await store.apply({
      ...NOTHING,
      people: [
        { number: 1, person: person('ann') },
        { number: 2, person: person('bob') },
      ],
      issued: [code(1, 1), code(2, 2), code(3, 2)],
    });
    await store.apply({ ...NOTHING, removed: [2] });
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
    await store.apply({
      ...NOTHING,
      people: [1, 2, 3].map((number) => ({ number, person: person(`p${number}`) })),
      issued: [code(1, 1), code(2, 2), code(3, 3)],
    });
    await store.apply({
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
    await store.apply({ ...NOTHING, people: [{ number: 1, person: ann }], issued: [code(1, 1)] });
    const change = {
      ...NOTHING,
      people: [
        { number: 1, person: { ...ann, userName: 'other' } },
        { number: 2, person: person('bob') },
      ],
      issued: [code(5, 2), code(1, 2)],
    };
    await t.throwsAsync(store.apply(change), { code: 'credential-taken' });
    t.deepEqual(await everybody(store), [[1, ann]]);
    t.deepEqual(await everyCredential(store), [[key(1).toString('hex'), 1]]);
    await store.apply({ ...NOTHING, issued: [code(6, 1)] });
    t.is((await everyCredential(store)).length, 2, 'nothing of the refused change comes with the next');
  });

  test(`${name}: gives everything in pages, and a change larger than one message`, async (t) => {
    const store = await open(t);
    const numbers = Array.from({ length: 1234 }, (_, index) => index + 1);
    await store.apply({
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

  test(`${name}: lists by user name without regard to case, page by page`, async (t) => {
    const store = await open(t);
    const names = ['bob', 'Ann', 'ANN', 'carl', 'Ärmel', 'Dora'];
    await store.apply({
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
