// The index from its file: the same people as from the database, and never those of another day.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { nodeFiles } from '../../base/files/node-files.ts';
import { Minutes } from '../../base/units.ts';
import type { Identity } from '../../identity/identity.ts';
import { RecordingLog } from '../recording-log.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type Fixture, openIdentity } from './fixture.ts';
import { applied, draft, news, picture } from './people/drafts.ts';

const READ = 'people read from their snapshot';
const REBUILT = 'snapshot of people not used: people read from the database';

interface Reopened {
  readonly identity: Identity;
  readonly events: readonly string[];
}

async function start(
  t: ExecutionContext,
): Promise<Fixture & { readonly path: string; again(): Promise<Reopened> }> {
  const path = join(await temporaryFolder(t), 'people.snapshot');
  const snapshot = { files: nodeFiles, path };
  const fixture = await openIdentity({ snapshot });
  const { store, gatewayKey } = fixture;
  const reopen = async () => {
    const log = new RecordingLog();
    const { identity } = await openIdentity({ store, gatewayKey, snapshot, log });
    return { identity, events: log.lines.map(({ event }) => event) };
  };
  return { ...fixture, path, again: reopen };
}

const byCard = (identity: Identity, text: string) => {
  const signIn = identity.signInWithCard({ kind: 'text', text }, [], { panel: 'p' });
  return signIn.ok ? signIn.person.displayName : undefined;
};

test('a start reads the snapshot that the last stop wrote, and people go on changing', async (t) => {
  const { identity, clock, path, again } = await start(t);
  const many = Array.from({ length: 3000 }, (_, at) =>
    draft(`p${at}`, { cards: [`7000${at}`], displayName: `Zoë 雪 ${at}` }),
  );
  await applied(identity, picture(...many, draft('ann', { enabled: false, cards: ['42'], language: 'pl' })));
  const person = identity.byUserName('p7')?.id ?? ('' as never);
  await identity.edit([{ edit: 'revoke', person, kind: 'card' }]);
  const end = clock.now() + Minutes(60);
  await identity.edit([
    { edit: 'issue', person, kind: 'card', text: '555', rank: 'primary', replace: false, expiresAt: end },
  ]);
  await applied(identity, news([], [draft('p8').key.id]));
  await identity.close();
  t.is((await stat(path)).mode & 0o777, 0o600);

  const { identity: next, events } = await again();
  t.true(events.includes(READ));
  t.is(next.size, 3000);
  t.is(byCard(next, '70002999'), 'Zoë 雪 2999');
  t.is(byCard(next, '42'), undefined, 'ann is disabled');
  t.is(next.languageOf(next.byUserName('ann')?.id ?? ('' as never)), 'pl');
  t.is(byCard(next, '555'), 'Zoë 雪 7');
  t.true(next.isTaken('card', '70007'), 'the revoked one is barred still');
  t.is(next.byUserName('p8'), undefined);
  t.is(next.byUserName('P9')?.email, 'p9@example.org');
  const same = many.filter(({ userName }) => userName !== 'p8' && userName !== 'p7');
  t.like((await next.preview(news(same))).counts, { unchanged: 2998 });
  await applied(next, news([draft('p8', { cards: ['70008'] }), draft('p9', { cards: ['99'] })]));
  t.is(byCard(next, '99'), 'p9');
  t.is(byCard(next, '70009'), undefined);
  t.is(byCard(next, '700010'), 'Zoë 雪 10');
  await next.close();
  t.is(byCard((await again()).identity, '99'), 'p9');
});

test('a snapshot of another day is not used, nor a damaged one; the next one is right again', async (t) => {
  const { identity, path, again } = await start(t);
  await applied(identity, picture(draft('ann', { cards: ['42'] })));
  await identity.close();
  const old = await readFile(path);
  await applied(identity, picture(draft('bob', { cards: ['42'] })));
  await identity.close();
  await writeFile(path, old);
  const stale = await again();
  t.true(stale.events.includes(REBUILT));
  t.is(byCard(stale.identity, '42'), 'bob');
  await stale.identity.close();
  const whole = await readFile(path);
  t.true((await again()).events.includes(READ));
  for (const at of [0, 40, Math.floor(whole.length / 2), whole.length - 1]) {
    const damaged = Buffer.from(whole);
    damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
    await writeFile(path, damaged);
    const { identity: rebuilt, events } = await again();
    t.true(events.includes(REBUILT), `octet ${at}`);
    t.is(byCard(rebuilt, '42'), 'bob');
  }
  for (const length of [0, 3, 47, whole.length - 4]) {
    await writeFile(path, whole.subarray(0, length));
    t.true((await again()).events.includes(REBUILT), `cut to ${length}`);
  }
});

test('changes are written when they have settled, and not each', async (t) => {
  const { identity, clock, path } = await start(t);
  await applied(identity, picture(draft('ann')));
  await applied(identity, picture(draft('bob')));
  await t.throwsAsync(stat(path), { code: 'ENOENT' });
  clock.advance(Minutes(10));
  await identity.close();
  t.true((await stat(path)).size > 0);
});
