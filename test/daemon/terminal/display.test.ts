// Two lines and a keypad: what is shown after each message, and what each key asks for.
import test from 'ava';
import { hear, key, LINE, lines, NOTHING, type Shown } from '../../../daemon/terminal/display.ts';
import type { ServerMessage } from '../../../panel-protocol/server-messages.ts';

const PRINTER = {
  'printer-name': 'mfp-2',
  'printer-info': 'Ward 3',
  'printer-location': '',
  'printer-state': 'idle',
  'printer-state-reasons': [],
  'printer-is-accepting-jobs': true,
} as const;

const message = (value: object) => value as unknown as ServerMessage;
const after = (...messages: object[]): Shown =>
  messages.reduce((shown: Shown, each) => hear(shown, message(each)), NOTHING);

const WELCOME = { type: 'welcome', printer: PRINTER };
const IDLE = { type: 'session', session: 'idle' };
const IN = { type: 'session', session: 'jobs', person: { 'display-name': 'Maria Nowak' } };
const JOBS = {
  type: 'jobs',
  offset: 0,
  jobs: [
    { 'job-id': 9, 'job-name': 'Letter' },
    { 'job-id': 4, 'job-originating-host-name': '10.0.0.7' },
  ],
};

test('the way through a session', (t) => {
  t.deepEqual(lines(NOTHING), ['Holdfast', 'Gateway not reached']);
  t.deepEqual(lines(after(WELCOME, IDLE)), ['Ward 3', 'Code, then Enter']);
  t.deepEqual(lines(after(WELCOME, IDLE, { type: 'session', session: 'pin' })), ['PIN, then Enter', '']);
  t.deepEqual(lines(after(WELCOME, IDLE, IN, JOBS)), ['Maria Nowak: 2', 'Enter prints, * out']);
  const releasing = { ...IN, session: 'releasing' };
  const printed = { type: 'outcome', 'job-id': 9, operation: 'release', outcome: 'completed' };
  const failed = { type: 'outcome', 'job-id': 4, operation: 'release', outcome: 'not-printed' };
  t.deepEqual(lines(after(WELCOME, IN, JOBS, releasing, printed)), ['Printing', '1 done']);
  const done = { ...IN, session: 'done' };
  t.is(lines(after(WELCOME, IN, JOBS, releasing, printed, done))[0], '1 printed');
  t.is(lines(after(WELCOME, IN, JOBS, releasing, printed, failed, done))[0], '1 not printed');
  t.deepEqual(lines(hear(after(WELCOME, IN, JOBS), undefined)), ['Ward 3', 'Gateway not reached']);
});

test('a refusal is told, and forgotten with the next session', (t) => {
  const wrong = after(WELCOME, IDLE, { type: 'error', re: 2, code: 'credential-unknown' });
  t.deepEqual(lines(wrong), ['Ward 3', 'Unknown code']);
  t.deepEqual(lines(hear(hear(wrong, message(IN)), message(JOBS)))[1], 'Enter prints, * out');
});

test('keys ask for what the screen says', (t) => {
  const idle = after(WELCOME, IDLE);
  t.deepEqual(key(idle, '2468 '), { type: 'credential', kind: 'code', value: '2468' });
  t.is(key(idle, ''), undefined);
  t.is(key(idle, '*'), undefined);
  const pin = after(WELCOME, { type: 'session', session: 'pin' });
  t.deepEqual(key(pin, '99'), { type: 'credential', kind: 'pin', value: '99' });
  const jobs = after(WELCOME, IN, JOBS);
  t.like(key(jobs, ''), { type: 'release', 'job-ids': [9, 4] });
  t.like(key(jobs, '2'), { type: 'release', 'job-ids': [4] });
  for (const typed of ['0', '3', '-1', '1.5', 'x', '2e0']) t.is(key(jobs, typed), undefined, typed);
  t.deepEqual(key(jobs, '*'), { type: 'logout' });
  t.is(key(after(WELCOME, IN, { ...JOBS, jobs: [] }), ''), undefined);
  t.is(key(NOTHING, '2468'), undefined);
});

test('what others sent is neither counted nor printed: nobody sees here what it is', (t) => {
  const jobs = [
    ...JOBS.jobs,
    { 'job-id': 3, claimable: true, 'job-originating-host-name': '10.0.0.7' },
    { 'job-id': 2, owner: { 'display-name': 'Ada' }, 'job-name': 'Hers' },
  ];
  const claimable = { type: 'job', job: { 'job-id': 11, claimable: true } };
  const shown = after(WELCOME, IN, { ...JOBS, jobs }, claimable);
  t.is(lines(shown)[0], 'Maria Nowak: 2');
  t.like(key(shown, ''), { 'job-ids': [9, 4] });
});

test('who was taken over comes back by a key, who is revoked reads so', (t) => {
  const over = after(WELCOME, IN, JOBS, { type: 'bye', reason: 'taken-over' });
  for (const shown of [over, hear(over, undefined)]) {
    t.deepEqual(lines(shown), ['Used elsewhere now', 'Enter: use it here']);
    t.is(key(shown, ''), 'come-back');
  }
  t.deepEqual(lines(hear(over, message(WELCOME))), ['Ward 3', 'Code, then Enter']);
  const revoked = after(WELCOME, { type: 'bye', reason: 'not-enrolled' });
  t.is(lines(hear(revoked, undefined))[1], 'No panel any more');
  const wrong = after(WELCOME, IDLE, { type: 'error', re: 2, code: 'credential-unknown' });
  t.is(lines(hear(wrong, undefined))[1], 'Gateway not reached');
});

test('no line is longer than a display', (t) => {
  const long = { ...IN, person: { 'display-name': '👩‍⚕️ Dr. '.repeat(20) } };
  for (const line of lines(after(WELCOME, long, JOBS))) t.true([...line].length <= LINE);
});
