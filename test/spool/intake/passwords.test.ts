// `/ipp/NAME/auth`: Basic over TLS, asked for by 401 and never without TLS.
import { once } from 'node:events';
import { connect } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { Secret } from '../../../base/secrets/secret.ts';
import { Minutes } from '../../../base/units.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import type { JobId } from '../../../spool/job.ts';
import { RecordingLog } from '../../recording-log.ts';
import { ADA, BOB } from '../sample-job.ts';
import { type Asked, HttpError, IntakeUnderTest, PDF } from './intake-under-test.ts';

const PASSWORD = 'correct horse';
const RIGHT = { credentials: `ada:${PASSWORD}` };
const WRONG = { credentials: 'ada:battery staple' };

async function open(t: ExecutionContext) {
  const intake = new IntakeUnderTest();
  const log = new RecordingLog();
  intake.log = log;
  await intake.start(t);
  await intake.credentials.localPasswords.set(ADA, new Secret(PASSWORD));
  intake.secure = true;
  const auth = (asked: Partial<Asked> = {}) =>
    intake.ask({ operation: Operation.validateJob, suffix: '/auth', ...asked });
  /** The HTTP status of an answer without IPP. */
  const refused = async (asked: Partial<Asked> = {}) => {
    const error = await t.throwsAsync(auth(asked), { instanceOf: HttpError });
    return error as HttpError;
  };
  return { intake, log, auth, refused };
}

test('without TLS no password is asked for or looked at: 426', async (t) => {
  const { intake, log, refused } = await open(t);
  intake.secure = false;
  for (const http of [{}, RIGHT, WRONG]) {
    const { status, headers } = await refused({ http, operation: Operation.getPrinterAttributes });
    t.is(status, 426);
    t.regex(headers['upgrade'] ?? '', /TLS/);
    t.is(headers['www-authenticate'], undefined);
  }
  t.deepEqual(log.of('wrong password'), []);
  t.notRegex(await intake.metrics.text(), /password_checks_total\{/);
});

test('426 closes the connection, and says that it could go on in TLS', async (t) => {
  const { intake } = await open(t);
  intake.secure = false;
  for (const path of ['/ipp/print/auth', `/ipp/print/hft-${'a'.repeat(32)}`]) {
    for (const [length, body] of [
      [9, 'too short'],
      [300_000, 'only the beginning'],
    ] as const) {
      const [host = '', port = ''] = intake.authority.split(':');
      const socket = connect(Number(port), host);
      const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n`;
      socket.write(`${head}Content-Type: application/ipp\r\nContent-Length: ${length}\r\n\r\n${body}`);
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk;
        if (answer.includes('instead of ipp')) socket.end();
      });
      await once(socket, 'end');
      t.regex(answer, /^HTTP\/1\.1 426 /);
      t.regex(answer, /\r\nConnection: close, Upgrade\r\n/);
      socket.destroy();
    }
  }
});

test('a person who is deleted while their document comes in takes it with them', async (t) => {
  const { intake, auth } = await open(t);
  async function* document() {
    const begun = once(intake.jobs, 'changed');
    yield PDF;
    await begun;
    intake.people.remove(ADA);
    yield Buffer.alloc(10_000);
  }
  const { status } = await auth({ operation: Operation.printJob, document: document(), http: RIGHT });
  t.is(status, 'client-error-not-found');
  t.is(intake.jobs.living, 0);
});

test('what a printer is can be asked by anybody', async (t) => {
  const { auth } = await open(t);
  t.is((await auth({ operation: Operation.getPrinterAttributes })).status, 'successful-ok');
});

for (const operation of [
  Operation.validateJob,
  Operation.printJob,
  Operation.createJob,
  Operation.sendDocument,
  Operation.getJobs,
  Operation.getJobAttributes,
  Operation.cancelJob,
  Operation.cancelMyJobs,
  Operation.holdJob,
  Operation.releaseJob,
  Operation.setJobAttributes,
  0x3fff,
]) {
  test(`operation 0x${operation.toString(16)} without a password: 401, and how to give one`, async (t) => {
    const { refused } = await open(t);
    const { status, headers } = await refused({ operation });
    t.is(status, 401);
    t.is(headers['www-authenticate'], 'Basic realm="Holdfast", charset="UTF-8"');
  });
}

for (const [what, credentials] of [
  ['a wrong password', 'ada:battery staple'],
  ['nobody', 'nobody:correct horse'],
  ['a person without a password', 'bob:correct horse'],
  ['no colon', 'ada'],
  ['an empty password', 'ada:'],
  ['controls', `ada:${PASSWORD}\n`],
  ['a name of a thousand letters', `${'a'.repeat(1000)}:${PASSWORD}`],
  ['a password of two thousand letters', `ada:${'a'.repeat(2000)}`],
] as const) {
  test(`${what}: 401 with the same words, for Get-Printer-Attributes too`, async (t) => {
    const { refused } = await open(t);
    const { status, headers } = await refused({
      http: { credentials },
      operation: Operation.getPrinterAttributes,
    });
    t.is(status, 401);
    t.is(headers['www-authenticate'], 'Basic realm="Holdfast", charset="UTF-8"');
  });
}

test('who has proved who they are owns what they send, whatever they claim, and is called so', async (t) => {
  const { intake, auth, log } = await open(t);
  const printed = await auth({
    operation: Operation.printJob,
    document: PDF,
    user: 'mallory',
    http: RIGHT,
    queue: 'proof',
  });
  t.is(printed.status, 'successful-ok');
  const id = read(printed.job, 'job-id') as JobId;
  t.deepEqual(intake.jobs.get(id)?.owner, { kind: 'person', person: ADA, proof: 'verified' });
  t.is(read(printed.job, 'job-uri'), `ipps://${intake.authority}/ipp/proof/auth/jobs/${id}`);
  const told = await intake.ask({
    operation: Operation.getJobAttributes,
    path: `/ipp/proof/auth/jobs/${id}`,
    queue: 'proof',
    suffix: '/auth',
    attributes: { 'job-id': id },
    http: { ...RIGHT, from: '127.0.0.2' },
  });
  t.is(read(told.job, 'job-originating-user-name'), 'ada');
  t.is(read(told.job, 'job-name'), 'Untitled');
  t.false(log.text.includes(PASSWORD));
});

test('a verified person lists, holds and cancels from any machine; the same claim there does nothing', async (t) => {
  const { intake, auth } = await open(t);
  const sent = await auth({ operation: Operation.printJob, document: PDF, http: RIGHT });
  const id = read(sent.job, 'job-id') as JobId;
  for (const from of ['127.0.0.1', '127.0.0.2']) {
    const mine = await intake.ask({
      operation: Operation.getJobs,
      attributes: { 'my-jobs': true },
      http: { from },
    });
    t.is(mine.job.size, 0, `a claim from ${from}`);
    const cancel = { operation: Operation.cancelJob, attributes: { 'job-id': id }, http: { from } };
    t.is((await intake.ask(cancel)).status, 'client-error-not-authorized');
  }
  const http = { ...RIGHT, from: '127.0.0.2' };
  const mine = await auth({ operation: Operation.getJobs, attributes: { 'my-jobs': true }, user: '', http });
  t.is(read(mine.job, 'job-id'), id);
  const about = { attributes: { 'job-id': id }, user: '', http };
  t.is((await auth({ operation: Operation.holdJob, ...about })).status, 'successful-ok');
  t.is((await auth({ operation: Operation.releaseJob, ...about })).status, 'successful-ok');
  t.is((await auth({ operation: Operation.cancelMyJobs, user: '', http })).status, 'successful-ok');
  t.is(intake.jobs.get(id)?.state, 'canceled');
});

test('a password at the plain address counts over TLS, and is not looked at without', async (t) => {
  const { intake } = await open(t);
  const print = (credentials: string) =>
    intake.ask({ operation: Operation.printJob, document: PDF, user: 'x', http: { credentials } });
  const proved = await print(`ada:${PASSWORD}`);
  t.like(intake.jobs.get(read(proved.job, 'job-id') as JobId)?.owner, { proof: 'verified' });
  t.like(await t.throwsAsync(print('ada:wrong one')), { status: 401 });
  intake.secure = false;
  const claimed = await print(`ada:${PASSWORD}`);
  t.deepEqual(intake.jobs.get(read(claimed.job, 'job-id') as JobId)?.owner, { kind: 'unowned' });
});

test('wrong passwords slow down one person at one address, and nobody else', async (t) => {
  const { intake, auth, refused } = await open(t);
  await intake.credentials.localPasswords.set(BOB, new Secret('a third password'));
  const guess = (number: number) => ({ credentials: `ada:guess ${number}` });
  for (let tries = 0; tries < 5; tries++) t.is((await refused({ http: guess(tries) })).status, 401);
  t.is((await refused({ http: guess(5) })).status, 401, 'the first past the budget is still looked at');
  const blocked = await refused({ http: RIGHT });
  t.is(blocked.status, 429, 'a right one is not');
  t.is(blocked.headers['retry-after'], '10');
  t.is((await auth({ http: { credentials: 'bob:a third password' } })).status, 'successful-ok');
  t.is((await auth({ http: { ...RIGHT, from: '127.0.0.2' } })).status, 'successful-ok');
  intake.clock.advance(10_000);
  t.is((await refused({ http: guess(6) })).status, 401);
  t.is((await refused({ http: RIGHT })).headers['retry-after'], '20', 'twice as long');
  intake.clock.advance(Minutes(5));
  t.is((await auth({ http: RIGHT })).status, 'successful-ok');
  t.regex(await intake.metrics.text(), /password_checks_total\{outcome="wrong"\} 7/);
});

test('a queue that wants proof takes none of a claim, and says where to give it', async (t) => {
  const { intake } = await open(t);
  for (const operation of [Operation.printJob, Operation.validateJob, Operation.createJob]) {
    const { status, message } = await intake.ask({
      operation,
      queue: 'proof',
      ...(operation === Operation.printJob ? { document: PDF } : {}),
    });
    t.is(status, 'client-error-not-authorized');
    const [{ attributes } = { attributes: undefined }] = message.groups;
    t.regex((attributes && read(attributes, 'status-message')) ?? '', /\/auth/);
  }
  t.is(intake.jobs.living, 0);
});
