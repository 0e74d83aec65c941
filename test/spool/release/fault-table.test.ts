// The fault table (docs/printers.md): IPP printers that go wrong, through the whole release path. No job is lost, none is
// printed twice by itself, each ends as what is known of it, and the person at the panel reads a sentence.
import test, { type ExecutionContext } from 'ava';
import { Minutes, Seconds } from '../../../base/units.ts';
import { IppPrinter } from '../../../drivers/printers/ipp-printer.ts';
import { Attributes } from '../../../ipp/model.ts';
import { JobState } from '../../../ipp/vocabulary/enums.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import type { Job, JobProgress } from '../../../spool/job.ts';
import { sampleIdentity } from '../../base/http/tls/sample-identity.ts';
import { patternedDocument } from '../../contracts/printer-driver.ts';
import { ManualClock } from '../../manual-clock.ts';
import { FaultyIppPrinter, type IppFaults } from '../../simulators/faulty-ipp-printer.ts';
import { MemoryJobStore } from '../../simulators/memory-job-store.ts';
import { endOf, isOver, sentenceFor, words } from './ended.ts';
import { releasingFrom } from './releasing.ts';

const DOCUMENT = patternedDocument(3_000_009);
const { validateJob, createJob, sendDocument, getJobAttributes } = Operation;
const { serverErrorBusy: BUSY } = Status;

interface Row {
  readonly faults: IppFaults;
  /** `completed`, `delivered`, or what stands beside the held job. */
  readonly ends: string;
  readonly pages?: number;
  /** What the panel says at the end. */
  readonly says: string;
  /** Documents that the printer took as a whole. */
  readonly taken: 0 | 1;
  /** What happens at the printer before the release, or while it prints. */
  readonly before?: (printer: FaultyIppPrinter) => Promise<void> | void;
  readonly during?: (printer: FaultyIppPrinter, told: () => readonly JobProgress[]) => boolean;
  /** What the panel had told on the way. */
  readonly told?: string;
  readonly key?: string;
}

const PRINTED = { ends: 'completed', says: 'Printed.', taken: 1 } as const;
const HERE = 'Your document is still here.';
const CHECK = 'Check what came out before printing again.';
const OFF = `The printer is switched off or cannot be reached. ${HERE}`;
const SILENT = `The printer did not answer in time. ${HERE}`;
const CUT = {
  ends: 'unknown: cut',
  says: `The connection to the printer broke. ${CHECK}`,
  taken: 0,
} as const;
const CUT_BEFORE = {
  ...CUT,
  ends: 'not-printed: cut',
  says: `The connection to the printer broke. ${HERE}`,
} as const;

const ROWS: Readonly<Record<string, Row>> = {
  'all is well': { faults: {}, ...PRINTED },
  'it counts pages': {
    faults: { jobAttributes: { 'job-impressions-completed': 3 } },
    ...PRINTED,
    pages: 3,
    says: 'Printed: 3 pages.',
  },
  'it counts pages on the way, and tells nothing of them at the end': {
    faults: { counts: [1, 2] },
    ...PRINTED,
  },
  'it says 0 on the way and at the end': {
    faults: { counts: [0, 0], jobAttributes: { 'job-impressions-completed': 0 } },
    ...PRINTED,
  },
  'it counts a page on the way, and then knows no job any more': {
    faults: { counts: [1], vanishes: true },
    ends: 'delivered',
    says: 'Sent. Please check the pages.',
    taken: 1,
  },
  'it counts on the way, and aborts the job': {
    faults: { counts: [1, 2], jobState: JobState.aborted },
    ends: 'aborted: aborted-by-printer',
    pages: 2,
    says: 'The printer gave up the document. Some pages may have come out. Check them before printing again.',
    taken: 1,
  },
  'refuses the connection': {
    faults: {},
    before: (printer) => printer.stop(),
    ends: 'not-printed: unreachable',
    says: OFF,
    taken: 0,
  },
  'hangs before the headers, at Validate-Job': {
    faults: { hangAt: validateJob },
    ends: 'not-printed: timeout',
    says: SILENT,
    taken: 0,
  },
  'hangs before the headers, with the document': {
    faults: { hangAt: sendDocument },
    ends: 'unknown: timeout',
    says: `The printer did not answer in time. ${CHECK}`,
    taken: 0,
  },
  'hangs after the headers, at Create-Job': {
    faults: { hangInAnswerTo: createJob },
    ends: 'not-printed: timeout',
    says: SILENT,
    taken: 0,
  },
  'hangs after the headers, with the document': {
    faults: { hangInAnswerTo: sendDocument },
    ends: 'unknown: timeout',
    says: `The printer did not answer in time. ${CHECK}`,
    taken: 1,
  },
  'cuts at Create-Job': { faults: { cutAt: createJob }, ...CUT_BEFORE },
  'cuts at octet 1': { faults: { cutAfter: 1 }, ...CUT },
  'cuts at octet 100,000': { faults: { cutAfter: 100_000 }, ...CUT },
  'cuts at the last octet': { faults: { cutAfter: DOCUMENT.length }, ...CUT },
  'cuts instead of its answer to the document': { faults: { cutInsteadOfAnswer: true }, ...CUT },
  'HTTP/1.0': { faults: { http10: true }, ...PRINTED },
  'no Create-Job': { faults: { unknown: [createJob] }, ...PRINTED },
  'Create-Job without Send-Document': { faults: { unknown: [sendDocument] }, ...PRINTED },
  'no Validate-Job': { faults: { unknown: [validateJob] }, ...PRINTED },
  'busy for a while': {
    faults: { first: { at: createJob, statuses: [BUSY, BUSY, BUSY] } },
    told: 'The printer is busy with something else.',
    ...PRINTED,
  },
  'busy for a while, Print-Job only': {
    faults: { unknown: [createJob], first: { at: Operation.printJob, statuses: [BUSY, BUSY] } },
    told: 'The printer is busy with something else.',
    ...PRINTED,
  },
  'busy for longer than anybody waits': {
    faults: { first: { at: createJob, statuses: Array(1000).fill(BUSY) } },
    ends: 'not-printed: busy',
    says: `The printer is busy with something else. ${HERE}`,
    taken: 0,
  },
  'wrong version': { faults: { version: '1.1' }, ...PRINTED },
  'no version that there is': {
    faults: { version: '9.9' },
    ends: 'not-printed: refused',
    says: `The printer refused the document. ${HERE}`,
    taken: 0,
  },
  'aborts the job': {
    faults: { jobState: JobState.aborted, jobAttributes: { 'job-impressions-completed': 2 } },
    ends: 'aborted: aborted-by-printer',
    pages: 2,
    says: 'The printer gave up the document. Some pages may have come out. Check them before printing again.',
    taken: 1,
  },
  'somebody cancels the job there': {
    faults: { jobState: JobState.canceled },
    ends: 'aborted: canceled-at-printer',
    says: 'Printing was cancelled at the printer. Some pages may have come out. Check them before printing again.',
    taken: 1,
  },
  'the job vanishes': {
    faults: { vanishes: true },
    ends: 'delivered',
    says: 'Sent. Please check the pages.',
    taken: 1,
  },
  'no job-id': { faults: { noJobId: 'nothing' }, ...PRINTED },
  'out of paper in mid-job and back': {
    faults: { stuckAfter: 100_000 },
    during: (printer, told) => {
      printer.reasons = ['media-empty-error'];
      if (!told().some((each) => each.kind === 'printer-state')) return false;
      printer.reasons = ['none'];
      printer.goOn();
      return true;
    },
    told: 'media-empty-error',
    ...PRINTED,
  },
  'stale keep-alive': { faults: { stale: 'first' }, ...PRINTED },
  'keeps no connection, and says so only by cutting it': { faults: { stale: 'each' }, ...CUT },
  'another TLS key': {
    faults: {},
    key: 'ab'.repeat(32),
    ends: 'not-printed: wrong-key',
    says: `This is not the printer that was expected. Please tell your help desk. ${HERE}`,
    taken: 0,
  },
  'dies for good in mid-document': { faults: { diesAfter: 1_000_000 }, ...CUT },
  'dies for good while it prints': {
    faults: { cutAt: getJobAttributes },
    ends: 'unknown: timeout',
    says: `The printer did not answer in time. ${CHECK}`,
    taken: 1,
  },
};

for (const [name, row] of Object.entries(ROWS)) {
  test(`${name}: ${row.ends}`, async (t) => {
    const { printer, jobs, store, clock, release, driver, told, turn, job } = await setUp(t, row);
    // An earlier job leaves a connection open, which the printer may close.
    if (row.faults.stale) await driver.status(new AbortController().signal);
    await row.before?.(printer);
    let done = row.during === undefined;
    release([job]);
    while (!isOver(jobs.get(job)) || !done) {
      done ||= row.during?.(printer, told) ?? true;
      await turn();
    }
    const ended = jobs.get(job) as Job;
    t.is(endOf(ended), row.ends);
    t.is(ended.impressionsCompleted, row.pages);
    t.is(sentenceFor(ended), row.says);
    t.true(row.told === undefined || told().map(saidOnTheWay).includes(row.told));
    // Whatever time passes, nothing more comes out by itself.
    for (let i = 0; i < 20; i++) {
      clock.advance(Minutes(5));
      await turn();
    }
    t.is(printer.printed.length, row.taken);
    if (row.taken === 0) t.true(printer.sends <= 1, 'the document left once at most');
    t.is(endOf(jobs.get(job) as Job), row.ends);
    // What is held can be printed, and is there after a restart.
    const kept = (await store.recover()).find(({ id }) => id === job);
    t.is(kept?.state, ended.state);
    if (ended.state === 'pending-held') t.is(await octetsOf(store.read(job)), DOCUMENT.length);
  });
}

async function setUp(t: ExecutionContext, { faults, key }: Row) {
  const printer = await FaultyIppPrinter.start(key === undefined ? faults : { ...faults, tls: await tls() });
  t.teardown(() => printer.stop());
  const clock = new ManualClock();
  const times = { answerTime: Seconds(10), stallTime: Minutes(5) };
  const driver = new IppPrinter({ uri: printer.uri, clock, ...times, ...(key === undefined ? {} : { key }) });
  t.teardown(() => driver.close());
  const { jobs, store, accept, release } = releasingFrom(new MemoryJobStore(), driver, clock);
  const news: JobProgress[] = [];
  jobs.on('progress', (_job, progress) => news.push(progress));
  const document = { format: 'application/pdf', octets: DOCUMENT.length };
  const { id } = await accept({ ticket: new Attributes(), document }, DOCUMENT);
  /** A little time passes. Real sockets need real turns, so that nothing runs into its bound that is on its way. */
  const turn = async () => {
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(Seconds(0.1));
  };
  return { printer, driver, jobs, store, clock, release, told: () => news, turn, job: id };
}

async function tls() {
  const { key, certificate } = await sampleIdentity();
  return { key: key.reveal(), cert: certificate };
}

function saidOnTheWay(progress: JobProgress): string | undefined {
  if (progress.kind === 'waiting') return words.find(`trouble-${progress.reason}`);
  return progress.kind === 'printer-state' ? progress.reasons.join() : undefined;
}

async function octetsOf(document: AsyncIterable<Uint8Array>): Promise<number> {
  let octets = 0;
  for await (const chunk of document) octets += chunk.length;
  return octets;
}
