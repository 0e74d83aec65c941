// Codes, cards and PINs are planted, used and misused; afterwards no file, log line, error or metric may have one.
import { openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import test from 'ava';
import { Database } from '../../base/database/database.ts';
import { nodeFiles } from '../../base/files/node-files.ts';
import { openLog } from '../../base/log.ts';
import { DatabaseIdentityStore } from '../../identity/database-store.ts';
import type { Identity } from '../../identity/identity.ts';
import { applyChange } from '../../identity/store.ts';
import { tables } from '../../identity/tables.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { csv, HEADER, openIdentity } from './fixture.ts';
import { draft, picture } from './people/drafts.ts';

/** Long enough not to turn up in a time, a UUID or a key by chance. */
const PLANTED = Array.from({ length: 9 }, (_, index) => `9753108642${index}`);
const [ann, bob, wrong, later, shifted, headless, quoted, unclosed, unknown] = PLANTED;

const RIGHT = csv(`ann@example.org,CREATE,ann,Ann,${ann}`, `bob@example.org,CREATE,bob,Bob,${bob}`);
/** A code in every place where a file can be wrong. */
const WRONG = [
  csv(
    `x@example.org,CREATE,x,,${ann}`,
    `y@example.org,CREATE,y,,${later}`,
    `z@example.org,CREATE,z,,${later}`,
  ),
  csv(
    `${shifted},ann@example.org,CREATE,ann,Ann`,
    `x@example.org,${shifted},x,,`,
    `x@example.org,CREATE,,,${shifted}a`,
  ),
  csv(`x@example.org,CREATE,${shifted}`, `x@example.org,CREATE,x,x,x,${shifted}`),
  csv(`x@example.org,CREATE,ok,x,${quoted}"${quoted}"`, `y@example.org,CREATE,y,x,"${quoted}"${quoted}`),
  csv(`x@example.org,CREATE,x,x,"${unclosed}`),
  Buffer.from(`EMAIL,OPERATION,${unknown}\nx@example.org,CREATE,${unknown}\n`),
  Buffer.from(`${headless},x@example.org\n`),
  Buffer.from(
    `EMAIL,OPERATION,CARD,PIN,PASSWORD,GROUPS\nx@x.org,CREATE,${shifted}!,${shifted}x,${shifted}\0,[${shifted}\n`,
  ),
  Buffer.from(
    `EMAIL,OPERATION,CARD,PIN,CUSTOM_ATTRIBUTES\nx@x.org,CREATE,${shifted}!,${shifted}x,{${shifted}\n`,
  ),
  Buffer.from(`${HEADER}\nx@example.org,CREATE,x,x,${later}\0\n`),
];

const CARDS = ['75C0FFEE13579A', '75C0FFEE13579B', '75C0FFEE13579C'];
const [card, otherCard, strayCard] = CARDS as [string, string, string];
const PINS = ['86420975318', '86420975319'];

/** Cards, codes and PINs of a directory and of the gateway's own, right and wrong ones. */
async function misuseOthers(identity: Identity): Promise<unknown[]> {
  const plan = await identity.preview(
    picture(
      draft('cora', { cards: [card, `${card}!`], codes: [`${later}x`] }),
      draft('dan', { cards: [card, otherCard], codes: ['9753108642x'] }),
    ),
  );
  const results: unknown[] = [plan, await identity.apply(plan)];
  const person = identity.byUserName('cora')?.id ?? ('' as never);
  for (const pin of PINS) {
    await identity.setPin(person, pin);
    results.push(identity.verifyPin(person, pin, { panel: 'floor-3' }));
    results.push(identity.verifyPin(person, `${pin}0`, { panel: 'floor-3' }));
    results.push(await identity.setPin(person, `${pin}x`).catch((error: unknown) => error));
  }
  for (const text of CARDS) {
    results.push(identity.signInWithCard({ kind: 'text', text }, [], { panel: 'floor-4' }));
  }
  results.push(await identity.edit([{ edit: 'revoke', person, kind: 'card', text: card }]));
  results.push(await identity.profile(person));
  results.push(identity.isTaken('card', strayCard));
  return results;
}

async function misuse(identity: Identity): Promise<unknown[]> {
  const results: unknown[] = [await identity.importPeople(RIGHT)];
  for (const file of WRONG) results.push(await identity.importPeople(file));
  for (const code of PLANTED) results.push(identity.signInWithCode(code, { panel: 'floor-1' }));
  results.push(identity.signInWithCode(`${wrong}x`, { panel: 'floor-2' }));
  results.push(
    await identity.importPeople(csv(`ann@example.org,UPDATE,,,${later}`, 'bob@example.org,DELETE,,,')),
  );
  results.push(await identity.list({ limit: 10 }));
  return results;
}

test('no code, card or PIN is in any file, log line, outcome or metric', async (t) => {
  const folder = await temporaryFolder(t);
  const descriptor = openSync(join(folder, 'log'), 'w');
  const log = openLog({ level: 'debug', format: 'json', descriptor });
  const database = await Database.open({ folder, tables: [tables] });
  const { identity, metrics, store } = await openIdentity({
    store: new DatabaseIdentityStore(database),
    log,
    snapshot: { files: nodeFiles, path: join(folder, 'people.snapshot') },
  });

  const results = await misuse(identity);
  t.like(results[0], { applied: true });
  for (const result of results.slice(1, 1 + WRONG.length)) t.like(result, { applied: false });
  t.like(results.at(-2), { applied: true });
  const taken = await store.credentialsOf([1]);
  const clash = { at: 0, removed: [], revoked: [], people: [], issued: taken };
  const error = await t.throwsAsync(applyChange(store, clash), { code: 'credential-taken' });
  const others = await misuseOthers(identity);
  await identity.close();
  await log.close();

  const told = [
    inspect(results, { depth: 9 }),
    inspect(others, { depth: 9 }),
    await metrics.text(),
    inspect(error, { depth: 9 }),
    inspect(identity, { depth: 9 }),
  ];
  const open = filesOf(folder);
  await database.close();
  const closed = filesOf(folder);
  t.true(open.has('holdfast.db-wal'), 'the write-ahead log was looked at');
  t.regex(String(closed.get('log')), /wrong code/);
  t.true(closed.get('holdfast.db')?.includes('ann@example.org'), 'people are there to be found');
  t.true(closed.get('people.snapshot')?.includes('ann@example.org'), 'the snapshot was looked at');
  for (const code of [...PLANTED, ...CARDS, ...PINS]) {
    for (const [name, content] of [...open, ...closed]) t.false(content.includes(code), `${code} in ${name}`);
    for (const text of told) t.false(text.includes(code));
  }
  t.false(closed.get('holdfast.db')?.includes('bob@example.org'), 'nothing is left of who went');
});

function filesOf(folder: string): Map<string, Buffer> {
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}
