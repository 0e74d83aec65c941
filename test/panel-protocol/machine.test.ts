// The panel session as a table: in each state, what each event leads to. And walks through it at random.
import test from 'ava';
import { Secret } from '../../base/secrets/secret.ts';
import { LISTED_JOBS, RELEASES_PER_SESSION } from '../../panel-protocol/bounds.ts';
import { INITIAL, isSignedIn, step } from '../../panel-protocol/session/machine.ts';
import type { PanelInput, PanelState } from '../../panel-protocol/session/state.ts';
import { JobId } from '../../spool/job.ts';
import { CODE, job, MARIA } from './fakes.ts';
import { changed, EVENTS, type EventName, inWords, STATES, type StateName } from './machine-table.ts';
import { Random } from './random.ts';

/** `signed-in` stands for jobs, releasing and done, and `@` for the state itself. A state that is not named stays as it is. */
type Row = Partial<Record<StateName | 'signed-in', string>>;

const REFUSED = { idle: '@: error not-signed-in', code: '@: error not-signed-in' };
const SIGNED_OUT = (reason: string): Row => ({
  'signed-in': `idle: ended ${reason}; tell session idle ${reason}`,
});
const CLOSED = (reason: string): Row => ({
  vacant: '@',
  idle: `vacant: dismiss 1 ${reason}`,
  code: `vacant: dismiss 1 ${reason}`,
  'signed-in': `vacant: ended ${reason}; dismiss 1 ${reason}`,
});
const TOLD = (notice: string): Row => ({ 'signed-in': `@: tell ${notice}` });
const ENDED = (outcome: string, news: string): Row => ({
  jobs: `@: ${news}`,
  releasing: `done: tell release 1 ${outcome}; ${news}; timer; tell session done`,
});

const TABLE: Record<EventName, Row> = {
  'a panel says hello': {
    vacant: 'idle: tell welcome; tell session idle',
    idle: 'idle: dismiss 1 taken-over; tell welcome; tell session idle',
    code: 'idle: dismiss 1 taken-over; tell welcome; tell session idle',
    'signed-in': 'idle: dismiss 1 taken-over; ended taken-over; tell welcome; tell session idle',
  },
  'its connection ends': { idle: 'vacant', code: 'vacant', 'signed-in': 'vacant: ended connection-lost' },
  'an older connection ends': {},
  'a code is typed': {
    idle: 'code: check',
    code: '@: error not-now',
    'signed-in': '@: error already-signed-in',
  },
  'a code comes from an older connection': {},
  'the code is right': { code: 'jobs: began; timer; ok; tell session jobs; tell jobs' },
  'the code is unknown': { code: 'idle: error credential-unknown' },
  'the code is throttled': { code: 'idle: error throttled 4000' },
  'the check fails': { code: 'idle: error internal' },
  'an earlier code is right': {},
  'the list is asked for': {
    ...REFUSED,
    jobs: '@: timer; ok; list',
    releasing: '@: timer; ok; list',
    done: 'jobs: timer; ok; tell session jobs; list',
  },
  'the list is there': TOLD('jobs'),
  'an earlier list is there': {},
  'all are released': {
    ...REFUSED,
    jobs: 'releasing: timer; ok; tell session releasing; release 1 2 3',
    releasing: '@: timer; ok; tell release 1 refused job-not-held; tell session releasing; release 2 3',
    done: 'releasing: timer; ok; tell release 1 refused job-not-found; tell session releasing; release 2 3',
  },
  'what is not listed is released': {
    ...REFUSED,
    jobs: 'done: timer; ok; tell release 99 refused job-not-found; tell session done',
    releasing: '@: timer; ok; tell release 99 refused job-not-found; tell session releasing',
    done: '@: timer; ok; tell release 99 refused job-not-found; tell session done',
  },
  'the first release is asked again': {
    ...REFUSED,
    jobs: 'releasing: timer; ok; tell session releasing; release 1',
    releasing: '@: timer; ok',
    done: '@: timer; ok',
  },
  'its key comes with another job': {
    ...REFUSED,
    jobs: 'releasing: timer; ok; tell session releasing; release 2',
    releasing: '@: error key-reused',
    done: '@: error key-reused',
  },
  'the release is taken': { releasing: '@', done: '@' },
  'the release is refused': {
    releasing: 'done: tell release 1 refused printer-gone; timer; tell session done',
    done: '@',
  },
  'an earlier release is refused': {},
  'deleting is asked for': {
    ...REFUSED,
    'signed-in':
      '@: timer; ok; cancel 2; tell cancel 3 refused not-yours; tell cancel 99 refused job-not-found',
  },
  'a job was deleted': TOLD('cancel 2 canceled'),
  'a job could not be deleted': TOLD('cancel 2 refused internal'),
  'the screen is touched': { ...REFUSED, 'signed-in': '@: timer; ok' },
  'signing out is asked for': {
    ...REFUSED,
    'signed-in': 'idle: ended logout; ok; tell session idle logout',
  },
  'the time is over': SIGNED_OUT('time-out'),
  'the time of an earlier session is over': {},
  'a job arrives': TOLD('job 4'),
  'an unowned job arrives': TOLD('job 5 claimable'),
  'an unowned job arrives elsewhere': {},
  'a job of somebody else changes': {},
  'somebody else claims a job': TOLD('job-gone 3'),
  'the first job is done': ENDED('completed', 'tell job-gone 1'),
  'the first job is delivered': ENDED('delivered', 'tell job-gone 1'),
  'the first job is held again': { ...ENDED('unknown cut', 'tell job 1'), done: '@: tell job 1' },
  'the first job is cancelled': ENDED('canceled', 'tell job-gone 1'),
  'the first job is forgotten': { ...ENDED('canceled', 'tell job-gone 1'), done: '@' },
  'the second job prints': TOLD('progress 2'),
  'an unowned job prints': {},
  'the person is removed': SIGNED_OUT('person-removed'),
  'somebody else is removed': {},
  'the configuration changes': CLOSED('reload'),
  'the gateway stops': CLOSED('shutdown'),
};

function expected(event: EventName, state: StateName): string {
  const row = TABLE[event];
  const signedIn = state === 'jobs' || state === 'releasing' || state === 'done';
  return (row[state] ?? (signedIn ? row['signed-in'] : undefined) ?? '-').replace('@', state);
}

for (const event of Object.keys(EVENTS) as EventName[]) {
  for (const state of Object.keys(STATES) as StateName[]) {
    const words = expected(event, state);
    test(`${state}: ${event} → ${words}`, (t) => {
      t.is(inWords(STATES[state], step(STATES[state], EVENTS[event])), words);
    });
  }
}

test('several jobs released together each come to an end of their own', (t) => {
  const ids = [1, 2, 3].map(JobId);
  const release = { printer: 'mfp-2', key: 'key-0003', by: MARIA.id, at: 5 };
  let state = step(STATES.jobs, {
    kind: 'release',
    request: { connection: 1, id: 3 },
    key: 'key-0003',
    jobs: ids,
  }).state;
  const told: string[] = [];
  const changes: Parameters<typeof job>[1][] = [
    { state: 'processing', release },
    // The trouble of an earlier release is no end of this one.
    { release, trouble: { outcome: 'unknown', reason: 'cut', printer: 'mfp-2', at: 4 } },
    { state: 'processing', release },
    { release, trouble: { outcome: 'not-printed', reason: 'unreachable', printer: 'mfp-2', at: 5 } },
    { state: 'completed', confirmation: 'completed', impressionsCompleted: 3, release },
    { release },
  ];
  for (const [index, id] of [1, 2, 3, 2, 1, 3].entries()) {
    const result = step(state, changed(job(id, changes[index] ?? {})));
    told.push(inWords(state, result));
    state = result.state;
  }
  t.deepEqual(told, [
    'releasing: tell job 1',
    'releasing: tell job 2',
    'releasing: tell job 3',
    'releasing: tell release 2 not-printed unreachable; tell job 2',
    'releasing: tell release 1 completed; tell job-gone 1',
    'done: tell release 3 not-printed canceled; tell job 3; timer; tell session done',
  ]);
});

test('no state holds the code', (t) => {
  const before = STATES.idle;
  const { state, effects } = step(before, EVENTS['a code is typed']);
  t.true(effects.some((effect) => effect.kind === 'check' && effect.code.reveal() === CODE));
  const secrets: unknown[] = [];
  const look = (value: unknown): void => {
    if (value instanceof Secret || value === CODE) secrets.push(value);
    else if (value instanceof Map) for (const each of value) look(each);
    else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) look(each);
  };
  look(state);
  look(STATES.jobs);
  t.deepEqual(secrets, []);
});

test('a session has a bound on its releases and on its list', (t) => {
  let state: PanelState = STATES.jobs;
  const release = (key: string) =>
    step(state, { kind: 'release', request: { connection: 1, id: 3 }, key, jobs: [JobId(99)] });
  for (let count = 0; count < RELEASES_PER_SESSION; count++) state = release(`key-${count}-long`).state;
  t.is(inWords(state, release('one-too-many')), 'done: error too-many-releases');
  for (let id = 100; id < 100 + LISTED_JOBS * 2; id++) {
    state = step(state, changed(job(id))).state;
  }
  t.is(isSignedIn(state) && state.listed.size, LISTED_JOBS);
});

test('walks at random keep what must always hold', (t) => {
  const random = new Random(20260927);
  const events = Object.values(EVENTS) as PanelInput[];
  let state: PanelState = INITIAL;
  let signedIn = false;
  for (let count = 0; count < 50_000; count++) {
    const event = random.pick(events);
    // Answers belong to the session of now as often as to an earlier one.
    const input = 'session' in event && random.below(2) === 0 ? { ...event, session: state.session } : event;
    const before = state;
    const { state: after, effects } = step(before, input);
    for (const effect of effects) {
      if (effect.kind === 'began') signedIn = true;
      if (effect.kind === 'ended') signedIn = false;
      if (effect.kind === 'tell' && !['welcome', 'session'].includes(effect.notice.kind)) t.true(signedIn);
    }
    t.is(isSignedIn(after), signedIn);
    t.is('person' in after, signedIn);
    if (after.name === 'releasing') t.true([...after.released.values()].some((each) => !each.outcome));
    if (after.name === 'done') t.true([...after.released.values()].every((each) => each.outcome));
    const answers = effects.filter((effect) => effect.kind === 'ok' || effect.kind === 'error').length;
    t.is(answers, answersDue(before, input));
    state = after;
  }
});

/** Each request has one answer: a credential's with its verdict, every other's at once. */
function answersDue(state: PanelState, input: PanelInput): number {
  if (input.kind === 'verdict') return state.name === 'code' && input.session === state.session ? 1 : 0;
  if (!('request' in input) || input.request.connection !== state.connection) return 0;
  return input.kind === 'credential' && state.name === 'idle' ? 0 : 1;
}
