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

test('no line is longer than a display', (t) => {
  const long = { ...IN, person: { 'display-name': '👩‍⚕️ Dr. '.repeat(20) } };
  for (const line of lines(after(WELCOME, long, JOBS))) t.true([...line].length <= LINE);
});
