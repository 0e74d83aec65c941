// What a client says of its document's size and pages is a claim: what arrives counts, and half of it leaves nothing.
import test, { type ExecutionContext } from 'ava';
import { encodeMessage } from '../../../ipp/codec/encode.ts';
import { attributes } from '../../../ipp/vocabulary/build.ts';
import { request } from '../../../ipp/vocabulary/messages.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import { JobId } from '../../../spool/job.ts';
import { RawClient } from '../../ipp/http/raw-client.ts';
import { IntakeUnderTest, PDF } from './intake-under-test.ts';

for (const [kilobytes, pages] of [
  [0, 0],
  [2 ** 31 - 1, 2 ** 31 - 1],
] as const) {
  test(`job-k-octets ${kilobytes} and job-impressions ${pages}, said of a small PDF`, async (t) => {
    const intake = await new IntakeUnderTest().start(t);
    const { status, job } = await intake.ask({
      operation: Operation.printJob,
      attributes: {
        'job-k-octets': kilobytes,
        'job-impressions': pages,
        'document-format': 'application/pdf',
      },
      document: PDF,
    });
    t.is(status, 'successful-ok');
    const id = JobId(read(job, 'job-id') ?? 0);
    t.is(intake.jobs.get(id)?.document?.octets, PDF.length);
    const asked = await intake.ask({ operation: Operation.getJobAttributes, attributes: { 'job-id': id } });
    t.is(read(asked.job, 'job-k-octets'), 1);
    intake.jobs.apply(id, { kind: 'pages-counted', count: { kind: 'counted', pages: 2 } });
    const counted = await intake.ask({ operation: Operation.getJobAttributes, attributes: { 'job-id': id } });
    t.is(read(counted.job, 'job-impressions'), 2);
    t.is(read(counted.job, 'job-media-sheets'), 2);
  });
}

/** A Print-Job of which the test writes the body. */
async function begin(t: ExecutionContext, header: string) {
  const intake = await new IntakeUnderTest().start(t);
  const message = encodeMessage(
    request({
      operation: Operation.printJob,
      requestId: 1,
      attributes: attributes({ 'printer-uri': `ipp://${intake.authority}/ipp/print` }),
    }),
  );
  const client = await RawClient.connect(Number(intake.authority.split(':')[1]));
  const head = `POST /ipp/print HTTP/1.1\r\nHost: ${intake.authority}\r\nContent-Type: application/ipp\r\n`;
  await client.write(`${head}${header}\r\n\r\n`);
  const received = new Promise<void>((resolve) => {
    intake.jobs.on('changed', (job) => job.receiving && resolve());
  });
  const gone = new Promise<void>((resolve) => intake.jobs.on('forgotten', () => resolve()));
  return { intake, message, client, received, gone };
}

test('more octets said than sent: nothing is left of it', async (t) => {
  const { intake, message, client, received, gone } = await begin(t, 'Content-Length: 100000');
  await client.write(message, PDF);
  await received;
  client.destroy();
  await gone;
  t.is(intake.jobs.living, 0);
  t.is((await intake.store.recover()).length, 0);
});

test('a chunk of a length that is none: nothing is left of it', async (t) => {
  const { intake, message, client, received, gone } = await begin(t, 'Transfer-Encoding: chunked');
  await client.writeChunk(Buffer.concat([message, PDF]));
  await received;
  await client.write('zz\r\n');
  await gone;
  t.is(intake.jobs.living, 0);
  t.is((await intake.store.recover()).length, 0);
});
