// People of a directory in a gateway that runs: first sync at the start, a sync that waits, a directory that is down.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { PASSWORD, TestDomain } from '../identity/directory/domain.ts';
import { peerTest } from '../peers/require-peer.ts';
import { ownAddress, provision, SAMBA_PROGRAMS } from '../peers/samba.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess } from './gateway-process.ts';

const ADDRESS = ownAddress(14);
const peer = peerTest(test, SAMBA_PROGRAMS);

peer('people come at the start; what takes too much waits until it is accepted', async (t) => {
  await using forest = await provision('print.test', [ADDRESS]);
  await using controller = await forest.start(ADDRESS);
  const domain = await TestDomain.prepare(controller);
  for (let at = 0; at < 12; at++) await domain.person(`p${at}`, { displayName: `Person ${at}` });
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'password'), `${PASSWORD}\n`, { mode: 0o600 });
  const gateway = await GatewayProcess.start(
    t,
    folder,
    `
queues:
  print: { unowned-jobs: claimable }
printers:
  folder: { uri: "file://${folder}/output" }
directories:
  office:
    servers: [ldap+starttls://${ADDRESS}]
    ca-file: ${forest.certificates.caFile}
    bind-name: svc@print.test
    password-file: ${folder}/password
    bases: ["OU=People,DC=print,DC=test"]
    attributes: { cards: [employeeID] }
    interval: 1 h
`,
  );
  const first = await gateway.logged('directory synced');
  t.is(first['created'], 12);
  t.regex((await gateway.holdfast('people', 'list')).stdout, /p3 +print\.test +Person 3/);

  for (let at = 0; at < 11; at++) await domain.admin.del(`CN=p${at},${domain.people}`);
  const run = await gateway.holdfast('sync', 'run', 'office', '--full');
  t.is(run.code, 1);
  t.regex(run.stdout, /11 of 12 people would be removed or disabled/);
  const plan = /sync show (\d+)/.exec(run.stdout)?.[1] ?? '';
  t.regex((await gateway.holdfast('health', 'show')).stdout, /The sync of office waits for you/);
  t.regex((await gateway.holdfast('sync', 'show', plan)).stdout, /removed +p3@print\.test +Person 3/);
  t.is((await gateway.holdfast('sync', 'accept', 'seven')).code, 1);
  const accepted = await gateway.holdfast('sync', 'accept', plan);
  t.is(accepted.code, 0, accepted.stderr);
  t.regex(accepted.stdout, /11 removed, 1 unchanged/);
  t.notRegex((await gateway.holdfast('people', 'list')).stdout, /p3/);

  const employeeID = '04C0FFEE1337A5';
  for (const name of ['ann', 'bob']) {
    await domain.person(name, { employeeID });
    await gateway.holdfast('sync', 'run');
  }
  const told = /bob@print\.test: a card is that of ann already and stays there/;
  t.regex((await gateway.holdfast('sync', 'run')).stdout, told, 'also by a sync that finds nothing new');
  t.regex((await gateway.holdfast('sync', 'status')).stdout, told);
  t.regex((await gateway.holdfast('health', 'show')).stdout, /a card of bob@print\.test is that of ann/);
  t.regex(
    (await gateway.holdfast('people', 'revoke-cards', 'ann')).stdout,
    /1 card revoked; 1 now bob@print\.test's$/m,
  );
  t.notRegex((await gateway.holdfast('sync', 'status')).stdout, /bob/);
  t.regex((await gateway.holdfast('people', 'show', 'bob')).stdout, /cards +1 primary/);

  await controller.stop();
  const down = await gateway.holdfast('sync', 'run');
  t.is(down.code, 1);
  t.regex(down.stderr, /ldap:\/\/127\.14\.[0-9.]+:389 does not answer/);
  t.regex((await gateway.holdfast('sync', 'status')).stdout, /office +3 /);
  t.regex((await gateway.holdfast('people', 'list')).stdout, /p11/);
  t.false(gateway.output.includes(PASSWORD));
  t.false(gateway.output.includes(employeeID));
});
