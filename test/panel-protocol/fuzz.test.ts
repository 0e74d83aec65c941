// 60,000 mutated messages: each has exactly one answer or ends the connection, and panels work as before.
import test from 'ava';
import { silentLog } from '../../base/log.ts';
import { PanelConnection } from '../../panel-protocol/connection.ts';
import { PanelSession } from '../../panel-protocol/session/executor.ts';
import { ManualClock } from '../manual-clock.ts';
import { CODE, FakeIdentity, FakeJobs, FakePrinters, job, panel, UNOWNED } from './fakes.ts';
import { Random } from './random.ts';

const MESSAGES = [
  { type: 'hello', versions: [1], client: 'fuzz/1' },
  { type: 'hello', versions: [2] },
  { type: 'credential', kind: 'code', value: CODE },
  { type: 'jobs' },
  { type: 'release', key: 'key-00000001', 'job-ids': [1, 2, 3] },
  { type: 'cancel', 'job-ids': [2] },
  { type: 'activity' },
  { type: 'logout' },
  { type: 'ping' },
];
const VALUES = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 31,
  1e308,
  '',
  'code',
  '\u202e',
  [],
  [[]],
  [2],
  {},
  { type: 'ping' },
];
const TEXTS = ['"', '\\', '{', '}', '[', ']', ',', ':', '\u0000', '\ud800', '9', 'e', '-', '__proto__'];

function mutated(random: Random, id: number): string {
  const message: Record<string, unknown> = { id, ...random.pick(MESSAGES) };
  switch (random.below(6)) {
    case 0:
      message[random.pick(Object.keys(message))] = random.pick(VALUES);
      break;
    case 1:
      delete message[random.pick(Object.keys(message))];
      break;
    case 2:
      message[random.pick(['extra', 'id', 'type', '__proto__', 'toString'])] = random.pick(VALUES);
      break;
    case 3: {
      const text = JSON.stringify(message);
      const at = random.below(text.length + 1);
      return text.slice(0, at) + random.pick(TEXTS) + text.slice(at + random.below(3));
    }
    case 4:
      return JSON.stringify(message).slice(0, random.below(60));
    default:
  }
  return JSON.stringify(message);
}

test('mutated messages are each answered once, and do no harm', async (t) => {
  const random = new Random(7);
  const clock = new ManualClock();
  const jobs = new FakeJobs();
  const ports = { printers: new FakePrinters(), identity: new FakeIdentity(), jobs };
  const session = new PanelSession(panel(), {
    ...ports,
    clock,
    log: silentLog,
    gateway: () => 'Holdfast',
    page: 'fuzz',
    onVerdict: () => {},
  });
  jobs.watch((news) => session.jobNews(news));

  let answers: unknown[] = [];
  let open = false;
  const connect = () => {
    open = true;
    return new PanelConnection({
      clock,
      transport: {
        send: (text) => {
          const message = JSON.parse(text);
          if (message.type === 'ok' || message.type === 'error') answers.push(message);
        },
        close: () => {
          open = false;
        },
      },
      place:
        ({ role = 'screen' }) =>
        (peer) => {
          const connection = session.connect({ ...peer, role, secure: true, address: '::1' });
          return {
            ask: (message) => session.ask(connection, message),
            leave: () => session.disconnect(connection),
          };
        },
      onRefused: () => {},
    });
  };

  const seen = new Map<string, number>();
  let connection = connect();
  for (let id = 1; id <= 60_000; id++) {
    if (id % 50 === 0) {
      for (const number of [1, 2]) jobs.put(job(number));
      jobs.put(job(3, UNOWNED));
      await Promise.resolve();
    }
    if (random.below(100) === 0) {
      connection.closed();
      open = false;
    }
    if (!open) connection = connect();
    answers = [];
    clock.advance(50);
    connection.receive(mutated(random, id));
    if (open) t.is(answers.length, 1);
    else t.true(answers.length <= 1);
    for (const answer of answers as { type: string; code?: string }[]) {
      const kind = answer.code ?? answer.type;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
  }
  // The walk came everywhere.
  for (const kind of [
    'ok',
    'bad-message',
    'hello-first',
    'not-signed-in',
    'already-signed-in',
    'version-unsupported',
  ])
    t.true((seen.get(kind) ?? 0) > 10, kind);
  connection.closed();
  t.false(session.connected);
  t.is(clock.pending, 0, 'no timer is left behind');
});
