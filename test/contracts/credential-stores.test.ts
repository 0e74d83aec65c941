// What stores of tokens and passwords promise; run over the embedded ones and the tests' own.
import test, { type ExecutionContext } from 'ava';
import { Database } from '../../base/database/database.ts';
import { type PasswordStore, tables as passwordTables } from '../../identity/passwords/tables.ts';
import { parseNamingRule } from '../../identity/tokens/naming.ts';
import { type StoredToken, type TokenStore, tables as tokenTables } from '../../identity/tokens/tables.ts';
import { memoryPasswordStore, memoryTokenStore } from '../identity/memory-credentials.ts';
import { ADA, BOB } from '../spool/sample-job.ts';
import { temporaryFolder } from '../temporary-folder.ts';

interface Stores {
  readonly tokens: TokenStore;
  readonly passwords: PasswordStore;
}

const STORES: Record<string, (t: ExecutionContext) => Promise<Stores>> = {
  memory: async () => ({ tokens: memoryTokenStore(), passwords: memoryPasswordStore() }),
  async database(t) {
    const folder = await temporaryFolder(t);
    const database = await Database.open({ folder, tables: [tokenTables, passwordTables] });
    t.teardown(() => database.close());
    return { tokens: database.client(tokenTables), passwords: database.client(passwordTables) };
  },
};

const key = (fill: number) => new Uint8Array(32).fill(fill);

const TOKENS: readonly StoredToken[] = [
  {
    key: key(1),
    token: {
      id: 'aaaaaaaa',
      kind: 'personal',
      label: 'Adas Läppi',
      person: ADA,
      queues: [],
      networks: [],
      createdAt: 1000,
    },
  },
  {
    key: key(2),
    token: {
      id: 'bbbbbbbb',
      kind: 'submitter',
      label: 'ERP',
      mayName: parseNamingRule('ada,ward7-*'),
      formats: ['application/postscript'],
      queues: ['print', 'direct'],
      networks: ['192.0.2.0/24', 'fd00::/8'],
      createdAt: 2000,
      expiresAt: 9000,
    },
  },
  {
    key: key(3),
    token: { id: 'cccccccc', kind: 'operator', label: 'ops', queues: [], networks: [], createdAt: 3000 },
  },
];

const plain = (stored: readonly StoredToken[]) => stored.map((each) => ({ ...each, key: [...each.key] }));

for (const [name, open] of Object.entries(STORES)) {
  test(`${name}: gives back tokens of every kind as they were`, async (t) => {
    const { tokens } = await open(t);
    t.deepEqual(await tokens.all(undefined), []);
    for (const token of TOKENS) await tokens.add(token);
    t.deepEqual(plain(await tokens.all(undefined)), plain(TOKENS));
    await tokens.used([
      { id: 'bbbbbbbb', at: 5000 },
      { id: 'unknown', at: 1 },
    ]);
    t.deepEqual(
      (await tokens.all(undefined)).map((stored) => stored.lastUsedAt),
      [undefined, 5000, undefined],
    );
    await tokens.remove(['aaaaaaaa', 'unknown']);
    t.deepEqual(
      (await tokens.all(undefined)).map((stored) => stored.token.id),
      ['bbbbbbbb', 'cccccccc'],
    );
  });

  test(`${name}: a person has one password, the last`, async (t) => {
    const { passwords } = await open(t);
    t.is(await passwords.read(ADA), undefined);
    await passwords.write({ person: ADA, sealed: key(1), at: 1000 });
    await passwords.write({ person: ADA, sealed: key(2), at: 2000 });
    await passwords.write({ person: BOB, sealed: key(3), at: 3000 });
    t.deepEqual([...((await passwords.read(ADA)) ?? [])], [...key(2)]);
    t.deepEqual((await passwords.people(undefined)).toSorted(), [ADA, BOB].toSorted());
    t.is(await passwords.remove([ADA]), 1);
    t.is(await passwords.remove([ADA]), 0);
    t.deepEqual(await passwords.people(undefined), [BOB]);
  });
}
