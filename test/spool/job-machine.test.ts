import test from 'ava';
import type { PrintResult } from '../../drivers/printers/port.ts';
import type { Job, JobState } from '../../spool/job.ts';
import { type JobEvent, step } from '../../spool/job-machine.ts';
import { ADA, BOB, sampleJob } from './sample-job.ts';

const release = { printer: 'mfp-1', key: 'k1', by: ADA, at: 10 };
const trouble = (reason: 'busy' | 'cut' | 'aborted-by-printer') => ({ reason, detail: 'as told' });
const ended = (result: PrintResult): JobEvent => ({ kind: 'send-ended', result, at: 20 });

const EVENTS: Readonly<Record<string, JobEvent>> = {
  'document-started': { kind: 'document-started' },
  'document-failed': { kind: 'document-failed' },
  'document-gathered': { kind: 'document-gathered', at: 15 },
  'hold-changed': { kind: 'hold-changed', hold: { until: 'indefinite' } },
  'delay-changed': { kind: 'delay-changed', delay: { until: 'indefinite' } },
  resumed: { kind: 'resumed' },
  'time-came': { kind: 'time-came', at: 20 },
  claimed: { kind: 'claimed', person: BOB },
  'release-asked': { kind: 'release-asked', release },
  'send-started': { kind: 'send-started', at: 15 },
  'pages-counted': { kind: 'pages-counted', count: { kind: 'counted', pages: 7 } },
  'impressions-counted': { kind: 'impressions-counted', completed: 3 },
  completed: ended({ outcome: 'completed', impressions: 4 }),
  delivered: ended({ outcome: 'delivered' }),
  'not printed': ended({ outcome: 'not-printed', trouble: trouble('busy') }),
  'aborted by the printer': ended({ outcome: 'aborted', trouble: trouble('aborted-by-printer') }),
  'cut in the middle': ended({ outcome: 'unknown', trouble: trouble('cut') }),
  'turn-given-up': { kind: 'turn-given-up', trouble: trouble('busy'), at: 20 },
  canceled: { kind: 'canceled', at: 20 },
  expired: { kind: 'expired', at: 20 },
  'documents-failed': { kind: 'documents-failed', at: 20 },
  restarted: { kind: 'restarted', at: 20 },
};

const STATES: Readonly<Record<string, Partial<Job>>> = {
  held: {},
  'held without document': { document: undefined as never },
  receiving: { document: undefined as never, receiving: true },
  'held and unowned': { owner: { kind: 'unowned' } },
  'held for a button': { releaseAction: 'button-press' },
  'held until a time': { holdUntil: 'evening', holdUntilTime: 20, delayOutput: { until: 'night', at: 21 } },
  'stored after a print': { stored: true, keepUntil: 100, printed: { at: 12, key: 'k0' } },
  pending: { state: 'pending', release },
  processing: {
    state: 'processing',
    release,
    trouble: { reason: 'busy', outcome: 'not-printed', printer: 'x', at: 1 },
  },
  'kept and processing': { state: 'processing', release, keepUntil: 100, releaseAction: 'none' },
  completed: { state: 'completed', completedAt: 19 },
  canceled: { state: 'canceled', completedAt: 19 },
  aborted: { state: 'aborted', completedAt: 19 },
};

/** What every held job takes. */
const WAITING = {
  'pages-counted': 'pending-held/keep',
  'hold-changed': 'pending-held/keep',
  'delay-changed': 'pending-held/keep',
  resumed: 'pending-held/keep',
  'release-asked': 'pending/nothing',
  canceled: 'canceled/end',
  expired: 'canceled/end',
  restarted: 'pending-held/nothing',
};

/** state → event → what comes out; whatever is not named is refused. */
const TABLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  held: WAITING,
  'held without document': {
    ...WAITING,
    'pages-counted': 'refused',
    'document-started': 'pending-held/nothing',
    'release-asked': 'refused',
    'documents-failed': 'aborted/end',
  },
  receiving: {
    ...WAITING,
    'pages-counted': 'refused',
    'document-failed': 'pending-held/nothing',
    'document-gathered': 'pending-held/nothing',
    'documents-failed': 'aborted/end',
    'release-asked': 'refused',
  },
  'held and unowned': { ...WAITING, claimed: 'pending-held/keep' },
  'held for a button': {
    ...WAITING,
    claimed: 'pending-held/keep',
  },
  'held until a time': { ...WAITING, 'release-asked': 'refused', 'time-came': 'pending-held/keep' },
  'kept and processing': {
    'pages-counted': 'processing/nothing',
    'impressions-counted': 'processing/nothing',
    completed: 'pending-held/keep',
    delivered: 'pending-held/keep',
    'not printed': 'pending-held/keep',
    'aborted by the printer': 'pending-held/keep',
    'cut in the middle': 'pending-held/keep',
    restarted: 'pending-held/keep',
  },
  // What was printed and expires has had a good end; deleting it is deleting.
  'stored after a print': { ...WAITING, expired: 'completed/end' },
  pending: {
    'pages-counted': 'pending/nothing',
    'hold-changed': 'pending-held/keep',
    'send-started': 'processing/keep',
    'turn-given-up': 'pending-held/keep',
    canceled: 'canceled/end',
    expired: 'canceled/end',
    restarted: 'pending/nothing',
  },
  processing: {
    'pages-counted': 'processing/nothing',
    'impressions-counted': 'processing/nothing',
    completed: 'completed/end',
    delivered: 'completed/end',
    'not printed': 'pending-held/keep',
    'aborted by the printer': 'pending-held/keep',
    'cut in the middle': 'pending-held/keep',
    restarted: 'pending-held/keep',
  },
  completed: { restarted: 'completed/nothing' },
  canceled: { restarted: 'canceled/nothing' },
  aborted: { restarted: 'aborted/nothing' },
};

for (const [state, changes] of Object.entries(STATES)) {
  for (const [name, event] of Object.entries(EVENTS)) {
    const expected = TABLE[state]?.[name] ?? 'refused';
    test(`${state} + ${name} → ${expected}`, (t) => {
      const result = step(sampleJob(changes), event);
      t.is(result.kind === 'refused' ? 'refused' : `${result.job.state}/${result.effect}`, expected);
    });
  }
}

function after(changes: Partial<Job>, event: JobEvent): Job {
  const result = step(sampleJob(changes), event);
  if (result.kind === 'refused') throw new Error('refused');
  return result.job;
}

test('a cut send is marked unknown, with the printer', (t) => {
  const job = after({ state: 'processing', release }, ended({ outcome: 'unknown', trouble: trouble('cut') }));
  t.deepEqual(job.trouble, { reason: 'cut', outcome: 'unknown', printer: 'mfp-1', at: 20 });
});

test('a restart in the middle of a send marks unknown; the release and its key stay', (t) => {
  const job = after({ state: 'processing', release }, { kind: 'restarted', at: 30 });
  t.like(job, {
    state: 'pending-held',
    trouble: { outcome: 'unknown', reason: 'cut' },
    release: { key: 'k1' },
  });
});

test('a good end clears an older trouble and keeps what the printer counted', (t) => {
  const job = after(STATES['processing'] ?? {}, ended({ outcome: 'completed', impressions: 4 }));
  t.like(job, { confirmation: 'completed', impressionsCompleted: 4, completedAt: 20 });
  t.is(job.trouble, undefined);
});

test('delivered claims nothing about pages', (t) => {
  const job = after({ state: 'processing', release }, ended({ outcome: 'delivered' }));
  t.is(job.confirmation, 'delivered');
  t.is(job.impressionsCompleted, undefined);
});

test('who cancelled and what expired are told apart', (t) => {
  t.is(after({}, { kind: 'canceled', at: 1 }).endedBy, 'person');
  t.is(after({}, { kind: 'canceled', at: 1, by: 'operator' }).endedBy, 'operator');
  t.is(after({}, { kind: 'expired', at: 1 }).endedBy, 'time');
});

test('the table names every state that a job can be in', (t) => {
  const states = new Set(Object.values(STATES).map((changes) => sampleJob(changes).state));
  t.deepEqual(
    states,
    new Set<JobState>(['pending-held', 'pending', 'processing', 'completed', 'canceled', 'aborted']),
  );
});

test('a hold ends at its time, and each wait at its own', (t) => {
  const waits = STATES['held until a time'] ?? {};
  const first = after(waits, { kind: 'time-came', at: 20 });
  t.is(first.holdUntil, 'no-hold');
  t.is(first.holdUntilTime, undefined);
  t.deepEqual(first.delayOutput, { until: 'night', at: 21 });
  const both = after(waits, { kind: 'time-came', at: 21 });
  t.is(both.delayOutput, undefined);
  t.is(step(sampleJob(waits), { kind: 'time-came', at: 19 }).kind, 'refused');
});

test('a hold for a time never makes the job go sooner', (t) => {
  const hold = { until: 'evening', at: 30 };
  const { expiresAt } = sampleJob();
  t.is(after({}, { kind: 'hold-changed', hold, expiresAt: expiresAt - 1 }).expiresAt, expiresAt);
  t.is(after({}, { kind: 'hold-changed', hold, expiresAt: expiresAt + 1 }).expiresAt, expiresAt + 1);
});

test('a hold keeps no job past the end that its sender named, nor one that is kept after its print', (t) => {
  const hold = { until: 'evening', at: 30 };
  const { expiresAt } = sampleJob();
  const event = { kind: 'hold-changed', hold, expiresAt: expiresAt + 100 } as const;
  t.is(after({ endsAt: expiresAt }, event).expiresAt, expiresAt);
  t.is(after({ endsAt: expiresAt + 7 }, event).expiresAt, expiresAt + 7);
  t.is(after({ printed: { at: 1, key: 'k' } }, event).expiresAt, expiresAt);
});

test('resuming decides what only a person can, where no panel has the last word', (t) => {
  const undecided = {
    trouble: { reason: 'cut', outcome: 'unknown', printer: 'mfp-1', at: 1 },
    stored: true,
    holdUntil: 'indefinite',
  } as const;
  const atOnce = after({ ...undecided, releaseAction: 'none' }, { kind: 'resumed' });
  t.is(atOnce.trouble, undefined);
  t.is(atOnce.stored, undefined);
  t.is(atOnce.holdUntil, 'no-hold');
  const atPanel = after(undecided, { kind: 'resumed' });
  t.like(atPanel, { stored: true, trouble: { outcome: 'unknown' }, holdUntil: 'no-hold' });
});

test('a job that is kept is held again after a good print, until its time', (t) => {
  const kept = after(STATES['kept and processing'] ?? {}, ended({ outcome: 'completed', impressions: 4 }));
  t.like(kept, {
    state: 'pending-held',
    stored: true,
    printed: { at: 20, key: 'k1' },
    expiresAt: 100,
    confirmation: 'completed',
    impressionsCompleted: 4,
  });
  const over = after(
    { ...STATES['kept and processing'], keepUntil: 20 },
    ended({ outcome: 'completed', impressions: 4 }),
  );
  t.is(over.state, 'completed');
});
