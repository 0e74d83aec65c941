// Jobs of several documents: how they are gathered, ended, given up and counted.
import test from 'ava';
import { JobState } from '../../../ipp/vocabulary/enums.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import type { JobId } from '../../../spool/job.ts';
import { readAll } from '../../contracts/job-store.ts';
import { IntakeUnderTest, PDF } from './intake-under-test.ts';

const JPEG = Buffer.from('ffd8ffe000104a46494600', 'hex');

/** Waits for its owner at a panel. */
const HELD = ['job-held-for-release', 'job-held-for-authorization'];

const open = (t: Parameters<IntakeUnderTest['start']>[0]) => new IntakeUnderTest().start(t);

test('several documents make one job, which is kept with the last', async (t) => {
  const intake = await open(t);
  const created = await intake.ask({ operation: Operation.createJob });
  const id = read(created.job, 'job-id') as JobId;
  const send = (last: boolean, document?: Buffer, format?: string) =>
    intake.ask({
      operation: Operation.sendDocument,
      attributes: { 'job-id': id, 'last-document': last, 'document-format': format },
      ...(document === undefined ? {} : { document }),
    });
  t.is((await send(false)).status, 'client-error-bad-request');
  t.is((await send(false, PDF)).status, 'successful-ok');
  t.is(intake.jobs.get(id)?.document, undefined);
  t.deepEqual(await intake.store.recover(), []);
  t.is((await send(false, JPEG, 'image/jpeg')).status, 'successful-ok');
  const { status, job } = await send(true);
  t.is(status, 'successful-ok');
  t.deepEqual(read(job, 'job-state-reasons'), HELD);
  t.is((await send(true, PDF)).status, 'client-error-not-possible');
  t.is((await send(true)).status, 'successful-ok');
  t.true((await readAll(intake.store, id)).equals(Buffer.concat([PDF, JPEG])));
  t.like(intake.jobs.get(id)?.document, {
    format: 'application/pdf',
    octets: PDF.length + JPEG.length,
    parts: [
      { format: 'application/pdf', octets: PDF.length },
      { format: 'image/jpeg', octets: JPEG.length },
    ],
  });
  const { message } = await intake.ask({
    operation: Operation.getDocuments,
    attributes: {
      'job-id': id,
      'requested-attributes': ['document-number', 'document-format', 'document-name'],
    },
  });
  const documents = message.groups
    .filter((group) => group.kind === 'document')
    .map((group) => group.attributes);
  t.deepEqual(
    documents.map((document) => read(document, 'document-format')),
    ['application/pdf', 'image/jpeg'],
  );
  t.deepEqual(
    documents.map((document) => read(document, 'document-number')),
    [1, 2],
  );
});

test('Close-Job, too, is the word that the last document was the last', async (t) => {
  const intake = await open(t);
  const created = await intake.ask({ operation: Operation.createJob });
  const id = read(created.job, 'job-id') as JobId;
  const attributes = { 'job-id': id, 'last-document': false };
  await intake.ask({ operation: Operation.sendDocument, attributes, document: PDF });
  const closed = await intake.ask({ operation: Operation.closeJob, attributes: { 'job-id': id } });
  t.is(closed.status, 'successful-ok');
  t.like(intake.jobs.get(id), { state: 'pending-held', document: { octets: PDF.length } });
  t.is(intake.jobs.get(id)?.document?.parts, undefined);
});

test('a later document that is none takes the job with it, and nothing of it is left', async (t) => {
  const intake = await open(t);
  const created = await intake.ask({ operation: Operation.createJob });
  const id = read(created.job, 'job-id') as JobId;
  const send = (document: Buffer) =>
    intake.ask({
      operation: Operation.sendDocument,
      attributes: { 'job-id': id, 'last-document': false },
      document,
    });
  t.is((await send(PDF)).status, 'successful-ok');
  t.is((await send(Buffer.from('hello'))).status, 'client-error-document-format-not-supported');
  const { job } = await intake.ask({ operation: Operation.getJobAttributes, attributes: { 'job-id': id } });
  t.is(read(job, 'job-state'), JobState.aborted);
  t.deepEqual(read(job, 'job-state-reasons'), ['aborted-by-system']);
  t.is((await send(PDF)).status, 'client-error-not-possible');
  t.is(intake.jobs.holdings.all.octets, 0);
});

test('a job has a hundred documents at the most, and is closed with what it has', async (t) => {
  const intake = await open(t);
  const created = await intake.ask({ operation: Operation.createJob });
  const id = read(created.job, 'job-id') as JobId;
  const attributes = { 'job-id': id, 'last-document': false };
  const send = async () =>
    (await intake.ask({ operation: Operation.sendDocument, attributes, document: PDF })).status;
  for (let sent = 0; sent < 100; sent++) t.is(await send(), 'successful-ok');
  t.is(await send(), 'server-error-too-many-documents');
  await intake.ask({ operation: Operation.closeJob, attributes: { 'job-id': id } });
  t.is(intake.jobs.get(id)?.document?.parts?.length, 100);
});

test('what was gathered of a job that is withdrawn counts for nobody any more', async (t) => {
  const intake = await open(t);
  const created = await intake.ask({ operation: Operation.createJob });
  const id = read(created.job, 'job-id') as JobId;
  const attributes = { 'job-id': id, 'last-document': false };
  await intake.ask({ operation: Operation.sendDocument, attributes, document: PDF });
  t.is(intake.jobs.holdings.all.octets, PDF.length);
  intake.jobs.withdraw(id);
  t.is(intake.jobs.holdings.all.octets, 0);
});

test('what was gathered of a job that is cancelled counts for nobody any more', async (t) => {
  const intake = await open(t);
  const created = await intake.ask({ operation: Operation.createJob });
  const id = read(created.job, 'job-id') as JobId;
  const attributes = { 'job-id': id, 'last-document': false };
  await intake.ask({ operation: Operation.sendDocument, attributes, document: PDF });
  t.is(intake.jobs.holdings.all.octets, PDF.length);
  await intake.ask({ operation: Operation.cancelJob, attributes: { 'job-id': id } });
  t.is(intake.jobs.holdings.all.octets, 0);
  t.deepEqual(await intake.store.recover(), []);
});
