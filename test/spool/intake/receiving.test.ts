// What happens to a job while its document is on the way: the document is kept once, and the last word about the job counts.
import test from 'ava';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import type { Job, JobId } from '../../../spool/job.ts';
import { readAll } from '../../contracts/job-store.ts';
import { IntakeUnderTest, PDF } from './intake-under-test.ts';

const open = (t: Parameters<IntakeUnderTest['start']>[0]) => new IntakeUnderTest().start(t);

async function created(intake: IntakeUnderTest): Promise<JobId> {
  const { job } = await intake.ask({ operation: Operation.createJob });
  return read(job, 'job-id') as JobId;
}

function send(
  intake: IntakeUnderTest,
  id: JobId,
  document: Buffer | AsyncIterable<Buffer> = PDF,
  last = true,
) {
  return intake.ask({
    operation: Operation.sendDocument,
    attributes: { 'job-id': id, 'last-document': last, 'document-format': 'application/pdf' },
    document,
  });
}

/**
 * A document whose second half comes when it is told to.
 * @param rest octets of that half; without any, only the end is still to come.
 */
function halves(rest = 5000): { document: AsyncIterable<Buffer>; begun: Promise<void>; go(): void } {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const document = (async function* () {
    yield Buffer.concat([PDF, Buffer.alloc(5000, '%')]);
    begun.resolve();
    await gate.promise;
    if (rest > 0) yield Buffer.alloc(rest, '%');
  })();
  return { document, begun: begun.promise, go: () => gate.resolve() };
}

/** Arriving still, or there already. */
const REFUSED = new Set(['client-error-not-possible', 'server-error-multiple-document-jobs-not-supported']);

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

const cancel = (intake: IntakeUnderTest, id: JobId) =>
  intake.ask({ operation: Operation.cancelJob, attributes: { 'job-id': id } });

const hold = (intake: IntakeUnderTest, id: JobId) =>
  intake.ask({ operation: Operation.holdJob, attributes: { 'job-id': id } });

test('of two documents for one job at once, one is kept and the other refused', async (t) => {
  const intake = await open(t);
  for (let round = 0; round < 10; round++) {
    const id = await created(intake);
    const documents = [
      Buffer.concat([PDF, Buffer.alloc(200_000, 'a')]),
      Buffer.concat([PDF, Buffer.from('b')]),
    ];
    const answers = await Promise.all(documents.map((document) => send(intake, id, document)));
    const statuses = answers.map(({ status }) => status);
    t.is(statuses.filter((status) => status === 'successful-ok').length, 1, statuses.join());
    t.true(
      statuses.some((status) => REFUSED.has(status)),
      statuses.join(),
    );
    const kept = documents[statuses.indexOf('successful-ok')] as Buffer;
    t.true((await readAll(intake.store, id)).equals(kept));
  }
});

test('a job that is cancelled while its document comes stays cancelled, and the client hears it', async (t) => {
  const intake = await open(t);
  const id = await created(intake);
  const { document, begun, go } = halves();
  const sent = send(intake, id, document);
  await begun;
  await until(() => intake.jobs.get(id)?.receiving === true);
  t.is((await cancel(intake, id)).status, 'successful-ok');
  go();
  t.is((await sent).status, 'client-error-not-possible');
  t.like(intake.jobs.get(id), { state: 'canceled', document: undefined });
  t.is(intake.jobs.living, 0);
});

test('a job that is cancelled while the disk keeps its document stays cancelled, and its content is destroyed', async (t) => {
  const intake = await open(t);
  const id = await created(intake);
  const disk = Promise.withResolvers<void>();
  intake.store.disk = disk.promise;
  const sent = send(intake, id);
  await until(() => intake.store.keeping.has(id));
  t.is((await cancel(intake, id)).status, 'successful-ok');
  disk.resolve();
  t.is((await sent).status, 'client-error-not-possible');
  t.is(intake.jobs.get(id)?.state, 'canceled');
  await t.throwsAsync(readAll(intake.store, id), { message: /not kept any more/ });
  t.is((await intake.store.recover())[0]?.name, '');
  t.deepEqual(intake.jobs.ownedBy(intake.people.byUserName('ada')?.id as never), []);
});

test('a job that is purged while the disk keeps its document is gone, and nothing of it is left', async (t) => {
  const intake = await open(t);
  const id = await created(intake);
  const disk = Promise.withResolvers<void>();
  intake.store.disk = disk.promise;
  const sent = send(intake, id);
  await until(() => intake.store.keeping.has(id));
  await cancel(intake, id);
  await intake.jobs.forget([intake.jobs.get(id) as Job]);
  disk.resolve();
  t.is((await sent).status, 'client-error-not-found');
  t.deepEqual([...intake.jobs.all()], []);
  t.is(intake.jobs.living, 0);
  t.deepEqual(intake.jobs.tallyOf('print'), { living: 0, printing: 0 });
  t.deepEqual(await intake.store.recover(), []);
  t.is((await intake.ask({ operation: Operation.getPrinterAttributes })).status, 'successful-ok');
});

for (const [ended, status, end] of [
  ['cancelled', 'client-error-not-possible', cancel],
  [
    'purged',
    'client-error-not-found',
    async (intake: IntakeUnderTest, id: JobId) => {
      await cancel(intake, id);
      await intake.jobs.forget([intake.jobs.get(id) as Job]);
    },
  ],
] as const) {
  test(`a job that is ${ended} while a document of several comes stays so, and the client hears it`, async (t) => {
    const intake = await open(t);
    const id = await created(intake);
    t.is((await send(intake, id, PDF, false)).status, 'successful-ok');
    const { document, begun, go } = halves(0);
    const sent = send(intake, id, document, false);
    await begun;
    await until(() => intake.jobs.holdings.all.octets > 5000);
    await end(intake, id);
    go();
    t.is((await sent).status, status);
    t.is(intake.jobs.get(id)?.state, ended === 'cancelled' ? 'canceled' : undefined);
    t.is(intake.jobs.holdings.all.octets, 0);
    t.is(intake.jobs.living, 0);
  });
}

test('a hold that is set while the document comes, or is being kept, stays', async (t) => {
  const intake = await open(t);
  const first = await created(intake);
  const { document, begun, go } = halves();
  const coming = send(intake, first, document);
  await begun;
  await until(() => intake.jobs.get(first)?.receiving === true);
  t.is((await hold(intake, first)).status, 'successful-ok');
  go();
  t.is((await coming).status, 'successful-ok');

  const second = await created(intake);
  const disk = Promise.withResolvers<void>();
  intake.store.disk = disk.promise;
  const keeping = send(intake, second);
  await until(() => intake.store.keeping.has(second));
  t.is((await hold(intake, second)).status, 'successful-ok');
  disk.resolve();
  t.is((await keeping).status, 'successful-ok');

  for (const job of await intake.store.recover()) t.is(job.holdUntil, 'indefinite', `job ${job.id}`);
  for (const id of [first, second])
    t.like(intake.jobs.get(id), { holdUntil: 'indefinite', receiving: undefined });
});

test('a Print-Job that is cancelled while it comes is listed as cancelled', async (t) => {
  const intake = await open(t);
  const { document, begun, go } = halves();
  const printed = intake.ask({
    operation: Operation.printJob,
    attributes: { 'document-format': 'application/pdf' },
    document,
  });
  await begun;
  await until(() => [...intake.jobs.all()].some((job) => job.receiving));
  const [job] = intake.jobs.all();
  t.is((await cancel(intake, job?.id as JobId)).status, 'successful-ok');
  go();
  t.is((await printed).status, 'client-error-not-possible');
  t.is(intake.jobs.get(job?.id as JobId)?.state, 'canceled');
});

test('who asks before sending to a queue that does not exist hears it at once; others hear it in IPP', async (t) => {
  const intake = await open(t);
  const asked = { operation: Operation.getPrinterAttributes, queue: 'nope' };
  await t.throwsAsync(intake.ask({ ...asked, http: { expect: true } }), { message: 'HTTP 404' });
  t.is((await intake.ask(asked)).status, 'client-error-not-found');
  t.is((await intake.ask({ ...asked, queue: 'print', http: { expect: true } })).status, 'successful-ok');
});
