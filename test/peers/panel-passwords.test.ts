// Directory passwords at panels of the real program, checked by a real OpenLDAP: a badge bound by one, a PIN set, guesses throttled.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { GatewayProcess } from '../daemon/gateway-process.ts';
import { TestPanel } from '../panel-protocol/gateway.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { peerTest } from './require-peer.ts';
import { SLAPD_PROGRAMS, SUFFIX, startSlapd } from './slapd.ts';

const peer = peerTest(test, SLAPD_PROGRAMS);

const SERVICE = 'svc-Kennwort-0815';
const PASSWORD = 'annas-Passwort-77';
const CARD = '04A1B2C3D4E5F6';
const PIN = '58231';

const entry = (uid: string, password: string) =>
  [
    `dn: uid=${uid},ou=people,${SUFFIX}`,
    'objectClass: inetOrgPerson',
    `uid: ${uid}`,
    `cn: ${uid}`,
    `sn: ${uid}`,
    `userPassword: ${password}`,
  ].join('\n');

const LDIF = [
  `dn: ${SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\no: p\ndc: print`,
  `dn: ou=people,${SUFFIX}\nobjectClass: organizationalUnit\nou: people`,
  entry('svc', SERVICE),
  entry('anna', PASSWORD),
  '',
].join('\n\n');

const password = (value: string) => ({
  type: 'credential',
  kind: 'password',
  'user-name': 'anna',
  value,
});
const BADGE = { type: 'credential', kind: 'badge', value: CARD };

peer('a directory password signs in and binds a badge, which works without the directory', async (t) => {
  const slapd = await startSlapd(LDIF);
  t.teardown(() => slapd[Symbol.asyncDispose]());
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'ca.pem'), slapd.ca);
  await writeFile(join(folder, 'password'), `${SERVICE}\n`, { mode: 0o600 });
  const gateway = await GatewayProcess.start(
    t,
    folder,
    `
queues: { print: { unowned-jobs: claimable } }
printers: { folder: { uri: "file:///nonexistent/holdfast-test" } }
panels:
  wall:
    printer: folder
    addresses: [127.0.0.1]
    sign-in: [badge, password]
    bind-cards: [by-sign-in]
    change-pin: true
  desk: { printer: folder, addresses: [127.0.0.1], sign-in: [badge-and-pin, password] }
limits: { free-disk-floor: 1 MiB }
directories:
  office:
    kind: openldap
    servers: ["ldaps://localhost:${slapd.port}"]
    ca-file: ${folder}/ca.pem
    bind-name: uid=svc,ou=people,${SUFFIX}
    password-file: ${folder}/password
`,
  );
  await gateway.logged('directory synced');
  const wall = await TestPanel.at(gateway, t, 'wall');
  const desk = await TestPanel.at(gateway, t, 'desk');

  await wall.ask(BADGE);
  t.like(await wall.next('session'), { session: 'bind', may: ['bind-by-sign-in'] });
  t.like(await wall.ask(password('wrong-one-0000')), { code: 'credential-unknown' });
  t.like(await wall.ask({ type: 'request-activation', 'user-name': 'anna' }), { code: 'not-allowed' });
  t.like(await wall.ask(password(PASSWORD)), { type: 'ok' });
  t.like(await wall.next('session'), { session: 'jobs', person: { 'display-name': 'anna' } });
  t.like(await wall.ask({ type: 'set-pin', value: '1234' }), { code: 'pin-refused' });
  t.like(await wall.ask({ type: 'set-pin', value: PIN }), { type: 'ok' }, 'there was none to type before');
  await wall.next('session');
  t.like(await wall.ask({ type: 'set-pin', value: '7301946' }), { code: 'pin-wrong' }, 'now there is');
  await wall.ask({ type: 'logout' });

  // Whatever becomes of the directory.
  await slapd[Symbol.asyncDispose]();
  await desk.ask(BADGE);
  t.like(await desk.next('session'), { session: 'pin' });
  t.like(await desk.ask({ type: 'credential', kind: 'pin', value: PIN }), { type: 'ok' });
  t.like(await desk.next('session'), { session: 'jobs', person: { 'display-name': 'anna' } });
  await desk.ask({ type: 'logout' });
  await desk.next('session');

  // Guesses at one panel count at the other.
  let answer = await wall.ask(password('guess-number-0'));
  const isThrottled = () => answer.type === 'error' && answer.code === 'throttled';
  for (let guess = 1; guess < 20 && !isThrottled(); guess++)
    answer = await wall.ask(password(`guess-number-${guess}`));
  t.like(answer, { code: 'throttled' });
  t.like(await desk.ask(password(PASSWORD)), { code: 'throttled' }, 'a right one is not looked at');
  for (const secret of [CARD, PIN, PASSWORD, SERVICE]) t.false(gateway.output.includes(secret));
});
