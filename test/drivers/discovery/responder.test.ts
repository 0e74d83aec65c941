// RFC 6762 at work: probing, names that are taken, answers and what is left out of them, goodbyes, changes.
import test from 'ava';
import { encodeMessage } from '../../../drivers/discovery/dns/encode.ts';
import { type DomainName, nameKey, RecordType } from '../../../drivers/discovery/dns/model.ts';
import type { DiscoveryEvent } from '../../../drivers/discovery/messages.ts';
import { random } from '../../random.ts';
import { Network, NO_NAMES, NOTHING, queue, SETTLED, TESTER, UUID } from './network.ts';

const IPP: DomainName = ['_ipp', '_tcp', 'local'];
const ask = (name: DomainName, type: number, unicast = false) => ({ name, type, unicast });
const namesOf = (events: readonly DiscoveryEvent[]) =>
  events.flatMap((event) => (event.kind === 'named' ? [event.name] : []));
const impostorsOf = (events: readonly DiscoveryEvent[]) =>
  events.flatMap((event) => (event.kind === 'impostor' ? [event.impostor] : []));

function settled(name = 'Print') {
  const network = new Network();
  const member = network.join('10.0.0.1', 'one');
  member.responder.setQueues([queue(name)], NO_NAMES);
  network.pass(SETTLED);
  return { network, member, from: network.heard.length };
}

test('a name is asked for three times, then announced twice', (t) => {
  const { network, member } = settled();
  const probes = network.heard.filter(({ message }) => message.authorities.length > 0);
  t.is(probes.length, 3);
  t.true(probes.every(({ message }) => message.questions.every(({ type }) => type === RecordType.any)));
  const told = network.told().filter(({ data }) => data.type === 'srv');
  t.is(told.length, 2 * 3);
  t.deepEqual(namesOf(member.events), ['Print']);
});

test('nothing is answered before the name is ours', (t) => {
  const network = new Network();
  const { responder } = network.join('10.0.0.1', 'one');
  responder.setQueues([queue('Print')], NO_NAMES);
  network.pass(500);
  network.ask(ask(IPP, RecordType.ptr));
  network.pass(150);
  t.deepEqual(network.told(), []);
});

test('whoever comes later gives way, for all services together, and keeps the dot in its name', (t) => {
  const network = new Network();
  const first = network.join('10.0.0.1', 'one');
  first.responder.setQueues([queue('Print v1.0')], NO_NAMES);
  network.pass(SETTLED);
  const second = network.join('10.0.0.2', 'two');
  second.responder.setQueues([queue('Print v1.0', { txt: [] })], NO_NAMES);
  network.pass(SETTLED);
  t.deepEqual(namesOf(first.events), ['Print v1.0']);
  t.deepEqual(namesOf(second.events), ['Print v1.0 (2)']);
  const types = network
    .told()
    .filter(({ name, data }) => data.type === 'srv' && name[0] === 'Print v1.0 (2)')
    .map(({ name }) => name[1]);
  t.deepEqual([...new Set(types)].sort(), ['_ipp', '_ipps', '_printer']);
});

test('of two that ask at once one has the name', (t) => {
  const network = new Network();
  const members = [network.join('10.0.0.1', 'one'), network.join('10.0.0.2', 'two')];
  for (const { responder } of members) responder.setQueues([queue('Print')], NO_NAMES);
  network.pass(4 * SETTLED);
  // The one whose data is greater (RFC 6762 §8.2), though the other asked first: "two" comes after "one".
  t.deepEqual(
    members.map(({ events }) => namesOf(events)),
    [['Print (2)'], ['Print']],
  );
});

test('two established ones that meet end with two names', (t) => {
  const { network, member } = settled();
  // Another network is bridged in: its host has the name too.
  const other = network.join('10.0.0.2', 'two');
  other.responder.setInterfaces([]);
  other.responder.setQueues([queue('Print', { txt: [] })], NO_NAMES);
  other.responder.setInterfaces([{ name: 'eth0', addresses: ['10.0.0.2'] }]);
  network.pass(4 * SETTLED);
  const names = [member, other].map(({ events }) => namesOf(events).at(-1));
  t.is(new Set(names).size, 2);
});

test('the name of last time is taken again', (t) => {
  const network = new Network();
  const { responder, events } = network.join('10.0.0.1', 'one');
  responder.setQueues([queue('Print')], new Map([['print', 'Print (2)']]));
  network.pass(SETTLED);
  t.deepEqual(events[0], { kind: 'named', queue: 'print', wanted: 'Print', name: 'Print (2)' });
});

test('queues of one gateway that are called alike have two names', (t) => {
  const network = new Network();
  const { responder, events } = network.join('10.0.0.1', 'one');
  responder.setQueues([queue('Print'), queue('print', { queue: 'other' })], NO_NAMES);
  network.pass(SETTLED);
  t.deepEqual(namesOf(events), ['Print', 'print (2)']);
  t.deepEqual(impostorsOf(events), []);
});

test('a list of printers brings all that a client asks for next', (t) => {
  const { network, from } = settled();
  network.ask(ask(['_universal', '_sub', '_ipps', '_tcp', 'local'], RecordType.ptr));
  network.pass(200);
  const [answer] = network.heard.slice(from);
  t.is(answer?.to, undefined);
  t.deepEqual(
    answer?.message.answers.map(({ data }) => data.type),
    ['ptr'],
  );
  t.deepEqual(answer?.message.additionals.map(({ data }) => data.type).sort(), ['a', 'srv', 'txt']);
  const srv = answer?.message.additionals.find(({ data }) => data.type === 'srv');
  t.deepEqual(srv?.data, { type: 'srv', port: 631, target: ['one', 'local'] });
});

test('what the asker knows is not said again, unless it is old', (t) => {
  const { network, from } = settled();
  const target = ['Print', ...IPP];
  const known = (ttl: number) => ({ name: IPP, ttl, flush: false, data: { type: 'ptr' as const, target } });
  network.say({ questions: [ask(IPP, RecordType.ptr)], answers: [known(4500)] });
  network.pass(200);
  t.is(network.heard.length, from);
  network.say({ questions: [ask(IPP, RecordType.ptr)], answers: [known(2000)] });
  network.pass(200);
  t.is(network.heard.length, from + 1);
});

test('known answers in further packets count', (t) => {
  const { network, from } = settled();
  const target = ['Print', ...IPP];
  network.say({ truncated: true, questions: [ask(IPP, RecordType.ptr)] });
  network.pass(300);
  network.say({ answers: [{ name: IPP, ttl: 4500, flush: false, data: { type: 'ptr', target } }] });
  network.pass(1000);
  t.is(network.heard.length, from);
});

test('another query of a host that has begun a list of known answers is answered', (t) => {
  const { network, from } = settled();
  network.say({ truncated: true, questions: [ask(['_other', '_tcp', 'local'], RecordType.ptr)] });
  network.pass(10);
  network.ask(ask(IPP, RecordType.ptr));
  network.pass(200);
  t.is(network.heard.length, from + 1);
});

test('known answers of another program of that host are not those of the list', (t) => {
  const { network, from } = settled();
  const target = ['Print', ...IPP];
  network.say({ truncated: true, questions: [ask(IPP, RecordType.ptr)] });
  network.say({ answers: [{ name: IPP, ttl: 4500, flush: false, data: { type: 'ptr', target } }] }, 40_000);
  network.pass(1000);
  t.is(network.heard.length, from + 1);
});

test('everybody is told the same once a second, whoever asks', (t) => {
  const { network, from } = settled();
  for (let times = 0; times < 50; times++) {
    network.ask(ask(IPP, RecordType.ptr));
    network.pass(20);
  }
  network.pass(500);
  t.true(network.heard.length - from <= 2, `${network.heard.length - from}`);
});

test('one who wants the answer alone gets it', (t) => {
  const { network, from } = settled();
  network.ask(ask(['one', 'local'], RecordType.a, true));
  network.pass(200);
  t.deepEqual(
    network.heard.slice(from).map(({ to }) => to),
    [TESTER],
  );
});

test('a simple resolver gets a plain DNS answer', (t) => {
  const { network, from } = settled();
  network.say({ id: 77, questions: [ask(['one', 'local'], RecordType.a)] }, 40_000);
  const [answer] = network.heard.slice(from);
  t.is(answer?.to, TESTER);
  t.is(answer?.message.id, 77);
  t.is(answer?.message.questions.length, 1);
  t.deepEqual(answer?.message.answers[0], {
    name: ['one', 'local'],
    ttl: 10,
    flush: false,
    data: { type: 'a', address: '10.0.0.1' },
  });
});

test('a type that a name of ours has not is denied', (t) => {
  const { network, from } = settled();
  network.ask(ask(['one', 'local'], RecordType.aaaa));
  network.pass(200);
  const [answer] = network.told(from);
  t.is(answer?.data.type === 'other' && answer.data.code, RecordType.nsec);
});

test('names of others are not answered for', (t) => {
  const { network, from } = settled();
  network.ask(ask(['two', 'local'], RecordType.a), ask(['Other', ...IPP], RecordType.any));
  network.pass(500);
  t.is(network.heard.length, from);
});

test('at the stop every record is taken back', (t) => {
  const { network, member, from } = settled();
  const live = new Set(network.told().map(({ name, data }) => `${nameKey(name)} ${data.type}`));
  member.responder.stop();
  const goodbyes = network.told(from);
  t.true(goodbyes.every(({ ttl }) => ttl === 0));
  t.deepEqual(new Set(goodbyes.map(({ name, data }) => `${nameKey(name)} ${data.type}`)), live);
  t.is(network.clock.pending, 0);
});

test('changed attributes are told under the same name; a removed queue says goodbye', (t) => {
  const { network, member, from } = settled();
  member.responder.setQueues([queue('Print', { txt: ['note=moved'] })], NO_NAMES);
  network.pass(SETTLED);
  const texts = network.told(from).flatMap(({ data }) => (data.type === 'txt' ? data.strings : []));
  t.deepEqual(new Set(texts), new Set(['note=moved']));
  t.deepEqual(namesOf(member.events), ['Print']);
  const later = network.heard.length;
  member.responder.setQueues([], NO_NAMES);
  t.true(network.told(later).some(({ ttl, data }) => ttl === 0 && data.type === 'srv'));
});

test('a changed address is announced', (t) => {
  const { network, member, from } = settled();
  member.responder.setInterfaces([{ name: 'eth0', addresses: ['10.0.0.7'] }]);
  const addresses = network.told(from).flatMap(({ data }) => (data.type === 'a' ? [data.address] : []));
  t.deepEqual(addresses, ['10.0.0.7']);
  t.deepEqual(impostorsOf(member.events), []);
});

test('our own words repeated by a reflector are no impostor, and cost no name', (t) => {
  const { network, member } = settled();
  member.responder.setQueues([queue('Print', { txt: [`UUID=${UUID}`, 'note=new'] })], NO_NAMES);
  network.pass(SETTLED);
  for (const { message } of [...network.heard]) network.say(message);
  network.pass(4 * SETTLED);
  t.deepEqual(impostorsOf(member.events), []);
  t.deepEqual(namesOf(member.events), ['Print']);
});

const foreign = (name: DomainName, host: string, ttl = 120) => ({
  name,
  ttl,
  flush: true,
  data: { type: 'srv' as const, port: 631, target: [host, 'local'] },
});

test('another host with our name is told with its address, and forgotten at its goodbye', (t) => {
  const { network, member } = settled();
  network.say({ response: true, answers: [foreign(['print', ...IPP], 'evil')] });
  const [impostor] = impostorsOf(member.events);
  t.deepEqual(impostor, {
    claims: 'name',
    queue: 'print',
    name: 'print',
    address: TESTER,
    host: 'evil.local',
  });
  network.say({ response: true, answers: [foreign(['print', ...IPP], 'evil', 0)] });
  t.is(member.events.filter(({ kind }) => kind === 'impostor-gone').length, 1);
  // Nobody defends the name, so it stays ours.
  network.pass(SETTLED);
  t.is(namesOf(member.events).at(-1), 'Print');
});

test("the name of a queue that is gone may be anybody else's", (t) => {
  const { network, member } = settled();
  const name = ['Print', ...IPP];
  const data = { type: 'srv' as const, port: 631, target: ['evil', 'local'] };
  const srv = { name, ttl: 120, flush: false, data };
  network.say({ response: true, answers: [srv] });
  t.is(impostorsOf(member.events).length, 1);
  member.responder.setQueues([], NO_NAMES);
  t.is(member.events.filter(({ kind }) => kind === 'impostor-gone').length, 1);
  network.say({ response: true, answers: [srv] });
  t.is(impostorsOf(member.events).length, 1);
});

test('one host that speaks by IPv4 and IPv6 is one impostor', (t) => {
  const { network, member } = settled();
  const response = { response: true, answers: [foreign(['Print', ...IPP], 'evil')] };
  network.say(response);
  network.say(response, 5353, 'fe80::99%eth0');
  t.is(impostorsOf(member.events).length, 1);
});

test('another name with our UUID, and an address for our host, are told', (t) => {
  const { network, member } = settled();
  const name = ['Copy', ...IPP];
  const txt = { type: 'txt' as const, strings: [`uuid=${UUID.toUpperCase()}`] };
  network.say({
    response: true,
    answers: [{ name, ttl: 4500, flush: true, data: txt }, foreign(name, 'evil')],
  });
  const data = { type: 'a' as const, address: '10.0.0.66' };
  network.say({ response: true, answers: [{ name: ['ONE', 'local'], ttl: 120, flush: true, data }] });
  t.deepEqual(
    impostorsOf(member.events).map(({ claims, host }) => [claims, host]),
    [
      ['uuid', 'evil.local'],
      ['host', '10.0.0.66'],
    ],
  );
});

test('an impostor is asked for, and forgotten when it is silent', (t) => {
  const { network, member, from } = settled();
  network.say({ response: true, answers: [foreign(['Print', '_printer', '_tcp', 'local'], 'evil')] });
  network.pass(60_000);
  const asked = network.heard.slice(from).flatMap(({ message }) => message.questions);
  t.true(asked.some(({ name }) => name[1] === '_printer'));
  network.pass(180_000);
  t.is(member.events.filter(({ kind }) => kind === 'impostor-gone').length, 1);
});

test('a printer that is only listed is asked for its UUID, once', (t) => {
  const { network, from } = settled();
  const listed = {
    name: IPP,
    ttl: 4500,
    flush: false,
    data: { type: 'ptr' as const, target: ['MFP', ...IPP] },
  };
  network.say({ response: true, answers: [listed] });
  network.say({ response: true, answers: [listed] });
  const asked = network.heard.slice(from).flatMap(({ message }) => message.questions);
  t.is(asked.filter(({ name, type }) => name[0] === 'MFP' && type === RecordType.txt).length, 1);
});

test('a response from any other port is no word of a responder', (t) => {
  const { network, member } = settled();
  network.say({ response: true, answers: [foreign(['Print', ...IPP], 'evil')] }, 40_000);
  t.deepEqual(impostorsOf(member.events), []);
});

test('a storm of conflicts makes every new name wait, and ends with a name', (t) => {
  const network = new Network();
  const { responder, events } = network.join('10.0.0.1', 'one');
  responder.setQueues([queue('Print')], NO_NAMES);
  let names = 0;
  for (let milliseconds = 0; milliseconds < 60_000; milliseconds += 50) {
    network.pass(50);
    const probe = network.heard.at(-1)?.message;
    if (probe === undefined || probe.authorities.length === 0) continue;
    const [question] = probe.questions;
    if (question === undefined || milliseconds > 50_000) continue;
    network.say({ response: true, answers: [foreign(question.name, 'evil')] });
    names++;
  }
  network.pass(2 * SETTLED);
  t.true(names < 60_000 / 50, `${names}`);
  t.is(namesOf(events).length, 1);
});

test('packets of every kind and any damage harm nobody', (t) => {
  const { network, member } = settled();
  const next = random(6762);
  const below = (limit: number) => Math.floor(next() * limit);
  const samples = network.heard.map(({ message }) => encodeMessage(message));
  samples.push(
    encodeMessage({
      ...NOTHING,
      questions: [ask(IPP, RecordType.any), ask(['one', 'local'], RecordType.any)],
    }),
  );
  for (let round = 0; round < 5000; round++) {
    const packet = Buffer.from(samples[below(samples.length)] ?? '');
    for (let times = below(5); times > 0; times--) packet[below(packet.length)] = below(256);
    const port = next() < 0.5 ? 5353 : 40_000;
    member.responder.receive(packet, { interface: 'eth0', address: `10.0.0.${2 + below(5)}`, port });
    if (round % 50 === 0) network.pass(100);
  }
  network.pass(10 * SETTLED);
  t.truthy(namesOf(member.events).at(-1));
});

test('an asker that floods is answered within bounds', (t) => {
  const { network, from } = settled();
  const questions = Array.from({ length: 200 }, () => ask(IPP, RecordType.ptr));
  network.say({ questions }, 40_000);
  t.is(network.heard.length, from);
  for (let times = 0; times < 100; times++) network.say({ truncated: true, questions });
  network.pass(1000);
  t.true(network.heard.length - from <= 2);
});
