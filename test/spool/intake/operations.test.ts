import test from 'ava';
import { MiB } from '../../../base/units.ts';
import { Attributes } from '../../../ipp/model.ts';
import { JobState } from '../../../ipp/vocabulary/enums.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import type { JobId } from '../../../spool/job.ts';
import { readAll } from '../../contracts/job-store.ts';
import { ADA } from '../sample-job.ts';
import { IntakeUnderTest, PDF } from './intake-under-test.ts';

/** Waits for its owner at a panel. */
const HELD = ['job-held-for-release', 'job-held-for-authorization'];

const open = (t: Parameters<IntakeUnderTest['start']>[0]) => new IntakeUnderTest().start(t);

test('a printed job is held for its owner, with the standard reasons', async (t) => {
  const intake = await open(t);
  const { job, status } = await intake.ask({
    operation: Operation.printJob,
    attributes: { 'job-name': 'Payslip', 'document-format': 'application/pdf', 'job-impressions': 3 },
    job: { copies: 2, sides: 'two-sided-long-edge' },
    document: PDF,
  });
  t.is(status, 'successful-ok');
  t.is(read(job, 'job-state'), JobState.pendingHeld);
  t.deepEqual(read(job, 'job-state-reasons'), HELD);
  const id = read(job, 'job-id') as JobId;
  t.is(read(job, 'job-uri'), `ipp://${intake.authority}/ipp/print/jobs/${id}`);
  t.true((await readAll(intake.store, id)).equals(PDF));
  const kept = intake.jobs.get(id);
  t.like(kept, {
    name: 'Payslip',
    owner: { kind: 'person', person: ADA, proof: 'claimed' },
    submitter: { address: '127.0.0.1', claimedName: 'ada' },
    document: { format: 'application/pdf', octets: PDF.length, impressions: 3 },
  });
  t.is(read(kept?.ticket ?? new Attributes(), 'copies'), 2);
  t.is(kept?.expiresAt, intake.clock.now() + 72 * 3_600_000);
});

test('Create-Job and Send-Document make the same job', async (t) => {
  const intake = await open(t);
  const created = await intake.ask({ operation: Operation.createJob, attributes: { 'job-name': 'Letter' } });
  const id = read(created.job, 'job-id') as JobId;
  t.deepEqual(read(created.job, 'job-state-reasons'), ['job-incoming', 'job-data-insufficient']);
  const sent = await intake.ask({
    operation: Operation.sendDocument,
    attributes: { 'job-id': id, 'last-document': true, 'document-format': 'application/pdf' },
    document: PDF,
  });
  t.is(sent.status, 'successful-ok');
  t.deepEqual(read(sent.job, 'job-state-reasons'), HELD);
  t.like(intake.jobs.get(id), { name: 'Letter', document: { format: 'application/pdf' } });
  const closed = await intake.ask({ operation: Operation.closeJob, attributes: { 'job-id': id } });
  t.is(closed.status, 'successful-ok');
});

test('a job that is closed without a document has nothing to print', async (t) => {
  const intake = await open(t);
  for (const operation of [Operation.closeJob, Operation.sendDocument]) {
    const created = await intake.ask({ operation: Operation.createJob });
    const id = read(created.job, 'job-id') as JobId;
    const closed = await intake.ask({ operation, attributes: { 'job-id': id, 'last-document': true } });
    t.is(read(closed.job, 'job-state'), JobState.canceled);
  }
  t.deepEqual(await intake.store.recover(), []);
});

test('Validate-Job makes no job', async (t) => {
  const intake = await open(t);
  const { status } = await intake.ask({ operation: Operation.validateJob, job: { copies: 3 } });
  t.is(status, 'successful-ok');
  t.is(intake.jobs.living, 0);
});

test('what the queue cannot do is ignored and told, or refused when the client insists', async (t) => {
  const intake = await open(t);
  const job = new Attributes([
    { name: 'copies', values: [{ syntax: 'integer', value: 5000 }] },
    { name: 'sides', values: [{ syntax: 'keyword', value: 'one-sided' }] },
    { name: 'job-cover', values: [{ syntax: 'keyword', value: 'x' }] },
    { name: 'media', values: [{ syntax: 'integer', value: 4 }] },
  ]);
  const lax = await intake.ask({ operation: Operation.validateJob, job });
  t.is(lax.status, 'successful-ok-ignored-or-substituted-attributes');
  const unsupported = lax.message.groups.find((group) => group.kind === 'unsupported')?.attributes;
  t.deepEqual(unsupported?.names, ['copies', 'job-cover', 'media']);
  t.deepEqual(unsupported?.get('job-cover')?.values, [{ syntax: 'unsupported' }]);
  t.deepEqual(unsupported?.get('copies')?.values, [{ syntax: 'integer', value: 5000 }]);
  const strict = await intake.ask({
    operation: Operation.validateJob,
    job,
    attributes: { 'ipp-attribute-fidelity': true },
  });
  t.is(strict.status, 'client-error-attributes-or-values-not-supported');
});

test('media by size is known within half a millimetre', async (t) => {
  const intake = await open(t);
  const ask = (x: number, y: number) =>
    intake.ask({
      operation: Operation.validateJob,
      job: { 'media-col': { 'media-size': { 'x-dimension': x, 'y-dimension': y } } },
    });
  t.is((await ask(21_000, 29_700)).status, 'successful-ok');
  t.is((await ask(20_990, 29_704)).status, 'successful-ok');
  t.is((await ask(10_000, 10_000)).status, 'successful-ok-ignored-or-substituted-attributes');
});

for (const [name, attributes, document, expected] of [
  [
    'a format that is not taken',
    { 'document-format': 'application/postscript' },
    Buffer.from('%!PS'),
    'client-error-document-format-not-supported',
  ],
  [
    'printer commands called a PDF',
    { 'document-format': 'application/pdf' },
    Buffer.from('\x1b%-12345X@PJL'),
    'client-error-document-format-error',
  ],
  [
    'text called a PDF',
    { 'document-format': 'application/pdf' },
    Buffer.from('hello'),
    'client-error-document-format-error',
  ],
  [
    'an unknown kind called nothing',
    { 'document-format': 'application/octet-stream' },
    Buffer.from('hello'),
    'client-error-document-format-not-supported',
  ],
  ['a PDF called nothing', { 'document-format': 'application/octet-stream' }, PDF, 'successful-ok'],
  ['a PDF without a word', {}, PDF, 'successful-ok'],
  [
    'a PDF behind a preamble',
    { 'document-format': 'Application/PDF' },
    Buffer.concat([Buffer.alloc(900, ' '), PDF]),
    'successful-ok',
  ],
  ['no document', { 'document-format': 'application/pdf' }, Buffer.alloc(0), 'client-error-bad-request'],
  [
    'a document that is too large',
    {},
    Buffer.concat([PDF, Buffer.alloc(1024 * 1024)]),
    'client-error-request-entity-too-large',
  ],
] as const) {
  test(`Print-Job with ${name}: ${expected}`, async (t) => {
    const intake = await open(t);
    const { status } = await intake.ask({ operation: Operation.printJob, attributes, document });
    t.is(status, expected);
    t.is(intake.jobs.living, expected === 'successful-ok' ? 1 : 0);
    t.is((await intake.store.recover()).length, intake.jobs.living);
  });
}

test('a refused document leaves a created job waiting for another', async (t) => {
  const intake = await open(t);
  const created = await intake.ask({ operation: Operation.createJob });
  const id = read(created.job, 'job-id') as JobId;
  const send = (document: Buffer) =>
    intake.ask({
      operation: Operation.sendDocument,
      attributes: { 'job-id': id, 'last-document': true },
      document,
    });
  t.is((await send(Buffer.from('hello'))).status, 'client-error-document-format-not-supported');
  t.is(intake.jobs.get(id)?.receiving, undefined);
  t.is((await send(PDF)).status, 'successful-ok');
});

test('bounds: too many jobs, too little disk; what is there can still be asked for', async (t) => {
  const intake = await open(t);
  const id = await intake.print();
  intake.limits = { ...intake.limits, jobs: 1 };
  t.is(
    (await intake.ask({ operation: Operation.printJob, document: PDF })).status,
    'server-error-too-many-jobs',
  );
  intake.limits = { ...intake.limits, jobs: 9 };
  intake.freeDisk = MiB(1);
  t.is((await intake.ask({ operation: Operation.createJob })).status, 'server-error-busy');
  const printer = await intake.ask({ operation: Operation.getPrinterAttributes });
  const group =
    printer.message.groups.find((each) => each.kind === 'printer')?.attributes ?? new Attributes();
  t.is(read(group, 'printer-is-accepting-jobs'), false);
  t.deepEqual(read(group, 'printer-state-reasons'), ['spool-area-full-error']);
  t.is(
    (await intake.ask({ operation: Operation.getJobAttributes, attributes: { 'job-id': id } })).status,
    'successful-ok',
  );
});

test('a queue that wants to know its people refuses others, in words', async (t) => {
  const intake = await open(t);
  t.truthy(await intake.print({}, 'ada', 'strict'));
  for (const user of ['mallory', '']) {
    const { status, message } = await intake.ask({
      operation: Operation.printJob,
      document: PDF,
      user,
      queue: 'strict',
    });
    t.is(status, 'client-error-not-authorized');
    const operation = message.groups[0]?.attributes ?? new Attributes();
    t.regex(read(operation, 'status-message') ?? '', /people that it knows/);
  }
});

test("a name that is nobody's makes an unowned job where the queue lets it be claimed", async (t) => {
  const intake = await open(t);
  const id = await intake.print({}, 'mobile');
  t.deepEqual(intake.jobs.get(id)?.owner, { kind: 'unowned' });
});

test('only the sender sees names, holds, releases and cancels', async (t) => {
  const intake = await open(t);
  const id = await intake.print({ copies: 2 });
  const asks = (user: string) =>
    intake.ask({ operation: Operation.getJobAttributes, attributes: { 'job-id': id }, user });
  t.is(read((await asks('ada')).job, 'job-name'), 'Payslip');
  t.is(read((await asks('ada')).job, 'copies'), 2);
  const others = await asks('eve');
  t.is(others.status, 'successful-ok');
  t.deepEqual(
    [others.job.get('job-name'), others.job.get('job-originating-user-name'), others.job.get('copies')],
    [undefined, undefined, undefined],
  );
  for (const operation of [Operation.cancelJob, Operation.holdJob, Operation.releaseJob]) {
    const refused = await intake.ask({ operation, attributes: { 'job-id': id }, user: 'eve' });
    t.is(refused.status, 'client-error-not-authorized');
  }
  t.is(intake.jobs.get(id)?.state, 'pending-held');
  t.is(
    (await intake.ask({ operation: Operation.cancelJob, attributes: { 'job-id': id } })).status,
    'successful-ok',
  );
  t.is(intake.jobs.get(id)?.state, 'canceled');
  t.is(
    (await intake.ask({ operation: Operation.cancelJob, attributes: { 'job-id': id } })).status,
    'client-error-not-possible',
  );
});

test('a hold of the client is beside the hold of the queue', async (t) => {
  const intake = await open(t);
  const id = await intake.print({ 'job-hold-until': 'indefinite' });
  const reasons = async () =>
    read(
      (await intake.ask({ operation: Operation.getJobAttributes, attributes: { 'job-id': id } })).job,
      'job-state-reasons',
    );
  t.deepEqual(await reasons(), [...HELD, 'job-hold-until-specified']);
  t.is(
    (await intake.ask({ operation: Operation.releaseJob, attributes: { 'job-id': id } })).status,
    'successful-ok',
  );
  t.deepEqual(await reasons(), HELD);
  t.is(
    (await intake.ask({ operation: Operation.holdJob, attributes: { 'job-id': id } })).status,
    'successful-ok',
  );
  t.deepEqual(await reasons(), [...HELD, 'job-hold-until-specified']);
  const resumed = await intake.ask({
    operation: Operation.setJobAttributes,
    attributes: { 'job-id': id },
    job: { 'job-hold-until': 'no-hold' },
  });
  t.is(resumed.status, 'successful-ok');
  t.deepEqual(await reasons(), HELD);
  t.is(intake.jobs.get(id)?.state, 'pending-held');
});

test('Set-Job-Attributes changes the waits of a job and nothing else', async (t) => {
  const intake = await open(t);
  const id = await intake.print();
  const set = (job: Parameters<typeof intake.ask>[0]['job']) =>
    intake.ask({
      operation: Operation.setJobAttributes,
      attributes: { 'job-id': id },
      ...(job === undefined ? {} : { job }),
    });
  t.is((await set({ copies: 9 })).status, 'client-error-attributes-not-settable');
  t.is(
    (await set({ 'job-hold-until': 'full-moon' })).status,
    'client-error-attributes-or-values-not-supported',
  );
  t.is((await set(undefined)).status, 'client-error-bad-request');
  t.is(
    (await set(new Attributes([{ name: 'job-hold-until', values: [{ syntax: 'integer', value: 1 }] }])))
      .status,
    'client-error-attributes-or-values-not-supported',
  );
});

test('Cancel-My-Jobs cancels mine, all or none', async (t) => {
  const intake = await open(t);
  const mine = [await intake.print(), await intake.print()];
  const theirs = await intake.print({}, 'eve');
  const cancel = (ids?: JobId[]) =>
    intake.ask({ operation: Operation.cancelMyJobs, attributes: { 'job-ids': ids } });
  t.is((await cancel([mine[0] as JobId, theirs])).status, 'client-error-not-authorized');
  t.deepEqual(intake.canceled, []);
  t.is((await cancel()).status, 'successful-ok');
  t.deepEqual(intake.canceled, mine);
  t.is(intake.jobs.get(theirs)?.state, 'pending-held');
});

test('Get-Jobs: defaults, filters, limits, and whose names are told', async (t) => {
  const intake = await open(t);
  const ids = [await intake.print(), await intake.print({}, 'eve'), await intake.print()];
  await intake.ask({ operation: Operation.cancelJob, attributes: { 'job-id': ids[2] } });
  const list = async (attributes: Parameters<typeof intake.ask>[0]['attributes']) => {
    const { message } = await intake.ask({
      operation: Operation.getJobs,
      ...(attributes ? { attributes } : {}),
    });
    return message.groups.filter((group) => group.kind === 'job').map((group) => group.attributes);
  };
  const plain = await list({});
  t.deepEqual(
    plain.map((job) => read(job, 'job-id')),
    [ids[0], ids[1]],
  );
  t.deepEqual(plain[0]?.names, ['job-id', 'job-uri']);
  t.deepEqual(
    (await list({ 'which-jobs': 'completed' })).map((job) => read(job, 'job-id')),
    [ids[2]],
  );
  t.deepEqual((await list({ 'which-jobs': 'all', limit: 1 })).length, 1);
  t.deepEqual(
    (await list({ 'my-jobs': true })).map((job) => read(job, 'job-id')),
    [ids[0]],
  );
  const named = await list({ 'requested-attributes': ['job-name', 'job-id'] });
  t.deepEqual(
    named.map((job) => [read(job, 'job-id'), job.has('job-name')]),
    [
      [ids[0], true],
      [ids[1], false],
    ],
  );
  const unknown = await intake.ask({ operation: Operation.getJobs, attributes: { 'which-jobs': 'lost' } });
  t.is(unknown.status, 'client-error-attributes-or-values-not-supported');
});

test('Get-Printer-Attributes: groups, names, and the database only by name', async (t) => {
  const intake = await open(t);
  const get = async (...requested: string[]) => {
    const { message } = await intake.ask({
      operation: Operation.getPrinterAttributes,
      attributes: requested.length === 0 ? {} : { 'requested-attributes': requested },
    });
    return message.groups.find((group) => group.kind === 'printer')?.attributes ?? new Attributes();
  };
  const all = await get();
  t.false(all.has('media-col-database'));
  t.is(read(all, 'printer-make-and-model'), 'Holdfast 1.2.3');
  t.is(all.get('printer-uri-supported')?.values.length, all.get('uri-security-supported')?.values.length);
  t.deepEqual((await get('all', 'media-col-database')).size, all.size + 1);
  t.deepEqual((await get('printer-state', 'sides-supported')).names, ['sides-supported', 'printer-state']);
  const template = await get('job-template');
  t.true(
    template.has('media-col-default') && template.has('copies-supported') && !template.has('printer-state'),
  );
  const description = await get('printer-description');
  t.true(description.has('printer-state') && !description.has('copies-supported'));
  t.is(template.size + description.size, all.size);
});

test('the Send-Document of a job that was aborted, as no document came, hears not-possible', async (t) => {
  const intake = await open(t);
  const { job } = await intake.ask({ operation: Operation.createJob });
  const id = read(job, 'job-id') as JobId;
  intake.jobs.apply(id, { kind: 'documents-failed', at: intake.clock.now() });
  const sent = await intake.ask({
    operation: Operation.sendDocument,
    attributes: { 'job-id': id, 'last-document': true },
    document: PDF,
  });
  t.is(sent.status, 'client-error-not-possible');
});

for (const [name, operation, more, document] of [
  ['add its document', Operation.sendDocument, { 'last-document': true }, PDF],
  ['end it without a document', Operation.sendDocument, { 'last-document': true }, undefined],
  ['close it', Operation.closeJob, {}, undefined],
] as const) {
  test(`nobody but who made a job may ${name}`, async (t) => {
    const intake = await open(t);
    const created = await intake.ask({ operation: Operation.createJob, user: 'ada' });
    const id = read(created.job, 'job-id') as JobId;
    const before = intake.jobs.get(id);
    const { status } = await intake.ask({
      operation,
      attributes: { 'job-id': id, ...more },
      user: 'bob',
      http: { from: '127.0.0.2' },
      ...(document === undefined ? {} : { document }),
    });
    t.is(status, 'client-error-not-authorized');
    t.deepEqual(intake.jobs.get(id), before);
  });
}

test('Get-Jobs lists the jobs of its queue alone', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const mine = await intake.print({}, 'ada', 'print');
  await intake.print({}, 'ada', 'direct');
  const { message } = await intake.ask({ operation: Operation.getJobs });
  t.deepEqual(
    message.groups.filter(({ kind }) => kind === 'job').map((job) => read(job.attributes, 'job-id')),
    [mine],
  );
});
