// What a change is called among subscribers, and what each of them gets of it.
import test from 'ava';
import { Metrics } from '../../../base/metrics.ts';
import { Seconds } from '../../../base/units.ts';
import { type Job, JobId } from '../../../spool/job.ts';
import { jobChange } from '../../../spool/notifications/job-events.ts';
import { printerChange } from '../../../spool/notifications/printer-events.ts';
import {
  type EventName,
  type Happening,
  type JobFacts,
  MOST_EVENTS,
  MOST_FROM_ADDRESS,
  MOST_SUBSCRIPTIONS,
  type PrinterFacts,
} from '../../../spool/notifications/subscription.ts';
import { Subscriptions } from '../../../spool/notifications/subscriptions.ts';
import { ManualClock } from '../../manual-clock.ts';
import { sampleJob } from '../sample-job.ts';

const STATES = {
  'pending-held': 4,
  pending: 3,
  processing: 5,
  completed: 9,
  canceled: 7,
  aborted: 8,
} as const;

const factsOf = (job: Job): JobFacts => ({
  id: job.id,
  uuid: job.uuid,
  state: STATES[job.state],
  reasons: [job.state],
  impressionsCompleted: job.impressionsCompleted ?? 0,
});

const HELD = sampleJob();
const CHANGES: readonly (readonly [string, Job, Job | undefined, readonly EventName[] | undefined])[] = [
  ['a new job', HELD, undefined, ['job-created', 'job-state-changed']],
  ['the same again', { ...HELD }, HELD, undefined],
  ['released', { ...HELD, state: 'pending' }, HELD, ['job-state-changed']],
  ['printed', { ...HELD, state: 'completed' }, HELD, ['job-completed', 'job-state-changed']],
  [
    'forgotten what it was',
    { ...HELD, state: 'completed', impressionsCompleted: 3 },
    { ...HELD, state: 'completed' },
    undefined,
  ],
  [
    'a page came out',
    { ...HELD, state: 'processing', impressionsCompleted: 1 },
    { ...HELD, state: 'processing' },
    ['job-progress'],
  ],
  ['held by its client', { ...HELD, holdUntil: 'indefinite' }, HELD, ['job-config-changed']],
  ['only its expiry', { ...HELD, expiresAt: 1 }, HELD, undefined],
];

for (const [what, job, before, expected] of CHANGES) {
  test(`job: ${what}: ${expected?.join(', ') ?? 'nothing to tell'}`, (t) => {
    t.deepEqual(jobChange(job, before, factsOf)?.names, expected);
  });
}

const IDLE: PrinterFacts = { state: 3, reasons: ['none'], accepting: true };

test('printer: stopped, going again, closed, and nothing', (t) => {
  const stopped: PrinterFacts = { ...IDLE, state: 5, reasons: ['paused'] };
  t.deepEqual(printerChange('print', stopped, IDLE)?.names, ['printer-stopped', 'printer-state-changed']);
  t.deepEqual(printerChange('print', IDLE, stopped)?.names, ['printer-state-changed']);
  t.deepEqual(printerChange('print', { ...IDLE, accepting: false }, IDLE)?.names, ['printer-state-changed']);
  t.is(printerChange('print', { ...IDLE }, IDLE), undefined);
});

function open() {
  const clock = new ManualClock();
  const subscriptions = new Subscriptions(clock, new Metrics());
  const add = (
    events: readonly EventName[],
    changes: { job?: JobId; address?: string; interval?: number } = {},
  ) =>
    subscriptions.add({
      queue: 'print',
      job: changes.job,
      events,
      subscriber: { address: changes.address ?? '192.0.2.1', name: 'ada', verified: undefined },
      userData: undefined,
      lease: 3600,
      interval: changes.interval ?? 0,
    });
  return { clock, subscriptions, add };
}

const progress = (id: number): Happening => ({
  queue: 'print',
  names: ['job-progress'],
  text: 'It goes on.',
  job: factsOf({ ...HELD, id: JobId(id) }),
});

test('each subscriber gets what it asked for, of its queue and its job', (t) => {
  const { subscriptions, add } = open();
  const all = add(['job-progress']);
  const ofJob = add(['job-progress'], { job: JobId(7) });
  const others = add(['job-created']);
  subscriptions.happened(progress(7));
  subscriptions.happened(progress(8));
  subscriptions.happened({ ...progress(7), queue: 'elsewhere' });
  const seen = (id: number) => subscriptions.eventsOf(id, 1).map((event) => Number(event.happening.job?.id));
  t.deepEqual([seen(all.id), seen(ofJob.id), seen(others.id)], [[7, 8], [7], []]);
});

test('progress comes no more often than was asked for', (t) => {
  const { clock, subscriptions, add } = open();
  const { id } = add(['job-progress'], { interval: 10 });
  for (let second = 0; second < 25; second++) {
    subscriptions.happened(progress(7));
    clock.advance(Seconds(1));
  }
  t.is(subscriptions.eventsOf(id, 1).length, 3);
});

test('past the most events the oldest goes, and its number shows that', (t) => {
  const { subscriptions, add } = open();
  const { id } = add(['job-progress']);
  for (let made = 0; made < MOST_EVENTS + 5; made++) subscriptions.happened(progress(7));
  const numbers = subscriptions.eventsOf(id, 1).map((event) => event.sequence);
  t.deepEqual([numbers.length, numbers[0], numbers.at(-1)], [MOST_EVENTS, 6, MOST_EVENTS + 5]);
});

test('there is an end to subscriptions, from one address and in all; old ones make room', (t) => {
  const { clock, subscriptions, add } = open();
  const refused = { code: 'too-many-subscriptions' };
  for (let made = 0; made < MOST_SUBSCRIPTIONS; made++) {
    add(['job-completed'], { address: `192.0.2.${Math.floor(made / MOST_FROM_ADDRESS)}` });
  }
  t.throws(() => add(['job-completed'], { address: '198.51.100.1' }), refused);
  clock.advance(Seconds(3600));
  add(['job-completed'], { address: '198.51.100.1' });
  t.is(subscriptions.size, 1);
});

test('addresses of one IPv6 network share the bound of one address', (t) => {
  const { add } = open();
  for (let made = 0; made < MOST_FROM_ADDRESS; made++) {
    add(['job-completed'], { address: `2001:db8:1:2::${made.toString(16)}` });
  }
  t.throws(() => add(['job-completed'], { address: '2001:db8:1:2:a::1' }), {
    code: 'too-many-subscriptions',
  });
  t.notThrows(() => add(['job-completed'], { address: '2001:db8:1:3::1' }));
});
