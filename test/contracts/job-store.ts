/** What every job store promises (spool/store/port.ts). */
import type { ExecutionContext, TestFn } from 'ava';
import type { Job, JobId } from '../../spool/job.ts';
import type { JobStore } from '../../spool/store/port.ts';
import { ADA, BOB, sampleJob } from '../spool/sample-job.ts';

export async function acceptJob(store: JobStore, document: Buffer, changes: Partial<Job> = {}): Promise<Job> {
  const id = changes.id ?? (await store.newId());
  const writer = store.newDocument(id);
  // Uneven parts, so that no boundary of theirs is one of the store's.
  for (let at = 0; at < document.length; at += 30_011) await writer.write(document.subarray(at, at + 30_011));
  const job = sampleJob({ document: { format: 'application/pdf', octets: writer.octets }, ...changes, id });
  await store.accept(job, writer);
  return job;
}

export async function readAll(store: JobStore, id: JobId, from?: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of store.read(id, from)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

const TERMS = {
  holdUntilTime: 11,
  delayOutput: { until: 'night', at: 12 },
  releaseAction: 'job-password',
  password: { encryption: 'sha2-256', digest: 'AAAA' },
  storage: 'print-and-store',
  keepUntil: 13,
  stored: true,
  printed: { at: 14, key: 'k' },
  earlierReleases: [{ key: 'k0', by: ADA }],
} as const satisfies Partial<Job>;

/** Comparable: an IPP attribute group is a class of its own. */
export function plain(job: Job): unknown {
  return { ...job, ticket: [...job.ticket] };
}

/** @param sizes of documents at which the store changes its ways. */
export function jobStoreContract(
  test: TestFn,
  name: string,
  open: (t: ExecutionContext) => Promise<JobStore>,
  sizes: readonly number[],
): void {
  for (const size of sizes) {
    test(`${name}: gives back a document of ${size} octets as it came`, async (t) => {
      const store = await open(t);
      const document = Buffer.alloc(size, 'abcdefghijklmnopqrstuvwxyz');
      const job = await acceptJob(store, document);
      t.true((await readAll(store, job.id)).equals(document));
      t.true((await readAll(store, job.id)).equals(document), 'and again');
    });
  }

  test(`${name}: reads a document from any place on`, async (t) => {
    const store = await open(t);
    for (const size of sizes) {
      const document = Buffer.from(Array.from({ length: size }, (_, at) => at % 251));
      const { id } = await acceptJob(store, document);
      for (const from of new Set([0, 1, ...sizes, size - 1, size, size + 1].filter((each) => each >= 0))) {
        t.true((await readAll(store, id, from)).equals(document.subarray(from)), `${size} from ${from}`);
      }
    }
  });

  test(`${name}: a job is kept once; a second document changes nothing`, async (t) => {
    const store = await open(t);
    for (const size of sizes) {
      const document = Buffer.alloc(size, 'first');
      const job = await acceptJob(store, document);
      for (const other of [Buffer.from('second'), Buffer.alloc(300_000, 'second')]) {
        await t.throwsAsync(async () => {
          const writer = store.newDocument(job.id);
          await writer.write(other).catch(async (error: unknown) => {
            await writer.discard();
            throw error;
          });
          await store.accept(job, writer);
        });
        t.true((await readAll(store, job.id)).equals(document));
      }
    }
  });

  test(`${name}: gives each job an id of its own`, async (t) => {
    const store = await open(t);
    const ids = await Promise.all(Array.from({ length: 3000 }, () => store.newId()));
    t.is(new Set(ids).size, 3000);
  });

  test(`${name}: recovers jobs as they were saved last`, async (t) => {
    const store = await open(t);
    const job = await acceptJob(store, Buffer.from('%PDF-'));
    const changed: Job = {
      ...job,
      state: 'processing',
      processingAt: 5,
      release: {
        printer: 'mfp-1',
        key: 'k',
        by: 'queue',
        at: 4,
        changes: { copies: 3, finishings: ['staple'] },
        keep: true,
      },
      trouble: { reason: 'busy', outcome: 'not-printed', printer: 'mfp-1', at: 3 },
      owner: { kind: 'unowned' },
      holdUntil: 'indefinite',
      impressionsCompleted: 7,
      ...TERMS,
    };
    await store.save(changed);
    t.deepEqual((await store.recover()).map(plain), [plain(changed)]);
  });

  test(`${name}: what is saved last counts, whatever was on its way before`, async (t) => {
    const store = await open(t);
    const variants: Partial<Job>[] = [
      {},
      { state: 'processing', processingAt: 5 },
      { stored: true, printed: { at: 14, key: 'k' } },
      { releaseAction: 'button-press' },
    ];
    const expected: unknown[] = [];
    for (const first of variants)
      for (const second of variants)
        for (const third of variants) {
          const job = await acceptJob(store, Buffer.from('%PDF-'));
          const last = { ...job, ...third };
          await Promise.all(
            [first, second].map((each) => store.save({ ...job, ...each })).concat(store.save(last)),
          );
          expected.push(plain(last));
        }
    t.deepEqual((await store.recover()).map(plain), expected);
  });

  test(`${name}: keeps what the sender proved`, async (t) => {
    const store = await open(t);
    const senders = [
      [
        { kind: 'person', person: ADA, proof: 'verified' },
        { address: '192.0.2.7', claimedName: 'x', verifiedName: 'ada' },
      ],
      [
        { kind: 'person', person: BOB, proof: 'named' },
        { address: '192.0.2.7', claimedName: 'bob', token: 'erp' },
      ],
      [
        { kind: 'person', person: ADA, proof: 'at-panel' },
        { address: '192.0.2.7', claimedName: '' },
      ],
    ] as const satisfies [Job['owner'], Job['submitter']][];
    for (const [owner, submitter] of senders)
      await acceptJob(store, Buffer.from('%PDF-'), { owner, submitter });
    t.deepEqual(
      (await store.recover()).map(({ owner, submitter }) => [owner, submitter]),
      senders.map((each) => [...each]),
    );
  });

  test(`${name}: an ended job keeps its end and loses name, user, ticket and document`, async (t) => {
    const store = await open(t);
    const job = await acceptJob(store, Buffer.from('%PDF-'));
    await store.end({ ...job, ...TERMS, state: 'completed', completedAt: 9, confirmation: 'delivered' });
    const [ended] = await store.recover();
    t.like(ended, { id: job.id, state: 'completed', completedAt: 9, confirmation: 'delivered', name: '' });
    t.is(ended?.submitter.claimedName, '');
    t.is(ended?.ticket.size, 0);
    t.is(ended?.password, undefined);
    await t.throwsAsync(async () => readAll(store, job.id), { code: 'document-unreadable' });
    await t.throwsAsync(async () => store.save(job), { code: 'document-unreadable' });
  });

  test(`${name}: forgets what it is told to forget`, async (t) => {
    const store = await open(t);
    const [first, second] = [
      await acceptJob(store, Buffer.from('a')),
      await acceptJob(store, Buffer.from('b')),
    ];
    await store.end({ ...first, state: 'canceled' });
    await store.forget([first.id]);
    t.deepEqual(
      (await store.recover()).map((job) => job.id),
      [second.id],
    );
  });

  test(`${name}: a discarded document leaves nothing`, async (t) => {
    const store = await open(t);
    const writer = store.newDocument(await store.newId());
    await writer.write(Buffer.alloc(200_000));
    await writer.discard();
    t.deepEqual(await store.recover(), []);
  });
}
