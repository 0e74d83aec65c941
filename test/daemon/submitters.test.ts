// Who sent it, with real clients: passwords and tokens over TLS, and no secret anywhere afterwards.
import { execFile, spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { samplePdf } from '../../daemon/demo/sample.ts';
import { CUPS_PROGRAMS, startCups } from '../peers/cups.ts';
import { copySuites } from '../peers/ipptool.ts';
import { peerTest, programPath } from '../peers/require-peer.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess, LAUNCHER } from './gateway-process.ts';

const PASSWORD = 'planted-Passwort-1';
const CONFIG = `
queues:
  print: { unowned-jobs: claimable }
printers:
  mfp: { uri: "socket://127.0.0.1:9", formats: [application/pdf, image/pwg-raster, image/urf, image/jpeg] }
limits: { free-disk-floor: 1 MiB }
`;
const PEOPLE = ['ada', 'bob', 'eve'];

async function start(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const gateway = await GatewayProcess.start(t, folder, CONFIG);
  const file = join(folder, 'people.csv');
  const rows = PEOPLE.map((name, index) => `${name}@example.org,CREATE,${name},${name},${481516 + index}`);
  await writeFile(file, ['EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME,CODE', ...rows, ''].join('\n'));
  t.is((await gateway.holdfast('people', 'import', file)).code, 0);
  const token = async (...options: string[]): Promise<{ id: string; secret: string }> => {
    const { stdout, stderr } = await gateway.holdfast('tokens', 'create', 'test', ...options, '--json');
    t.is(stderr, '');
    return JSON.parse(stdout);
  };
  const owners = async () => {
    const { stdout } = await gateway.holdfast('jobs', 'list', '--json');
    const { jobs } = JSON.parse(stdout) as { jobs: Record<string, string | null>[] };
    return jobs.map((job) => [job['owner'], job['owner-proof']].join(' '));
  };
  return { folder, gateway, token, owners };
}

/** True when every test of the file passed. */
async function ipptool(folder: string, uri: string, name: string): Promise<boolean> {
  const options = { cwd: folder };
  const parameters = ['-t', '-f', 'document-letter.pdf', uri, `${name}.test`];
  const { stdout } = await promisify(execFile)(programPath('ipptool'), parameters, options).catch(
    (error: { stdout: string }) => error,
  );
  return stdout.includes('[PASS]') && !stdout.includes('[FAIL]');
}

const withIpptool = peerTest(test, ['ipptool']);

withIpptool(
  'ipptool by password over ipps, and by HTTP Upgrade from ipp; not with a wrong one or none',
  async (t) => {
    const { folder, gateway, owners } = await start(t);
    const set = await gateway.holdfastGiven(`${PASSWORD}\n`, 'people', 'set-password', 'ada');
    t.is(set.stdout, 'password of ada set\n', set.stderr);
    await copySuites(folder);
    await writeFile(join(folder, 'document-letter.pdf'), await samplePdf());
    const at = (scheme: string, credentials: string) =>
      `${scheme}://${credentials}${gateway.ipp}/ipp/print/auth`;
    t.true(await ipptool(folder, at('ipps', ''), 'get-printer-attributes'));
    t.true(await ipptool(folder, at('ipps', `ada:${PASSWORD}@`), 'validate-job'));
    t.true(await ipptool(folder, at('ipps', `ada:${PASSWORD}@`), 'print-job'));
    t.true(await ipptool(folder, at('ipp', `ada:${PASSWORD}@`), 'print-job'));
    t.false(await ipptool(folder, at('ipps', 'ada:planted-Passwort-2@'), 'print-job'));
    t.false(await ipptool(folder, at('ipps', ''), 'print-job'));
    t.deepEqual(await owners(), ['ada verified', 'ada verified']);
    const removed = await gateway.holdfast('people', 'set-password', 'ada', '--remove');
    t.is(removed.stdout, 'password of ada removed\n');
    t.false(await ipptool(folder, at('ipps', `ada:${PASSWORD}@`), 'print-job'));
    await noneLeft(t, gateway, ['planted-Passwort']);
  },
);

const withCups = peerTest(test, CUPS_PROGRAMS);

withCups(
  'CUPS as a print server with a submitter token prints for three people, with a personal one for one',
  async (t) => {
    const { folder, gateway, token, owners } = await start(t);
    const erp = await token('--submitter', '--from', '127.0.0.1,::1', '--may-name', 'ada,bob');
    const personal = await token('--person', 'eve');
    const file = join(folder, 'Payslip.pdf');
    await writeFile(file, await samplePdf());
    await using cups = await startCups();
    const add = (name: string, { secret }: { secret: string }) =>
      cups.command(
        'lpadmin',
        '-p',
        name,
        '-E',
        '-v',
        `ipps://${gateway.ipp}/ipp/print/${secret}`,
        '-m',
        'everywhere',
      );
    await add('erp', erp);
    await add('mine', personal);
    const print = async (queue: string, user: string, jobs: number) => {
      await cups.command('lp', '-U', user, '-d', queue, file);
      await gateway.logged('job accepted', () => accepted(gateway) === jobs);
    };
    await print('erp', 'ada', 1);
    await print('erp', 'bob', 2);
    await print('erp', 'eve', 3);
    await print('mine', 'bob', 4);
    t.deepEqual(await owners(), ['ada named', 'bob named', ' ', 'eve verified'], await cups.log());
    const named = gateway.log.filter((line) => line.event === 'job named by token');
    t.deepEqual(
      named.map((line) => line['token']),
      [erp.id, erp.id],
    );
    const listed = await gateway.holdfast('tokens', 'list');
    t.regex(
      listed.stdout,
      new RegExp(`^${erp.id} +test +submitter +ada,bob +127.0.0.1 ::1 +all +never +20`, 'm'),
    );
    t.is((await gateway.holdfast('tokens', 'revoke', personal.id)).stdout, `${personal.id}: revoked\n`);
    t.is((await gateway.holdfast('tokens', 'revoke', personal.id)).code, 1);
    await cups.command('lp', '-U', 'eve', '-d', 'mine', file);
    await gateway.logged('token refused', (line) => line['reason'] === 'unknown');
    t.is(accepted(gateway), 4);
    await noneLeft(t, gateway, [erp.secret, personal.secret, erp.secret.slice(4), personal.secret.slice(4)]);
  },
);

withCups('CUPS by password: lpadmin asks for none, lp waits until it has one', async (t) => {
  const { folder, gateway, owners } = await start(t);
  await gateway.holdfastGiven(`${PASSWORD}\n`, 'people', 'set-password', 'ada');
  const file = join(folder, 'Payslip.pdf');
  await writeFile(file, await samplePdf());
  await using cups = await startCups();
  const uri = (credentials: string) => `ipps://${credentials}${gateway.ipp}/ipp/print/auth`;
  await cups.command('lpadmin', '-p', 'told', '-E', '-v', uri(`ada:${PASSWORD}@`), '-m', 'everywhere');
  await cups.command('lp', '-U', 'somebody', '-d', 'told', file);
  await gateway.logged('job accepted');
  t.deepEqual(await owners(), ['ada verified'], await cups.log());
  const asks = ['-m', 'everywhere', '-o', 'auth-info-required=username,password'];
  await cups.command('lpadmin', '-p', 'asks', '-E', '-v', uri(''), ...asks);
  await cups.command('lp', '-U', 'ada', '-d', 'asks', file);
  t.regex(await cups.command('lpstat', '-W', 'not-completed', '-o', 'asks'), /asks-2/);
  t.is(accepted(gateway), 1, await cups.log());
});

const accepted = (gateway: GatewayProcess) =>
  gateway.log.filter((line) => line.event === 'job accepted').length;

/** Looks for what was planted in all that the gateway wrote: log, state, metrics. */
async function noneLeft(
  t: ExecutionContext,
  gateway: GatewayProcess,
  planted: readonly string[],
): Promise<void> {
  const metrics = await (await fetch(`http://${gateway.web}/metrics`)).text();
  await gateway.kill('SIGTERM');
  const state = join(gateway.folder, 'state');
  const files = await readdir(state, { recursive: true, withFileTypes: true });
  const contents = await Promise.all(
    files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name))),
  );
  t.true(contents.length > 3);
  for (const secret of planted) {
    t.false(gateway.output.includes(secret), 'log');
    t.false(metrics.includes(secret), 'metrics');
    for (const [index, content] of contents.entries()) t.false(content.includes(secret), files[index]?.name);
  }
}

peerTest(test, ['script'])(
  'a password that is typed at a terminal is asked for twice, and not shown',
  async (t) => {
    const { gateway } = await start(t);
    /** Answers each prompt with a line; gives all that stood on the terminal. */
    const typed = (...lines: string[]) =>
      new Promise<string>((resolve) => {
        const words = [process.execPath, LAUNCHER, 'people', 'set-password', 'ada'];
        const terminal = spawn(programPath('script'), ['-qec', words.join(' '), '/dev/null'], {
          env: { ...process.env, HOLDFAST_SOCKET: gateway.socket, UV_THREADPOOL_SIZE: '4' },
        });
        let output = '';
        terminal.stdout.on('data', (chunk: Buffer) => {
          output += chunk.toString();
          if (/: $/.test(output)) terminal.stdin.write(lines.shift() ?? '');
        });
        terminal.once('close', () => resolve(output.replaceAll('\r', '')));
      });
    const prompts = 'Password for ada: \nOnce more: \n';
    t.is(await typed(`${PASSWORD}\r`, `${PASSWORD}\r`), `${prompts}password of ada set\n`);
    const differs = await typed(`${PASSWORD}\r`, 'planted-Passwort-2\r');
    t.is(differs, `${prompts}holdfast: the two were not the same; nothing was changed\n`);
    t.is(await typed('\u0003'), 'Password for ada: \nholdfast: given up; nothing was changed\n');
  },
);

test('commands say what is wrong, and never show a secret twice', async (t) => {
  const { gateway, token } = await start(t);
  const { secret } = await token('--operator');
  t.regex(secret, /^hft-[a-z2-7]{32}$/);
  const listed = await gateway.holdfast('tokens', 'list', '--json');
  t.false(listed.stdout.includes(secret.slice(4)));
  for (const [words, said] of [
    [['tokens', 'create', 'x'], /--person USER, --submitter and --operator/],
    [['tokens', 'create', 'x', '--operator', '--person', 'ada'], /--person USER, --submitter and --operator/],
    [['tokens', 'create', 'x', '--person', 'nobody'], /no one person has the user name "nobody"/],
    [['tokens', 'create', 'x', '--person', 'ada', '--may-name', 'all'], /are for --submitter/],
    [['tokens', 'create', 'x', '--submitter', '--may-name', 'all'], /--from/],
    [
      ['tokens', 'create', 'x', '--submitter', '--may-name', 'all', '--from', '1.2.3'],
      /"1.2.3" is no address/,
    ],
    [
      ['tokens', 'create', 'x', '--submitter', '--may-name', 'all', '--from', '10.1.2.3,0.0.0.0/0'],
      /"0.0.0.0\/0" is every address/,
    ],
    [['tokens', 'create', 'x', '--operator', '--from', '::/0'], /"::\/0" is every address/],
    [['tokens', 'create', 'x', '--operator', '--queues', 'nowhere'], /no queue "nowhere"/],
    [['tokens', 'create', 'x', '--operator', '--expires', 'soon'], /not a duration/],
    [['tokens', 'create', ' ', '--operator'], /the label/],
    [['tokens', 'revoke', 'nothing'], /^$/],
    [['people', 'set-password', 'nobody'], /nothing was typed/],
  ] as const) {
    const { code, stderr } = await gateway.holdfast(...words);
    t.is(code, 1, words.join(' '));
    t.regex(stderr, said);
  }
  const submitter = ['tokens', 'create', 'x', '--submitter', '--may-name', 'all', '--from'] as const;
  const wide = await gateway.holdfast(...submitter, '64.0.0.0/7,2000::/31,10.0.0.0/8,2001:db8::/32');
  t.deepEqual(wide.stdout.match(/(?<=^warning: )\S+/gm), ['64.0.0.0/7', '2000::/31']);
  const short = await gateway.holdfastGiven('short\n', 'people', 'set-password', 'ada');
  t.regex(short.stderr, /fewer than 8 characters/);
  t.false(short.stderr.includes('short'));
});
