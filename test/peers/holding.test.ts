// Holding and releasing with CUPS's own programs: lp, ipptool, and what the printer gets.

import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { samplePdf } from '../../daemon/demo/sample.ts';
import { GatewayProcess } from '../daemon/gateway-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { CUPS_PROGRAMS, startCups } from './cups.ts';
import { copySuites, failures, runSuite } from './ipptool.ts';
import { peerTest, programPath } from './require-peer.ts';

const peer = peerTest(test, ['ipptool', 'lp']);
const withCups = peerTest(test, ['ipptool', ...CUPS_PROGRAMS]);

/** A find-me queue and one that prints at once, both to a folder that a panel stands at. */
async function setUp(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const output = join(folder, 'output');
  const gateway = await GatewayProcess.start(
    t,
    folder,
    `
queues:
  find-me: { printers: all, claimed-names: trust, unowned-jobs: claimable }
  direct: { printers: [mfp], release: immediately, unowned-jobs: claimable }
printers:
  mfp: { uri: "file://${output}", formats: [application/pdf] }
panels:
  here: { printer: mfp, addresses: [127.0.0.0/8] }
`,
  );
  await copySuites(folder, join(import.meta.dirname, 'ipptool-tests'));
  await writeFile(join(folder, 'document-letter.pdf'), await samplePdf());
  const server = gateway.ipp.replace('localhost', '127.0.0.1');
  const run = (queue: string, suite: string, ...define: string[]) =>
    runSuite({ uri: `ipp://${server}/ipp/${queue}`, folder, suite, version: '2.0', define });
  const printed = async () => (await readdir(output).catch(() => [])).length;
  return { folder, gateway, server, run, printed };
}

type Set = Awaited<ReturnType<typeof setUp>>;

/** Prints a job that its client holds. */
async function held(
  t: ExecutionContext,
  { run, gateway }: Set,
  queue: string,
  reason: string,
): Promise<number> {
  const before = gateway.log.filter(({ event }) => event === 'job accepted').length;
  const result = await run(queue, 'hold', `reason=${reason}`);
  t.deepEqual([result.pass, result.fail], [1, 0], result.output);
  const line = await gateway.logged(
    'job accepted',
    (each) => gateway.log.filter(({ event }) => event === 'job accepted').indexOf(each) === before,
  );
  return Number(line['job-id']);
}

/** `lp -i JOB -H WHEN` against the gateway itself, as a user of that name. */
const lp = ({ server }: Set, user: string, job: number, when: string) =>
  promisify(execFile)(programPath('lp'), ['-h', server, '-U', user, '-i', String(job), '-H', when]);

/** @param outcome what the answer has to say: see release.test. */
const release = ({ run }: Set, queue: string, job: number, who: string, outcome: string) =>
  run(queue, 'release', `job=${job}`, `who=${who}`, `${outcome}=1`);

peer('PWG 5100.11 at a find-me queue and at one that prints at once', async (t) => {
  const { run, gateway } = await setUp(t);
  for (const [queue, suite, ...define] of [
    ['find-me', 'epx-printer', 'default-action=owner-authorized'],
    ['direct', 'epx-printer', 'default-action=none'],
    ['find-me', 'epx-password'],
    ['direct', 'epx-password'],
  ] as const) {
    const result = await run(queue, suite, ...define);
    t.is(result.fail, 0, `${suite}\n${failures(result)}`);
    t.true(result.pass > 0, result.output);
  }
  // The PIN of epx-password.test; the log is at its most talkative.
  t.false(gateway.output.includes('8642975310'));
});

peer('on a queue of one printer without a panel policy the sender releases, and nobody else', async (t) => {
  const all = await setUp(t);
  const { gateway, printed } = all;
  const byRelease = await held(t, all, 'direct', 'job-hold-until-specified');
  const byLp = await held(t, all, 'direct', 'job-hold-until-specified');

  const refused = await release(all, 'direct', byRelease, 'mallory', 'not-theirs');
  t.deepEqual([refused.pass, refused.fail], [1, 0], refused.output);
  await t.throwsAsync(lp(all, 'mallory', byLp, 'resume'), { message: /only its owner/ });
  t.is(await printed(), 0);

  const released = await release(all, 'direct', byRelease, 'root', 'lifts');
  t.deepEqual([released.pass, released.fail], [1, 0], released.output);
  await gateway.logged('job was printed', (line) => line['job-id'] === byRelease);
  t.is(await printed(), 1);
  await lp(all, 'root', byLp, 'resume');
  await gateway.logged('job was printed', (line) => line['job-id'] === byLp);
  t.is(await printed(), 2);
});

peer('on a find-me queue the hold is lifted, and nothing printed', async (t) => {
  const all = await setUp(t);
  const { gateway, printed } = all;
  const byRelease = await held(t, all, 'find-me', 'job-held-for-authorization');
  const byLp = await held(t, all, 'find-me', 'job-held-for-authorization');
  const released = await release(all, 'find-me', byRelease, 'root', 'lifts');
  t.deepEqual([released.pass, released.fail], [1, 0], released.output);
  await lp(all, 'root', byLp, 'resume');
  await lp(all, 'root', byLp, 'hold');
  await lp(all, 'root', byLp, '23:00');
  const again = await release(all, 'find-me', byRelease, 'root', 'nothing-held');
  t.deepEqual([again.pass, again.fail], [1, 0], again.output);
  t.is(await printed(), 0);
  t.false(gateway.log.some(({ event }) => event === 'job released'));
  const list = await gateway.holdfast('jobs', 'list', '--json');
  t.regex(list.stdout, /pending-held/);
});

withCups('lp returns at once, and its queue is free while the jobs are held', async (t) => {
  const { folder, gateway, server } = await setUp(t);
  await using cups = await startCups();
  const uri = `ipp://${server}/ipp/find-me`;
  await cups.command('lpadmin', '-p', 'holdfast', '-E', '-v', uri, '-m', 'everywhere');
  const file = join(folder, 'document-letter.pdf');
  for (const name of ['first', 'second', 'third']) {
    await cups.command('lp', '-d', 'holdfast', '-t', name, file);
  }
  while ((await cups.command('lpstat', '-o')) !== '')
    await new Promise((resolve) => setTimeout(resolve, 100));
  t.regex(await cups.command('lpstat', '-p', 'holdfast'), /is idle/);
  const held = gateway.log.filter(({ event }) => event === 'job accepted');
  t.is(held.length, 3);
  t.false(gateway.log.some(({ event }) => event === 'job released'));
});
