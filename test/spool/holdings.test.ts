import test from 'ava';
import { type Bearer, Holdings } from '../../spool/holdings.ts';
import { type Job, JobId } from '../../spool/job.ts';
import { Jobs } from '../../spool/jobs.ts';
import { documentStream } from '../simulators/document-stream.ts';
import { MemoryJobStore } from '../simulators/memory-job-store.ts';
import { ADA, BOB, sampleJob } from './sample-job.ts';

const NOTHING = { jobs: 0, octets: 0, open: 0 };
const UNOWNED = { owner: { kind: 'unowned' } } as const;
const AT = { at: Date.UTC(2026, 0, 2) };

async function keep(jobs: Jobs, store: MemoryJobStore, job: Job): Promise<void> {
  const { document = { format: 'application/pdf', octets: 0 }, ...announced } = job;
  if (jobs.get(job.id) === undefined) jobs.announce(announced);
  const writer = store.newDocument();
  for await (const chunk of documentStream(document.octets).chunks()) await writer.write(chunk);
  await jobs.accept(job.id, document, writer);
}

/** What is held, told apart by bearer, for a job as a probe. */
const heldFor = (holdings: Holdings, job: Job) =>
  Object.fromEntries(
    (['all', 'queue', 'person', 'address'] satisfies Bearer[]).map((bearer) => [
      bearer,
      { ...holdings.of(bearer, job) },
    ]),
  );
const everywhere = (holding: object) => ({ all: holding, queue: holding, person: holding, address: holding });

test('a job counts for its person, address and queue from its announcement to its end', async (t) => {
  const store = new MemoryJobStore();
  const jobs = new Jobs(store);
  const { document: _document, ...job } = sampleJob();
  jobs.announce(job);
  t.deepEqual(heldFor(jobs.holdings, job), everywhere({ jobs: 1, octets: 0, open: 1 }));
  jobs.announce({ ...job, receiving: true });
  t.deepEqual(heldFor(jobs.holdings, job), everywhere({ jobs: 1, octets: 0, open: 0 }));
  const kept = sampleJob({ document: { format: 'application/pdf', octets: 700 } });
  await keep(jobs, store, kept);
  t.deepEqual(heldFor(jobs.holdings, job), everywhere({ jobs: 1, octets: 700, open: 0 }));
  jobs.apply(kept.id, {
    kind: 'release-asked',
    release: { printer: 'mfp-1', key: 'k', by: ADA, ...AT },
  });
  jobs.apply(kept.id, { kind: 'send-started', ...AT });
  t.is(jobs.holdings.all.octets, 700, 'a job that is being printed still holds its document');
  jobs.apply(kept.id, { kind: 'send-ended', result: { outcome: 'delivered' }, ...AT });
  t.is(jobs.holdings.size, 0);
  const ended = jobs.get(kept.id);
  await jobs.forget(ended === undefined ? [] : [ended]);
  t.is(jobs.holdings.size, 0, 'forgetting an ended job takes nothing away twice');
});

for (const kind of ['canceled', 'expired'] as const) {
  test(`a job that is ${kind} holds nothing`, async (t) => {
    const store = new MemoryJobStore();
    const jobs = new Jobs(store);
    await keep(jobs, store, sampleJob());
    jobs.apply(JobId(1), { kind, ...AT });
    t.is(jobs.holdings.size, 0);
  });
}

test('a job that is taken back holds nothing', (t) => {
  const jobs = new Jobs(new MemoryJobStore());
  const { document: _document, ...job } = sampleJob();
  jobs.announce(job);
  jobs.withdraw(job.id);
  t.is(jobs.holdings.size, 0);
});

test('a claim moves the job to the person who took it', async (t) => {
  const store = new MemoryJobStore();
  const jobs = new Jobs(store);
  await keep(jobs, store, sampleJob(UNOWNED));
  const ofBob = sampleJob({ owner: { kind: 'person', person: BOB, proof: 'at-panel' } });
  t.deepEqual({ ...jobs.holdings.of('person', ofBob) }, NOTHING);
  jobs.apply(JobId(1), { kind: 'claimed', person: BOB });
  t.deepEqual(heldFor(jobs.holdings, ofBob), everywhere({ jobs: 1, octets: 5, open: 0 }));
});

for (const proof of ['verified', 'named', 'at-panel'] as const) {
  test(`claims do not count for a person whose job is ${proof}`, (t) => {
    const holdings = new Holdings();
    const claimed = sampleJob({ owner: { kind: 'person', person: ADA, proof: 'claimed' } });
    const proved = sampleJob({ owner: { kind: 'person', person: ADA, proof } });
    holdings.add(claimed);
    t.deepEqual({ ...holdings.of('person', proved) }, NOTHING);
    holdings.add(proved);
    t.is(holdings.of('person', claimed)?.jobs, 1);
    t.is(holdings.of('person', proved)?.jobs, 1);
  });
}

test('a computer that changes its IPv6 address within its network counts as one by its network', (t) => {
  const holdings = new Holdings();
  const from = (address: string) => sampleJob({ submitter: { address, claimedName: 'ada' } });
  for (let host = 1; host <= 3; host++) holdings.add(from(`2001:db8:1:2::${host}`));
  t.is(holdings.of('network', from('2001:db8:1:2:aaaa::1'))?.jobs, 3);
  t.is(holdings.of('address', from('2001:db8:1:2::1'))?.jobs, 1);
  t.is(holdings.of('network', from('2001:db8:1:3::1'))?.jobs, 0);
  t.is(holdings.of('network', from('192.0.2.7')), undefined);
});

test('what was kept counts again after a restart', async (t) => {
  const store = new MemoryJobStore();
  const before = new Jobs(store);
  for (const id of [1, 2, 3]) await keep(before, store, sampleJob({ id: JobId(id) }));
  await before.apply(JobId(3), { kind: 'canceled', ...AT })?.kept;
  const after = new Jobs(store);
  await after.recover(AT.at);
  t.deepEqual(heldFor(after.holdings, sampleJob()), heldFor(before.holdings, sampleJob()));
  t.deepEqual({ ...after.holdings.all }, { jobs: 2, octets: 10, open: 0 });
});

test('a document that arrives counts as it grows, and not any more when it is given up', (t) => {
  const holdings = new Holdings();
  const { document: _document, ...job } = sampleJob({ receiving: true });
  holdings.add(job);
  {
    using arrival = holdings.arriving(job);
    arrival.add(300);
    arrival.add(200);
    t.deepEqual(heldFor(holdings, job), everywhere({ jobs: 1, octets: 500, open: 0 }));
  }
  t.deepEqual(heldFor(holdings, job), everywhere({ jobs: 1, octets: 0, open: 0 }));
  holdings.remove(job);
  t.is(holdings.size, 0);
});

test('one does not count for another', (t) => {
  const holdings = new Holdings();
  holdings.add(sampleJob());
  const other = sampleJob({
    queue: 'other',
    owner: { kind: 'person', person: BOB, proof: 'claimed' },
    submitter: { address: '192.0.2.8', claimedName: 'ada' },
  });
  t.deepEqual(heldFor(holdings, other), { ...everywhere(NOTHING), all: { jobs: 1, octets: 5, open: 0 } });
});
