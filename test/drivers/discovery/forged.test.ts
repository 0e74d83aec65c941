// Forged words that name our own host, answers that outlive their queue, and names that run out of numbers.
import test from 'ava';
import type { DomainName } from '../../../drivers/discovery/dns/model.ts';
import { RecordType } from '../../../drivers/discovery/dns/model.ts';
import { nextName } from '../../../drivers/discovery/instance-name.ts';
import { zoneText } from '../../../drivers/discovery/zone.ts';
import { Network, NO_NAMES, queue, SETTLED, TESTER, UUID } from './network.ts';

function settled() {
  const network = new Network();
  const member = network.join('10.0.0.1', 'one');
  member.responder.setQueues([queue('Print')], NO_NAMES);
  network.pass(SETTLED);
  const impostors = () =>
    member.events.flatMap((event) => (event.kind === 'impostor' ? [event.impostor] : []));
  return { network, member, impostors, from: network.heard.length };
}

const NAME: DomainName = ['Print', '_ipps', '_tcp', 'local'];
const OURS: DomainName = ['one', 'local'];
const srv = (port: number) => ({
  name: NAME,
  ttl: 120,
  flush: true,
  data: { type: 'srv', priority: 0, weight: 0, port, target: OURS } as const,
});
const txt = (...strings: string[]) => ({
  name: NAME,
  ttl: 4500,
  flush: true,
  data: { type: 'txt', strings } as const,
});
const REAL = ['txtvers=1', 'rp=ipp/print', `UUID=${UUID}`];

const FORGED = [
  ['another port', [srv(6666)]],
  ['another path', [srv(631), txt('txtvers=1', 'rp=ipp/evil', `UUID=${UUID}`)]],
  ['another port and path', [srv(6666), txt('txtvers=1', 'rp=ipp/evil')]],
] as const;

for (const [what, answers] of FORGED) {
  test(`a host that announces our name at our host with ${what} is told, and contradicted`, (t) => {
    const { network, impostors, from } = settled();
    network.pass(10_000);
    network.say({ response: true, answers: [...answers] });
    t.is(impostors().length, 1);
    t.like(impostors()[0], { claims: 'name', queue: 'print', address: TESTER });
    network.pass(SETTLED);
    const told = network.told(from).map(({ data }) => data);
    t.true(told.some((data) => data.type === 'srv' && data.port === 631));
    t.true(told.some((data) => data.type === 'txt' && data.strings.includes('rp=ipp/print')));
  });
}

test('a flood of them is contradicted once a second', (t) => {
  const { network, from } = settled();
  network.pass(10_000);
  for (let each = 0; each < 50; each++)
    network.say({ response: true, answers: [txt('rp=ipp/evil'), srv(631)] });
  network.pass(500);
  t.true(network.heard.length - from <= 2, `${network.heard.length - from}`);
});

test('our own words of now and of before, repeated, are neither told nor contradicted', (t) => {
  const { network, member, impostors } = settled();
  member.responder.setQueues([queue('Print', { ippsPort: 6310, txt: [...REAL, 'note=new'] })], NO_NAMES);
  network.pass(SETTLED);
  const from = network.heard.length;
  network.say({ response: true, answers: [srv(6310), txt(...REAL, 'note=new')] });
  network.say({ response: true, answers: [srv(631), txt(...REAL)] });
  network.pass(SETTLED);
  t.deepEqual(impostors(), []);
  t.deepEqual(network.told(from), []);
});

test('an answer that waits does not bring back a queue that was taken back meanwhile', (t) => {
  const { network, member, from } = settled();
  network.pass(10_000);
  network.ask({ name: ['_ipp', '_tcp', 'local'], type: RecordType.ptr, unicast: false });
  member.responder.setQueues([], NO_NAMES);
  network.pass(SETTLED);
  const alive = network.told(from).filter(({ ttl, data }) => ttl > 0 && data.type === 'ptr');
  t.deepEqual(alive, []);
});

test('names run out of numbers without standing still', (t) => {
  t.is(nextName('X (9998)'), 'X (9999)');
  const seen = new Set<string>();
  for (let name = 'X (9997)', each = 0; each < 30; each++, name = nextName(name)) {
    t.false(seen.has(name), name);
    t.true(Buffer.byteLength(name) <= 63);
    seen.add(name);
  }
  const long = `${'a'.repeat(56)} (9999)`;
  t.not(nextName(long), long);
});

test('two queues of the last number are in the zone, and on the network, under two names', (t) => {
  const two = [queue('X (9999)', { queue: 'a' }), queue('X (9999)', { queue: 'b' })];
  const text = zoneText({ queues: two, domain: 'example.org', host: 'print.example.org' });
  t.is(text.match(/IN SRV 0 0 631/g)?.length, 4);
  const network = new Network();
  const { responder, events } = network.join('10.0.0.1', 'one');
  responder.setQueues(two, NO_NAMES);
  network.pass(SETTLED);
  t.is(new Set(events.flatMap((event) => (event.kind === 'named' ? [event.name] : []))).size, 2);
});
