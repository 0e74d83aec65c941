// Other keys after a compromise: shown first, carried out by the next start however often it is cut off, and the way back.
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { TestPanel } from '../panel-protocol/gateway.ts';
import { peerTest } from '../peers/require-peer.ts';
import { SLAPD_PROGRAMS, SUFFIX, startSlapd } from '../peers/slapd.ts';
import { random } from '../random.ts';
import { documentStream } from '../simulators/document-stream.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { FLAGS, GatewayProcess, LAUNCHER, SETTINGS } from './gateway-process.ts';
import { PrintClient } from './print-client.ts';

const peer = peerTest(test, SLAPD_PROGRAMS);
const SERVICE = 'svc-Kennwort-0815';
const CODES = { anna: '7391528460', bob: '5820193746', carl: '8264017359' } as const;
const SEED = 4711;

const entry = (uid: string, ...more: string[]) =>
  [
    `dn: uid=${uid},ou=people,${SUFFIX}`,
    ...['objectClass: inetOrgPerson', `uid: ${uid}`, `cn: ${uid}`, `sn: ${uid}`, `userPassword: ${SERVICE}`],
    ...more,
  ].join('\n');

const LDIF = [
  `dn: ${SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\no: p\ndc: print`,
  `dn: ou=people,${SUFFIX}\nobjectClass: organizationalUnit\nou: people`,
  entry('svc'),
  entry('anna', `pager: ${CODES.anna}`, 'employeeNumber: 04C0FFEE1337A5'),
  entry('bob', `pager: ${CODES.bob}`, 'employeeNumber: 04DEFACED0BEE5'),
  '',
].join('\n\n');

async function signsIn(gateway: GatewayProcess, value: string): Promise<boolean> {
  const panel = new TestPanel(gateway.web, '/panel/desk/socket');
  await panel.opened();
  await panel.ask({ type: 'hello', versions: [1] });
  const { type } = await panel.ask({ type: 'credential', kind: 'code', value });
  panel.socket.close();
  await panel.closed();
  return type === 'ok';
}

const owedOf = async (gateway: GatewayProcess): Promise<string[]> => {
  const { stdout } = await gateway.holdfast('keys', 'owed', '--json');
  const { owed } = JSON.parse(stdout) as { owed: Record<'kind' | 'userName' | 'label', string>[] };
  return owed.map(({ kind, userName, label }) => [userName, kind, label].join(' ').trim());
};

/** A start that is killed somewhere on its way. */
async function cutStart(folder: string, after: number): Promise<void> {
  const child = spawn(
    process.execPath,
    [...FLAGS, LAUNCHER, 'serve', '--config', join(folder, 'holdfast.yaml')],
    {
      stdio: 'ignore',
      // One process, so that the signal meets the gateway itself.
      env: { ...process.env, ...SETTINGS },
    },
  );
  const ended = new Promise((done) => child.once('exit', done));
  await new Promise((done) => setTimeout(done, after));
  child.kill('SIGKILL');
  await ended;
}

peer('keys anew: what the directory knows comes back, the rest is listed until it is given', async (t) => {
  await using slapd = await startSlapd(LDIF);
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'ca.pem'), slapd.ca);
  await writeFile(join(folder, 'password'), `${SERVICE}\n`, { mode: 0o600 });
  const config = `
queues: { print: { unowned-jobs: claimable } }
printers: { folder: { uri: "file://${folder}/output", formats: [application/pdf] } }
panels: { desk: { printer: folder, addresses: [127.0.0.1] } }
limits: { free-disk-floor: 1 MiB }
directories:
  office:
    kind: openldap
    servers: ["ldaps://localhost:${slapd.port}"]
    ca-file: ${folder}/ca.pem
    bind-name: uid=svc,ou=people,${SUFFIX}
    password-file: ${folder}/password
    attributes: { cards: [employeeNumber], codes: [pager] }
`;
  const first = await GatewayProcess.start(t, folder, config);
  await first.logged('directory synced');
  await fill(t, first, folder);
  const fingerprint = await fingerprintOf(first);
  using client = new PrintClient(first.ipp);
  const id = await client.print(documentStream(100_000), 'x', 'carl');

  const shown = await first.holdfast('keys', 'rekey');
  t.regex(shown.stdout, /^3 cards and codes come again with the next sync/);
  t.regex(shown.stdout, /^carl +Carl +password$/m);
  t.regex(shown.stdout, /^bob +bob +had something revoked/m);
  const [, plan = ''] = /--plan ([0-9a-f]{12}),/.exec(shown.stdout) ?? [];
  t.regex(
    (await first.holdfast('keys', 'rekey', '--plan', '0123456789ab')).stderr,
    /have changed since it was shown/,
  );
  t.regex((await first.holdfast('keys', 'rekey', '--plan', plan)).stdout, /Restart the gateway now/);
  t.true(await signsIn(first, CODES.carl), 'until the restart all is as it was');
  await first.kill('SIGKILL');
  const next = random(SEED);
  for (let round = 0; round < 3; round++) await cutStart(folder, 200 + next() * 900);

  const second = await GatewayProcess.start(t, folder, config);
  t.false(await signsIn(second, CODES.carl));
  t.false(await signsIn(second, CODES.anna));
  t.not(await fingerprintOf(second), fingerprint);
  t.is((await second.holdfast('tokens', 'list', '--json')).stdout.includes('laptop'), false);
  const { jobs } = JSON.parse((await second.holdfast('jobs', 'list', '--json')).stdout);
  t.deepEqual(
    jobs.map((job: Record<string, unknown>) => job['job-id']),
    [id],
  );
  t.deepEqual(await owedOf(second), [
    'bob revoked',
    'carl code',
    'carl password',
    'carl pin',
    'carl token laptop',
  ]);
  t.false(
    second.log.some((line) => line.event === 'people read from their snapshot'),
    'the snapshot is stale',
  );

  // What the directory knows in plain is taken from it again; what was revoked here is not.
  const synced = await second.holdfast('sync', 'run', '--full', '--json');
  t.is(synced.code, 0, synced.stdout);
  t.true(await signsIn(second, CODES.anna));
  t.false(await signsIn(second, CODES.bob));
  t.is((await second.holdfastGiven('917364502\n', 'people', 'set-pin', 'carl')).code, 0);
  await second.holdfast('tokens', 'create', 'laptop', '--person', 'carl');
  t.deepEqual(await owedOf(second), ['bob revoked', 'carl code', 'carl password']);
  t.is(await second.kill('SIGTERM'), 0);

  const third = await GatewayProcess.start(t, folder, config);
  t.true(await signsIn(third, CODES.anna), 'and it is done once');
});

async function fill(t: ExecutionContext, gateway: GatewayProcess, folder: string): Promise<void> {
  const file = join(folder, 'people.csv');
  await writeFile(
    file,
    `EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME,CODE\ncarl@x.org,CREATE,carl,Carl,${CODES.carl}\n`,
  );
  t.is((await gateway.holdfast('people', 'import', file)).code, 0);
  await gateway.holdfastGiven('917364502\n', 'people', 'set-pin', 'carl');
  await gateway.holdfastGiven('local-Passwort-2342\n', 'people', 'set-password', 'carl');
  await gateway.holdfast('tokens', 'create', 'laptop', '--person', 'carl');
  t.regex((await gateway.holdfast('people', 'revoke-cards', 'bob')).stdout, /1 card revoked/);
}

async function fingerprintOf(gateway: GatewayProcess): Promise<string> {
  return JSON.parse((await gateway.holdfast('certificate', 'show', '--json')).stdout).fingerprint;
}
