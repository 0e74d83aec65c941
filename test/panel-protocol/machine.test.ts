// The panel session as a table: in each state, what each event leads to. And walks through it at random.
import test from 'ava';
import { Secret } from '../../base/secrets/secret.ts';
import { LISTED_JOBS, RELEASES_PER_SESSION } from '../../panel-protocol/bounds.ts';
import { INITIAL } from '../../panel-protocol/session/machine.ts';
import { isSignedIn, type PanelInput, type PanelState } from '../../panel-protocol/session/state.ts';
import { JobId } from '../../spool/job.ts';
import { CODE, job, MARIA } from './fakes.ts';
import { changed, EVENTS, type EventName, inWords, STATES, type StateName, step } from './machine-table.ts';
import { Random } from './random.ts';

/** `signed-in` stands for jobs, releasing and done, and `@` for the state itself. A state that is not named stays as it is. */
type Row = Partial<Record<StateName | 'signed-in', string>>;

const NOBODY = (words: string): Row => ({ idle: words, code: words, pin: words, bind: words });
const REFUSED = NOBODY('@: error not-signed-in');
const NOT_NOW = NOBODY('@: error not-now');
const SIGNED_OUT = (reason: string): Row => ({
  'signed-in': `idle: ended ${reason}; tell session idle ${reason}`,
});
const CLOSED = (reason: string): Row => ({
  vacant: '@',
  ...NOBODY(`vacant: dismiss 1 ${reason}`),
  'signed-in': `vacant: ended ${reason}; dismiss 1 ${reason}`,
});
const TOLD = (notice: string): Row => ({ 'signed-in': `@: tell ${notice}` });
const ENDED = (outcome: string, news: string): Row => ({
  jobs: `@: ${news}`,
  releasing: `done: tell release 1 ${outcome}; ${news}; timer; tell session done`,
});
const AGAIN = 'releasing: timer; ok; tell release 7 completed; tell session releasing';

const TABLE: Record<EventName, Row> = {
  'a panel says hello': {
    vacant: 'idle: welcome screen',
    ...NOBODY('idle: dismiss 1 taken-over; welcome screen'),
    'signed-in': 'idle: dismiss 1 taken-over; ended taken-over; welcome screen',
  },
  'its connection ends': { ...NOBODY('vacant'), 'signed-in': 'vacant: ended connection-lost' },
  'an older connection ends': {},
  'a code is typed': {
    idle: 'code: check',
    code: '@: error not-now',
    pin: 'code: check',
    bind: 'code: check to bind',
    'signed-in': '@: error already-signed-in',
  },
  'a badge is read': {
    idle: 'code: check',
    code: '@: error not-now',
    pin: 'code: check',
    bind: 'code: check',
    'signed-in': '@: check',
  },
  'an activation code is typed': {
    ...NOT_NOW,
    bind: 'code: check to bind',
    'signed-in': '@: error already-signed-in',
  },
  'a PIN is typed': { ...NOT_NOW, pin: 'code: check-pin', 'signed-in': '@: error not-now' },
  'an activation code is asked for': {
    ...NOT_NOW,
    bind: '@: timer; ok; request-activation',
    'signed-in': '@: error not-now',
  },
  'a code comes from an older connection': {},
  'the code is right': { code: 'jobs: warm mfp-2; began; timer; ok; tell session jobs; tell jobs' },
  'the code is unknown': { code: 'idle: error credential-unknown' },
  'the code is throttled': { code: 'idle: error throttled 4000' },
  'the check fails': { code: 'idle: error internal' },
  'a PIN is wanted': { code: 'pin: timer; ok; tell session pin' },
  'the badge may be bound': { code: 'bind: timer; ok; tell session bind' },
  'the badge is unknown': { code: 'idle: error card-unknown' },
  'the badge is not bound': { code: 'idle: error not-bound' },
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
    jobs: 'releasing: release 1 2 3; timer; ok; tell session releasing',
    releasing: '@: release 2 3; timer; ok; tell release 1 refused job-not-held; tell session releasing',
    done: 'releasing: release 2 3; timer; ok; tell release 1 refused job-not-found; tell session releasing',
  },
  'what is not listed is released': {
    ...REFUSED,
    jobs: 'done: timer; ok; tell release 99 refused job-not-found; tell session done',
    releasing: '@: timer; ok; tell release 99 refused job-not-found; tell session releasing',
    done: '@: timer; ok; tell release 99 refused job-not-found; tell session done',
  },
  'the first release is asked again': {
    ...REFUSED,
    jobs: 'releasing: release 1; timer; ok; tell session releasing',
    releasing: '@: timer; ok',
    done: '@: timer; ok',
  },
  'a release of an earlier session is asked again': { ...REFUSED, 'signed-in': AGAIN },
  'another printer is chosen': {
    ...REFUSED,
    'signed-in': '@: warm mfp-3; timer; ok; tell session @; list',
    releasing: '@: error not-now',
  },
  'a printer of another panel is chosen': { ...REFUSED, 'signed-in': '@: error not-allowed' },
  'options are asked for': { ...REFUSED, 'signed-in': '@: timer; options 2 at mfp-2' },
  'options of a job of others are asked for': { ...REFUSED, 'signed-in': '@: error job-not-found' },
  'a PIN is set': { ...REFUSED, 'signed-in': '@: set-pin' },
  'the PIN was set': {
    vacant: '@: ok',
    ...NOBODY('@: ok'),
    'signed-in': '@: timer; ok; tell session @',
  },
  'the PIN was refused': {
    vacant: '@: error pin-refused',
    ...NOBODY('@: error pin-refused'),
    'signed-in': '@: error pin-refused',
  },
  'its key comes with another job': {
    ...REFUSED,
    jobs: 'releasing: release 2; timer; ok; tell session releasing',
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
  'the screen is touched': {
    ...REFUSED,
    pin: '@: timer; ok',
    bind: '@: timer; ok',
    'signed-in': '@: timer; ok',
  },
  'signing out is asked for': {
    ...REFUSED,
    pin: 'idle: ok; tell session idle logout',
    bind: 'idle: ok; tell session idle logout',
    'signed-in': 'idle: ended logout; ok; tell session idle logout',
  },
  'the time is over': {
    pin: 'idle: tell session idle time-out',
    bind: 'idle: tell session idle time-out',
    ...SIGNED_OUT('time-out'),
  },
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
  return (row[state] ?? (signedIn ? row['signed-in'] : undefined) ?? '-').replaceAll('@', state);
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
    before: [],
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
  t.true(effects.some((effect) => effect.kind === 'check' && effect.credential.value.reveal() === CODE));
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
    step(state, { kind: 'release', request: { connection: 1, id: 3 }, key, jobs: [JobId(99)], before: [] });
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
      if (effect.kind === 'tell' && effect.notice.kind !== 'session') t.true(signedIn);
    }
    t.is(isSignedIn(after), signedIn);
    t.is('person' in after, signedIn);
    if (after.name === 'releasing') t.true([...after.released.values()].some((each) => !each.outcome));
    if (after.name === 'done') t.true([...after.released.values()].every((each) => each.outcome));
    const answers = effects.filter(({ kind }) => ['ok', 'error', 'options'].includes(kind)).length;
    const abandoned = isSignedIn(before) && before.swipe !== undefined && !isSignedIn(after);
    t.is(answers, answersDue(before, input) + (abandoned && input.kind !== 'verdict' ? 1 : 0));
    state = after;
  }
});

/** Each request has one answer: a credential's with its verdict, a new PIN's when it is kept, every other's at once. */
function answersDue(state: PanelState, input: PanelInput): number {
  if (input.kind === 'pin-answer') return 1;
  if (input.kind === 'verdict') {
    const isWaitedFor = state.name === 'code' || (isSignedIn(state) && state.swipe !== undefined);
    return isWaitedFor && input.session === state.session ? 1 : 0;
  }
  if (!('request' in input) || input.request.connection !== state.connection) return 0;
  if (input.kind === 'set-pin') return isSignedIn(state) ? 0 : 1;
  if (input.kind === 'pin') return state.name === 'pin' ? 0 : 1;
  if (input.kind !== 'credential') return 1;
  if (isSignedIn(state)) return input.credential.kind === 'badge' && state.swipe === undefined ? 0 : 1;
  if (state.name === 'code' || (input.credential.kind === 'activation' && state.name !== 'bind')) return 1;
  return 0;
}
