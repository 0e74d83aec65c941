// Beginnings of documents are in memory while their owner stands at a printer, and no longer.
import test from 'ava';
import { Minutes } from '../../../base/units.ts';
import type { Job, JobId } from '../../../spool/job.ts';
import { Jobs } from '../../../spool/jobs.ts';
import { FirstChunks } from '../../../spool/release/first-chunks.ts';
import { ManualClock } from '../../manual-clock.ts';
import { MemoryJobStore } from '../../simulators/memory-job-store.ts';
import { prints } from '../../simulators/scripted-printer.ts';
import { acceptSample } from '../accept-job.ts';
import { ADA } from '../sample-job.ts';
import { reaches, setUp as setUpReleaser } from './releasing.ts';

const CHUNK = 65_536;

/** Notes where each document is read from. */
function setUp() {
  const memory = new MemoryJobStore();
  const jobs = new Jobs(memory);
  const clock = new ManualClock();
  const reads: string[] = [];
  const store = {
    async *read(id: JobId, from = 0) {
      reads.push(`${id}@${from}`);
      const octets: Uint8Array[] = [];
      for await (const chunk of memory.read(id, from)) octets.push(Buffer.from(chunk));
      const all = Buffer.concat(octets);
      for (let at = 0; at < all.length; at += CHUNK) yield all.subarray(at, at + CHUNK);
    },
  };
  const first = new FirstChunks({ jobs, store, clock });
  const accept = (content: Buffer) =>
    acceptSample(jobs, memory, { document: { format: 'application/pdf', octets: content.length } }, content);
  const all = async (id: JobId, from?: number) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of first.read(id, from)) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  };
  return { jobs, clock, reads, first, accept, all };
}

const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

for (const [what, octets, after] of [
  ['short of a chunk', 1000, []],
  ['of one chunk', CHUNK, []],
  ['of several', 2 * CHUNK + 5, [CHUNK]],
] as const) {
  test(`a document ${what} is the same, and what was read ahead is not read again`, async (t) => {
    const { first, accept, all, reads } = setUp();
    const content = Buffer.from(Array.from({ length: octets }, (_, at) => (at * 7) % 251));
    const job = await accept(content);
    first.expect([job]);
    await settled();
    t.deepEqual(reads.splice(0), [`${job.id}@0`]);
    t.true((await all(job.id)).equals(content));
    t.deepEqual(
      reads.splice(0),
      after.map((from) => `${job.id}@${from}`),
    );
    t.true((await all(job.id)).equals(content), 'a second try');
    t.deepEqual(reads, [`${job.id}@0`]);
  });
}

test('what is wanted before it is there, or from a later place on, is read as ever', async (t) => {
  const { first, accept, all, reads } = setUp();
  const job = await accept(Buffer.from('content'));
  first.expect([job]);
  t.is(String(await all(job.id)), 'content');
  await settled();
  first.expect([job]);
  await settled();
  reads.length = 0;
  t.is(String(await all(job.id, 3)), 'tent');
  t.deepEqual(reads, [`${job.id}@3`]);
});

test('of a person with many jobs the newest are read, of all people together so many', async (t) => {
  const { first, accept, reads } = setUp();
  const jobs: Job[] = [];
  for (let number = 0; number < 100; number++) jobs.push(await accept(Buffer.from(`${number}`)));
  first.expect(jobs.slice(0, 10));
  await settled();
  t.deepEqual(
    reads,
    [9, 8, 7, 6].map((at) => `${jobs[at]?.id}@0`),
  );
  for (let at = 10; at < 100; at += 2) first.expect(jobs.slice(at, at + 2));
  for (let turn = 0; turn < 10; turn++) await settled();
  t.is(reads.length, 64);
});

test('it is forgotten after a minute, when the job ends, and what cannot be read is nobody’s trouble yet', async (t) => {
  const { first, accept, all, reads, jobs, clock } = setUp();
  const job = await accept(Buffer.from('content'));
  first.expect([job]);
  await settled();
  clock.advance(Minutes(1));
  reads.length = 0;
  await all(job.id);
  t.deepEqual(reads, [`${job.id}@0`]);
  first.expect([job]);
  await settled();
  await jobs.apply(job.id, { kind: 'canceled', at: 0, by: 'person' })?.kept;
  reads.length = 0;
  await t.throwsAsync(all(job.id), undefined, 'nothing was left of it');
  const ended = jobs.get(job.id);
  if (ended !== undefined) first.expect([ended, { ...job }]);
  await settled();
  await t.throwsAsync(all(job.id));
});

test('the releaser sends what was read while the person looked', async (t) => {
  const { releaser, accept, release, jobs, store } = setUpReleaser(t, prints);
  const { id } = await accept({ document: { format: 'application/pdf', octets: 6 } }, Buffer.from('%PDF-1'));
  let reads = 0;
  const read = store.read.bind(store);
  store.read = (...asked) => {
    reads++;
    return read(...asked);
  };
  releaser.expect(ADA);
  await settled();
  t.is(reads, 1);
  release([id]);
  await reaches(jobs, id, 'completed');
  t.is(reads, 1);
});
