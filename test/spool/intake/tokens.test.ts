// `/ipp/NAME/TOKEN`: whose it is, from where, and that nobody else hears of it.
import { request as httpRequest } from 'node:http';
import test, { type ExecutionContext } from 'ava';
import { Seconds } from '../../../base/units.ts';
import type { NewToken } from '../../../identity/tokens/tokens.ts';
import { decodeMessage } from '../../../ipp/codec/decode.ts';
import { encodeMessage } from '../../../ipp/codec/encode.ts';
import { Attributes } from '../../../ipp/model.ts';
import { request } from '../../../ipp/vocabulary/messages.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import { statusName } from '../../../ipp/vocabulary/status.ts';
import type { JobId } from '../../../spool/job.ts';
import { RecordingLog } from '../../recording-log.ts';
import { ADA, BOB } from '../sample-job.ts';
import { HttpError, IntakeUnderTest, PDF } from './intake-under-test.ts';

const ANYWHERE = { label: 'x', queues: [], networks: [] };
const OF_ADA: NewToken = { ...ANYWHERE, kind: 'personal', person: ADA };
const ERP: NewToken = {
  ...ANYWHERE,
  kind: 'submitter',
  networks: ['127.0.0.1'],
  mayName: { kind: 'everybody' },
  formats: [],
};

async function open(t: ExecutionContext) {
  const intake = new IntakeUnderTest();
  const log = new RecordingLog();
  intake.log = log;
  await intake.start(t);
  intake.secure = true;
  const make = async (token: NewToken) => {
    const made = await intake.credentials.tokens.create(token);
    return { id: made.token.id, suffix: `/${made.secret.reveal()}` };
  };
  const print = (suffix: string, user: string, from = '127.0.0.1') =>
    intake.ask({ operation: Operation.printJob, document: PDF, suffix, user, http: { from } });
  return { intake, log, make, print };
}

test('what comes by a personal token is that person’s, whatever name it claims', async (t) => {
  const { intake, make, print } = await open(t);
  const { suffix } = await make(OF_ADA);
  const printed = await print(suffix, 'bob', '127.0.0.2');
  t.is(printed.status, 'successful-ok');
  const id = read(printed.job, 'job-id') as JobId;
  t.deepEqual(intake.jobs.get(id)?.owner, { kind: 'person', person: ADA, proof: 'verified' });
  t.is(read(printed.job, 'job-uri'), `ipps://${intake.authority}/ipp/print${suffix}/jobs/${id}`);
  const told = await intake.ask({
    operation: Operation.getJobAttributes,
    attributes: { 'job-id': id },
    path: `/ipp/print${suffix}/jobs/${id}`,
    suffix,
    user: '',
  });
  t.is(read(told.job, 'job-originating-user-name'), 'ada');
});

test('an ERP prints for three people; the audit says who named them, and not by which secret', async (t) => {
  const { intake, log, make, print } = await open(t);
  const { id: token, suffix } = await make(ERP);
  const owners = [];
  for (const user of ['ada', 'BOB', 'eve']) {
    const { job, status } = await print(suffix, user);
    t.is(status, 'successful-ok');
    owners.push(intake.jobs.get(read(job, 'job-id') as JobId)?.owner);
  }
  t.deepEqual(owners, [
    { kind: 'person', person: ADA, proof: 'named' },
    { kind: 'person', person: BOB, proof: 'named' },
    { kind: 'unowned' },
  ]);
  t.deepEqual(
    log.of('job named by token').map((line) => [line['token'], line['owner'], line['client']]),
    [
      [token, ADA, '127.0.0.1'],
      [token, BOB, '127.0.0.1'],
    ],
  );
  t.false(log.text.includes(suffix.slice(1)));
});

test('a name outside of what the token may name is nobody, or refused, as the queue says', async (t) => {
  const { intake, make } = await open(t);
  const { suffix } = await make({ ...ERP, mayName: { kind: 'names', patterns: ['b*'] } } as NewToken);
  const print = (queue: string, user: string) =>
    intake.ask({ operation: Operation.printJob, document: PDF, suffix, user, queue });
  t.is((await print('strict', 'bob')).status, 'successful-ok');
  t.is((await print('strict', 'ada')).status, 'client-error-not-authorized');
  const { job } = await print('print', 'ada');
  t.deepEqual(intake.jobs.get(read(job, 'job-id') as JobId)?.owner, { kind: 'unowned' });
  t.is((await print('proof', 'bob')).status, 'successful-ok', 'where proof is wanted, a token is one');
});

test('a print server asks after and cancels what it sent, each in its own name, and nothing else', async (t) => {
  const { intake, make, print } = await open(t);
  const { suffix } = await make(ERP);
  const other = await make(ERP);
  const ids: JobId[] = [];
  for (const user of ['ada', 'bob']) ids.push(read((await print(suffix, user)).job, 'job-id') as JobId);
  const mine = async (token: string, user: string) => {
    const { message } = await intake.ask({
      operation: Operation.getJobs,
      attributes: { 'my-jobs': true },
      suffix: token,
      user,
    });
    return message.groups
      .filter((group) => group.kind === 'job')
      .map((group) => read(group.attributes, 'job-id'));
  };
  t.deepEqual(await mine(suffix, 'ada'), [ids[0]]);
  t.deepEqual(await mine(suffix, 'bob'), [ids[1]]);
  t.deepEqual(await mine(other.suffix, 'ada'), []);
  t.deepEqual(await mine('', 'ada'), []);
  const cancel = (token: string, user: string) =>
    intake.ask({
      operation: Operation.cancelJob,
      attributes: { 'job-id': ids[0] },
      suffix: token,
      user,
    });
  t.is((await cancel(suffix, 'bob')).status, 'client-error-not-authorized');
  t.is((await cancel(other.suffix, 'ada')).status, 'client-error-not-authorized');
  t.is((await cancel(suffix, 'ada')).status, 'successful-ok');
});

test('an operator cancels any job, sees no names, and owns nothing by its token', async (t) => {
  const { intake, make } = await open(t);
  const { suffix } = await make({ ...ANYWHERE, kind: 'operator' });
  const id = await intake.print();
  const about = { suffix, user: 'root', attributes: { 'job-id': id }, http: { from: '127.0.0.2' } };
  t.false((await intake.ask({ operation: Operation.getJobAttributes, ...about })).job.has('job-name'));
  t.is(
    (await intake.ask({ operation: Operation.releaseJob, ...about })).status,
    'client-error-not-authorized',
  );
  t.is((await intake.ask({ operation: Operation.cancelJob, ...about })).status, 'successful-ok');
  const print = { operation: Operation.printJob, document: PDF, suffix, user: '' };
  t.is((await intake.ask({ ...print, queue: 'proof' })).status, 'client-error-not-authorized');
});

test('a token that does not work here is answered octet for octet like a printer that is not there', async (t) => {
  const { intake, make, log } = await open(t);
  const revoked = await make(OF_ADA);
  await intake.credentials.tokens.revoke([revoked.id]);
  const elsewhere = await make({ ...ERP, networks: ['192.0.2.0/24'] } as NewToken);
  const otherQueue = await make({ ...OF_ADA, queues: ['strict'] });
  const { suffix: expired } = await intake.credentials.tokens
    .create(OF_ADA, Seconds(60))
    .then((made) => ({ suffix: `/${made.secret.reveal()}` }));
  intake.clock.advance(60_000);
  const unknown = `/hft-${'a'.repeat(32)}`;
  const paths = [
    revoked.suffix,
    elsewhere.suffix,
    otherQueue.suffix,
    expired,
    unknown,
    '/x',
    '/AUTH',
    '/jobs',
  ];
  for (const operation of [Operation.getPrinterAttributes, Operation.validateJob, 0x3fff]) {
    const octets = (uri: string) =>
      encodeMessage(
        request({
          operation: operation as Operation,
          requestId: 9,
          attributes: { 'printer-uri': `ipps://${intake.authority}${uri}` },
        }),
      );
    const nowhere = await intake.post('/ipp/nowhere', octets('/ipp/nowhere'));
    for (const path of paths) {
      const uri = `/ipp/print${path}`;
      t.true((await intake.post(uri, octets(uri))).equals(nowhere), path);
    }
  }
  t.deepEqual(
    log.of('token refused').map((line) => line['reason']),
    ['unknown', 'address', 'queue', 'expired'],
  );
  t.is(log.of('token refused')[1]?.['token'], elsewhere.id);
  const first = [];
  for (const path of ['/ipp/nowhere', ...paths.map((each) => `/ipp/print${each}`)]) {
    first.push((await intake.exchange(path, Buffer.alloc(0), { expect: true })).status);
  }
  t.deepEqual(new Set(first), new Set([404]), 'who asks before sending hears the same, too');
  for (const path of paths.slice(0, 5)) t.false(log.text.includes(path.slice(1)));
});

test('an address that goes on asking with unknown tokens has to wait; right ones work on', async (t) => {
  const { make, print, log } = await open(t);
  const { suffix } = await make(OF_ADA);
  const unknown = () => print(`/hft-${'b'.repeat(32)}`, 'ada');
  for (let tries = 0; tries < 51; tries++) t.is((await unknown()).status, 'client-error-not-found');
  const error = await t.throwsAsync(unknown(), { instanceOf: HttpError });
  t.like(error, { status: 429 });
  t.is((error as HttpError).headers['retry-after'], '10');
  t.is(log.of('token refused').length, 1, 'it does not fill the log');
  t.is((await print(suffix, 'ada')).status, 'successful-ok');
  t.is((await print(`/hft-${'b'.repeat(32)}`, 'ada', '127.0.0.2')).status, 'client-error-not-found');
});

test('without TLS a token is refused, known or not, unless the queue allows it', async (t) => {
  const { intake, make, print, log } = await open(t);
  const { id, suffix } = await make(OF_ADA);
  intake.secure = false;
  for (const path of [suffix, `/hft-${'c'.repeat(32)}`]) {
    t.like(await t.throwsAsync(print(path, 'ada')), { status: 426 });
  }
  t.like(log.of('token refused')[0], { reason: 'without-tls', token: id });
  const allowed = { operation: Operation.printJob, document: PDF, suffix, queue: 'proof' } as const;
  const { job, status } = await intake.ask(allowed);
  t.is(status, 'successful-ok');
  t.regex(read(job, 'job-uri') ?? '', new RegExp(`^ipp://.*${suffix}/jobs/`));
});

test('a token that is revoked while its document comes in takes the document with it', async (t) => {
  const { intake, make } = await open(t);
  const { id, suffix } = await make(OF_ADA);
  const [host = '', port = ''] = intake.authority.split(':');
  const message = encodeMessage(
    request({
      operation: Operation.printJob,
      requestId: 1,
      attributes: { 'printer-uri': `ipps://${intake.authority}/ipp/print${suffix}` },
    }),
  );
  const answered = new Promise<Buffer>((resolve, reject) => {
    const sent = httpRequest(
      {
        host,
        port,
        path: `/ipp/print${suffix}`,
        method: 'POST',
        headers: { 'Content-Type': 'application/ipp' },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks)));
      },
    );
    sent.on('error', reject);
    sent.write(Buffer.concat([message, PDF]));
    intake.jobs.once('changed', async () => {
      await intake.credentials.tokens.revoke([id]);
      sent.end(Buffer.alloc(10_000));
    });
  });
  t.is(statusName(decodeMessage(await answered).code), 'client-error-not-found');
  t.is(intake.jobs.living, 0);
});

test('whoever leaves loses their tokens at once', async (t) => {
  const { intake, make, print } = await open(t);
  const { suffix } = await make(OF_ADA);
  const ofBob = await make({ ...OF_ADA, person: BOB } as NewToken);
  intake.people.remove(ADA);
  t.is((await print(suffix, 'ada')).status, 'client-error-not-found');
  t.is((await print(ofBob.suffix, 'bob')).status, 'successful-ok');
  t.deepEqual(
    intake.credentials.tokens.list().map(({ token }) => token.id),
    [ofBob.id],
  );
});

test('each client is told its own addresses, in lists of one length; a token is told to nobody else', async (t) => {
  const { intake, make, print } = await open(t);
  const { suffix } = await make(OF_ADA);
  const secret = suffix.slice(1);
  await print(suffix, 'ada');
  const told = async (at: string, queue = 'print') => {
    const { message } = await intake.ask({ operation: Operation.getPrinterAttributes, suffix: at, queue });
    const printer = message.groups.find((group) => group.kind === 'printer')?.attributes ?? new Attributes();
    const uris = read(printer, 'printer-uri-supported') ?? [];
    const security = read(printer, 'uri-security-supported') ?? [];
    const authentication = read(printer, 'uri-authentication-supported') ?? [];
    t.is(security.length, uris.length);
    t.is(authentication.length, uris.length);
    return uris.map((uri, index) =>
      [
        uri.replace(intake.authority, 'HOST').replace(secret, 'SECRET'),
        security[index],
        authentication[index],
      ].join(' '),
    );
  };
  const plain = 'ipp://HOST/ipp/print none requesting-user-name';
  const tls = 'ipps://HOST/ipp/print tls requesting-user-name';
  const auth = 'ipps://HOST/ipp/print/auth tls basic';
  t.deepEqual(await told(''), [tls, plain, auth]);
  t.deepEqual(await told('/auth'), [auth, tls, plain]);
  t.deepEqual(await told(suffix), ['ipps://HOST/ipp/print/SECRET tls requesting-user-name']);
  t.deepEqual(await told('', 'proof'), ['ipps://HOST/ipp/proof/auth tls basic']);
  intake.secure = false;
  t.deepEqual(await told(''), [plain, tls, auth]);
  const strict = new IntakeUnderTest();
  strict.tlsRequired = true;
  strict.secure = true;
  await strict.start(t);
  const { message } = await strict.ask({ operation: Operation.getPrinterAttributes });
  const printer = message.groups.find((group) => group.kind === 'printer')?.attributes ?? new Attributes();
  t.deepEqual(
    read(printer, 'printer-uri-supported')?.map((uri) => uri.replace(strict.authority, 'HOST')),
    ['ipps://HOST/ipp/print', 'ipps://HOST/ipp/print/auth'],
  );
  const list = encodeMessage(
    request({
      operation: Operation.getJobs,
      requestId: 1,
      attributes: {
        'printer-uri': `ipp://${intake.authority}/ipp/print`,
        'requested-attributes': ['all'],
      },
    }),
  );
  const listed = await intake.post('/ipp/print', list);
  t.true(listed.includes('/ipp/print/jobs/1'));
  t.false(listed.includes(secret));
  t.false((await intake.metrics.text()).includes(secret));
});

test('what stands behind the name in a URI must be what the request was sent to, or be left out', async (t) => {
  const { intake, make } = await open(t);
  const { suffix } = await make(OF_ADA);
  const ask = (path: string, uri: string) =>
    intake.ask({
      operation: Operation.getPrinterAttributes,
      path: `/ipp/print${path}`,
      attributes: { 'printer-uri': `ipps://${intake.authority}/ipp/print${uri}` },
    });
  t.is((await ask(suffix, '')).status, 'successful-ok');
  t.is((await ask('/auth', '')).status, 'successful-ok');
  t.is((await ask('/auth', suffix)).status, 'client-error-not-found');
  t.is((await ask('', suffix)).status, 'client-error-not-found');
  t.is((await ask('', '/auth')).status, 'client-error-not-found');
});

test("a name claimed by somebody else's machine lists, releases and cancels nothing of that person's", async (t) => {
  const { intake } = await open(t);
  intake.secure = false;
  const id = await intake.print({ 'job-hold-until': 'indefinite' });
  const http = { from: '127.0.0.2' };
  const mine = await intake.ask({ operation: Operation.getJobs, attributes: { 'my-jobs': true }, http });
  t.is(mine.job.size, 0);
  const all = await intake.ask({
    operation: Operation.getJobs,
    attributes: { 'requested-attributes': ['all'] },
    http,
  });
  for (const name of ['job-name', 'job-originating-user-name', 'copies']) t.false(all.job.has(name), name);
  for (const operation of [Operation.releaseJob, Operation.holdJob, Operation.cancelJob]) {
    const { status } = await intake.ask({ operation, attributes: { 'job-id': id }, http });
    t.is(status, 'client-error-not-authorized');
  }
  const set = { operation: Operation.setJobAttributes, attributes: { 'job-id': id }, http };
  t.is(
    (await intake.ask({ ...set, job: { 'job-hold-until': 'no-hold' } })).status,
    'client-error-not-authorized',
  );
  const cancelAll = await intake.ask({ operation: Operation.cancelMyJobs, http });
  t.is(cancelAll.status, 'successful-ok');
  t.like(intake.jobs.get(id), { state: 'pending-held', holdUntil: 'indefinite' });
});
