// The ways to sign in at a panel of the real program, and a release that is asked for again after a restart.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { TestPanel } from '../panel-protocol/gateway.ts';
import { documentStream } from '../simulators/document-stream.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess } from './gateway-process.ts';
import { PrintClient } from './print-client.ts';

const CARD = '04A1B2C3D4E5F6';
const PIN = '90417';
const CODE = '7701230';
const PASSWORD = 'a horse, a horse';
const KEY = 'q5w0cv0z8j1nd2u6k4fm9yrt';
const configOf = (out: string) => `
queues:
  print: { unowned-jobs: claimable, claimed-names: trust }
printers:
  folder: { uri: "file://${out}" }
limits: { free-disk-floor: 1 MiB }
panels:
  wall:
    printer: folder
    addresses: [127.0.0.1, "::1"]
    sign-in: [badge, code, password]
    change-pin: true
  desk:
    printer: folder
    addresses: [127.0.0.1, "::1"]
    sign-in: [badge-and-pin]
`;

async function gatewayWithAda(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const out = join(folder, 'out');
  await mkdir(out);
  const config = configOf(out);
  const gateway = await GatewayProcess.start(t, folder, config);
  const csv = join(folder, 'people.csv');
  await writeFile(
    csv,
    `EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME,CARD,CODE,PIN\nada@example.org,CREATE,ada,Ada,${CARD},${CODE},${PIN}\n`,
  );
  const imported = await gateway.holdfast('people', 'import', csv);
  t.is(imported.code, 0, imported.stdout);
  await gateway.holdfastGiven(`${PASSWORD}\n`, 'people', 'set-password', 'ada');
  return { gateway, folder, config, out };
}

const BADGE = { type: 'credential', kind: 'badge', value: '04:a1:b2:c3:d4:e5:f6' };

test('the language of a person is told at the panel, of the next sign-in on', async (t) => {
  const { gateway } = await gatewayWithAda(t);
  const wall = await TestPanel.at(gateway, t, 'wall');
  const personBy = async (credential: Readonly<Record<string, unknown>>) => {
    t.like(await wall.ask(credential), { type: 'ok' });
    const { person } = await wall.next('session');
    await wall.ask({ type: 'logout' });
    await wall.next('session');
    return person;
  };
  t.deepEqual(await personBy(BADGE), { 'display-name': 'Ada' });
  t.is((await gateway.holdfast('people', 'set', 'ada', '--language', 'de')).code, 0);
  const code = { type: 'credential', kind: 'code', value: CODE };
  const password = { type: 'credential', kind: 'password', 'user-name': 'ada', value: PASSWORD };
  for (const credential of [BADGE, code, password])
    t.deepEqual(await personBy(credential), { 'display-name': 'Ada', language: 'de' });
});

test('badge, code, password, and badge with PIN sign in; a second swipe signs out', async (t) => {
  const { gateway } = await gatewayWithAda(t);
  const wall = await TestPanel.at(gateway, t, 'wall');
  for (const credential of [
    BADGE,
    { type: 'credential', kind: 'badge', value: CARD, bits: 56 },
    { type: 'credential', kind: 'code', value: CODE },
    { type: 'credential', kind: 'password', 'user-name': 'ada', value: PASSWORD },
  ]) {
    t.like(await wall.ask(credential), { type: 'ok' }, credential.kind);
    t.like(await wall.next('session'), { session: 'jobs', person: { 'display-name': 'Ada' } });
    t.like(await wall.ask(BADGE), { type: 'ok' });
    t.like(await wall.next('session'), { session: 'idle', reason: 'logout' });
  }
  t.like(await wall.ask({ ...BADGE, value: '0011223344' }), { code: 'card-unknown' });
  t.like(await wall.ask({ ...BADGE, value: CARD, bits: 12 }), { code: 'card-unknown' });
  const wrong = { type: 'credential', kind: 'password', 'user-name': 'ada', value: 'wrong' };
  t.like(await wall.ask(wrong), { code: 'credential-unknown' });

  const desk = await TestPanel.at(gateway, t, 'desk');
  t.like(await desk.ask({ type: 'credential', kind: 'code', value: CODE }), { code: 'not-allowed' });
  t.like(await desk.ask({ type: 'credential', kind: 'pin', value: PIN }), { code: 'not-now' });
  t.like(await desk.ask(BADGE), { type: 'ok' });
  const waiting = await desk.next('session');
  t.like(waiting, { session: 'pin' });
  t.is(waiting.person, undefined, 'nobody is named before the PIN is right');
  t.like(await desk.ask({ type: 'credential', kind: 'pin', value: '11111' }), { code: 'pin-wrong' });
  t.like(await desk.ask({ type: 'credential', kind: 'pin', value: PIN }), { type: 'ok' });
  t.like(await desk.next('session'), { session: 'jobs', person: { 'display-name': 'Ada' } });
  t.like(await desk.ask({ type: 'set-pin', value: '5823' }), { code: 'not-allowed' });

  await wall.ask(BADGE);
  t.deepEqual((await wall.next('session')).may, ['set-pin']);
  t.like(await wall.ask({ type: 'set-pin', current: '1', value: '5823' }), { code: 'pin-wrong' });
  t.like(await wall.ask({ type: 'set-pin', current: PIN, value: '1234' }), { code: 'pin-refused' });
  t.like(await wall.ask({ type: 'set-pin', current: PIN, value: '5823' }), { type: 'ok' });
  t.like(await wall.next('session'), { session: 'jobs', 'pin-set': true });
  for (const secret of [CARD, CARD.toLowerCase(), PIN, CODE, PASSWORD, '5823'])
    t.false(gateway.output.includes(secret), 'no secret in the log');
});

test('a release that is asked for again after a restart prints nothing twice, and is told how it ended', async (t) => {
  const { gateway, folder, config, out } = await gatewayWithAda(t);
  using client = new PrintClient(gateway.ipp);
  const id = await client.print(documentStream(20_000));
  const before = await TestPanel.at(gateway, t, 'wall');
  await before.ask(BADGE);
  const { jobs } = await before.next('jobs');
  t.deepEqual(
    jobs.map((job) => job['job-id']),
    [id],
  );
  const release = { type: 'release', key: KEY, 'job-ids': [id] };
  t.like(await before.ask(release), { type: 'ok' });
  t.like(await before.next('outcome'), { 'job-id': id, outcome: 'completed' });
  const printed = await readdir(out);
  await gateway.kill('SIGKILL');

  const again = await GatewayProcess.start(t, folder, config);
  const after = await TestPanel.at(again, t, 'wall');
  await after.ask(BADGE);
  await after.next('jobs');
  t.like(await after.ask(release), { type: 'ok' });
  t.like(await after.next('outcome'), { 'job-id': id, operation: 'release', outcome: 'completed' });
  t.like(await after.ask({ ...release, key: 'another-key-000001' }), { type: 'ok' });
  t.like(await after.next('outcome'), { 'job-id': id, outcome: 'refused', reason: 'job-not-found' });
  t.deepEqual(await readdir(out), printed);
});
