// Codes in a batch by a real Exim: one mail each, whatever the server and the gateway do meanwhile, and a report that names who has none.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { GatewayProcess } from '../daemon/gateway-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { EXIM_PROGRAMS, EXIM_USER, type Exim, startExim } from './exim.ts';
import { peerTest } from './require-peer.ts';

const exim = peerTest(test, EXIM_PROGRAMS);

const configOf = (server: Exim, codes: string) => `
queues: { print: { unowned-jobs: claimable } }
printers: { folder: { uri: "file:///nonexistent/holdfast-test" } }
panels: { desk: { printer: folder, addresses: [127.0.0.1] } }
limits: { free-disk-floor: 1 MiB }
codes: ${codes}
mail:
  host: localhost
  port: ${server.port}
  from: printing@print.test
  user: ${EXIM_USER}
  password-file: ${server.passwordFile}
  ca-file: ${server.ca}
`;

interface Mail {
  readonly user: string;
  readonly state: string;
  readonly batch: number;
  readonly reply: string;
}

async function mailsOf(gateway: GatewayProcess, ...options: string[]): Promise<Mail[]> {
  const told = await gateway.holdfast('codes', 'mails', '--json', ...options);
  return (JSON.parse(told.stdout) as { mails: Mail[] }).mails;
}

async function until(t: ExecutionContext, what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let turns = 0; turns < 300; turns++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  t.fail(`it never came: ${what}`);
}

async function addPeople(gateway: GatewayProcess, folder: string, names: readonly string[]): Promise<void> {
  const file = join(folder, 'people.csv');
  const rows = names.map((name) => `${name}@print.test,CREATE,${name},${name} <b>`);
  await writeFile(file, ['EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME', ...rows].join('\n'));
  await gateway.holdfast('people', 'import', file);
}

const states = (mails: readonly Mail[]) => Object.fromEntries(mails.map(({ user, state }) => [user, state]));

/** Soft line ends of quoted-printable taken away. */
const unfolded = (mail: string) => mail.replace(/=\r?\n/g, '');

/** The code in a mail, out of its plain part. */
const codeIn = (mail: string) => /^ {4}(\d{6,})\r?$/m.exec(mail)?.[1] ?? 'none';

exim('each gets one mail; who was refused, deferred, or has no address is named', async (t) => {
  const server = await startExim(t);
  const folder = await temporaryFolder(t);
  const gateway = await GatewayProcess.start(t, folder, configOf(server, '{}'));
  await addPeople(gateway, folder, ['ann', 'bob', 'gone', 'grey']);
  await gateway.holdfast('people', 'add', 'mute');
  await gateway.holdfast('people', 'set', 'ann', '--language', 'de', '--display-name', 'Änne & Co');
  const shown = await gateway.holdfast('codes', 'generate', '--all');
  t.regex(shown.stdout, /^4 people get a primary code of \d+ digits$/m);
  t.regex(shown.stdout, /^1 have no mail address and get none:$/m);
  t.regex(shown.stdout, /^ {2}mute /m);
  const [, plan = ''] = /codes apply (\d+)/.exec(shown.stdout) ?? [];
  const applied = await gateway.holdfast('codes', 'apply', plan);
  t.regex(applied.stdout, /^4 new codes/);
  t.regex((await gateway.holdfast('codes', 'apply', plan)).stderr, /no plan \d+ waits/, 'once only');
  await until(t, 'all tried', async () =>
    (await mailsOf(gateway)).every(({ state }) => ['sent', 'refused', 'deferred'].includes(state)),
  );
  t.deepEqual(states(await mailsOf(gateway)), {
    ann: 'sent',
    bob: 'sent',
    gone: 'refused',
    grey: 'deferred',
  });
  const failed = await gateway.holdfast('codes', 'mails', '--failed', '--batch', plan);
  t.regex(failed.stdout, /^gone .*refused.*550 no such user$/m);
  t.regex(failed.stdout, /^grey .*deferred.*451 greylisted, try later$/m);
  t.notRegex(failed.stdout, /^ann/m);
  const health = (await gateway.holdfast('health', 'show')).stdout;
  t.regex(health, /1 could not be mailed/);

  await until(t, 'delivery', async () => (await server.received('ann@print.test')).length > 0);
  const [mail = '', ...more] = await server.received('ann@print.test');
  t.deepEqual(more, []);
  t.regex(mail, /^Subject: Ihr Code zum Drucken/m);
  t.regex(unfolded(mail), /=C3=84nne &amp; Co/, 'escaped in HTML');
  const code = codeIn(mail);
  t.regex(code, /^\d{6,}$/);
  t.notRegex(gateway.output, new RegExp(code), 'in no log');

  await server.setGrey(false);
  t.is((await gateway.holdfast('codes', 'resend', 'grey')).stdout, '1 mail is sent again\n');
  await until(t, 'grey', async () => (await server.received('grey@print.test')).length > 0);
  await gateway.holdfast('people', 'set', 'gone', '--email', 'cora@print.test');
  await gateway.holdfast('codes', 'resend', 'gone');
  await until(t, 'cora', async () => (await server.received('cora@print.test')).length > 0);
  await until(
    t,
    'no alert',
    async () => !/could not be mailed/.test((await gateway.holdfast('health', 'show')).stdout),
  );
  for (const name of ['ann', 'bob', 'grey', 'cora']) {
    t.is((await server.received(`${name}@print.test`)).length, 1, name);
  }
  t.regex((await gateway.holdfast('codes', 'resend', 'ann')).stderr, /no code waits for ann/);
});

exim('killed in the middle of a batch: nobody gets two, and who may have none is named', async (t) => {
  const server = await startExim(t);
  const folder = await temporaryFolder(t);
  const names = ['slow1', 'slow2', ...Array.from({ length: 8 }, (_, number) => `p${number}`)];
  const config = configOf(server, '{}');
  const gateway = await GatewayProcess.start(t, folder, config);
  await addPeople(gateway, folder, names);
  await server.setSlow(true);
  const shown = await gateway.holdfast('codes', 'generate', '--all', '--json');
  await gateway.holdfast('codes', 'apply', String(JSON.parse(shown.stdout).plan));
  await until(t, 'both connections are busy', async () => {
    const now = states(await mailsOf(gateway));
    return now['slow1'] === 'sending' && now['slow2'] === 'sending';
  });
  await gateway.kill('SIGKILL');

  const again = await GatewayProcess.start(t, folder, config);
  await until(t, 'all others', async () =>
    (await mailsOf(again)).every(({ user, state }) => state === 'sent' || user.startsWith('slow')),
  );
  const failed = await mailsOf(again, '--failed');
  t.deepEqual(states(failed), { slow1: 'unknown', slow2: 'unknown' });
  t.regex((await again.holdfast('health', 'show')).stdout, /of 2 nobody knows/);
  await until(t, 'delivery', async () => {
    const counts = await Promise.all(names.map((name) => server.received(`${name}@print.test`)));
    return counts.filter((mails) => mails.length > 0).length === 8;
  });
  await server.setSlow(false);
  t.is((await again.holdfast('codes', 'resend', '--unknown')).stdout, '2 mails are sent again\n');
  for (const name of names) {
    await until(t, name, async () => (await server.received(`${name}@print.test`)).length > 0);
    t.is((await server.received(`${name}@print.test`)).length, 1, name);
  }
  t.deepEqual(await mailsOf(again, '--failed'), []);
});

exim('everybody who is new gets a code by mail, once; a guest too', async (t) => {
  const server = await startExim(t);
  const folder = await temporaryFolder(t);
  const gateway = await GatewayProcess.start(
    t,
    folder,
    configOf(server, '{ for-new-people: { digits: 9 } }'),
  );
  await addPeople(gateway, folder, ['ann']);
  const guest = ['people', 'add', 'vera', '--guest', '--until', '2099-12-31', '--email', 'vera@print.test'];
  t.is((await gateway.holdfast(...guest)).stdout, 'vera added; the code is mailed to vera@print.test\n');
  for (const name of ['ann', 'vera']) {
    await until(t, name, async () => (await server.received(`${name}@print.test`)).length > 0);
  }
  const [mail = ''] = await server.received('vera@print.test');
  t.regex(unfolded(mail), /It is valid until 31 December 2099\./);
  await gateway.logged('codes given to new people');
  const shown = await gateway.holdfast('codes', 'generate', '--all', '--json');
  t.like(JSON.parse(shown.stdout), { plan: null, count: 0, withCode: 2 });
  for (const name of ['ann', 'vera']) t.is((await server.received(`${name}@print.test`)).length, 1, name);
});
