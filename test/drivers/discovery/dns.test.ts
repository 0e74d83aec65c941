// The codec: what it writes it reads, and whatever the network sends it ends soon and harms nothing.
import test from 'ava';
import { decodeMessage } from '../../../drivers/discovery/dns/decode.ts';
import { dataOctets, encodeMessage, LARGEST_MESSAGE } from '../../../drivers/discovery/dns/encode.ts';
import { type DnsMessage, sameName } from '../../../drivers/discovery/dns/model.ts';
import { random } from '../../random.ts';
import { NOTHING } from './network.ts';

const PRINT = ['Büro 1.0', '_ipp', '_tcp', 'local'];
const SAMPLE: DnsMessage = {
  ...NOTHING,
  id: 7,
  response: true,
  questions: [{ name: PRINT, type: 255, unicast: true }],
  answers: [
    { name: PRINT, ttl: 120, flush: true, data: { type: 'srv', port: 631, target: ['host', 'local'] } },
    { name: PRINT.slice(1), ttl: 4500, flush: false, data: { type: 'ptr', target: PRINT } },
    { name: PRINT, ttl: 4500, flush: true, data: { type: 'txt', strings: ['a=b', 'ü=;"\\'] } },
  ],
  additionals: [
    { name: ['host', 'local'], ttl: 0, flush: true, data: { type: 'a', address: '10.1.2.3' } },
    { name: ['host', 'local'], ttl: 1, flush: true, data: { type: 'aaaa', address: '2001:db8::1:0:0:2' } },
    { name: ['host', 'local'], ttl: 1, flush: true, data: { type: 'aaaa', address: '::1' } },
    {
      name: ['x'],
      ttl: 2 ** 31 - 1,
      flush: false,
      data: { type: 'other', code: 99, data: Buffer.from([1]) },
    },
  ],
};

test('a message comes back as it was, names compressed', (t) => {
  const octets = encodeMessage(SAMPLE);
  t.deepEqual(decodeMessage(octets), SAMPLE);
  t.is(octets.toString('latin1').split('_tcp').length - 1, 1);
});

test('a denial has the bits of RFC 4034', (t) => {
  const octets = dataOctets({ type: 'nsec', next: ['a'], types: [1, 28] });
  t.is(octets.toString('hex'), '0161' + '00' + '00' + '04' + '40000008');
});

test('an empty TXT record is one empty string, and read as none', (t) => {
  t.is(dataOctets({ type: 'txt', strings: [] }).toString('hex'), '00');
});

test('names are the same without case, but only within a to z, and label by label', (t) => {
  t.true(sameName(['PRINT', 'Local'], ['print', 'local']));
  t.false(sameName(['É'], ['é']));
  t.false(sameName(['a.b'], ['a', 'b']));
});

const header = (questions: number, answers = 0) =>
  Buffer.from([0, 0, 0x84, 0, 0, questions, 0, answers, 0, 0, 0, 0]);

test('names that loop, point forward or are too long are no message', (t) => {
  const name = (...octets: number[]) => Buffer.concat([header(1), Buffer.from([...octets, 0, 1, 0, 1])]);
  t.truthy(decodeMessage(name(1, 97, 0)));
  for (const octets of [
    [0xc0, 12],
    [0xc0, 200],
    [1, 97, 0xc0, 12],
    [0x40, 0],
    [64, ...new Array(64).fill(97), 0],
    [...new Array(5).fill([63, ...new Array(63).fill(97)]).flat(), 0],
    [5, 97],
    [3, 0xff, 0xfe, 0xfd, 0],
  ]) {
    t.is(decodeMessage(name(...octets)), undefined, octets.slice(0, 3).join());
  }
});

test('records that lie about their length, and counts that cannot be, are no message', (t) => {
  const record = (type: number, length: number, ...data: number[]) =>
    Buffer.concat([header(0, 1), Buffer.from([0, 0, type, 0, 1, 0, 0, 0, 1, 0, length, ...data])]);
  t.truthy(decodeMessage(record(1, 4, 1, 2, 3, 4)));
  t.is(decodeMessage(record(1, 3, 1, 2, 3)), undefined);
  t.is(decodeMessage(record(1, 200, 1, 2, 3, 4)), undefined);
  t.is(decodeMessage(record(16, 2, 200, 1)), undefined);
  t.is(decodeMessage(Buffer.from('000084000000ffffffffffff', 'hex')), undefined);
  t.is(decodeMessage(Buffer.alloc(LARGEST_MESSAGE + 100)), undefined);
  t.is(decodeMessage(Buffer.alloc(3)), undefined);
});

test('damaged messages never throw', (t) => {
  const next = random(20_261_120);
  const below = (limit: number) => Math.floor(next() * limit);
  const octets = encodeMessage(SAMPLE);
  for (let round = 0; round < 20_000; round++) {
    const damaged = Buffer.from(octets);
    for (let times = below(6); times >= 0; times--) damaged[below(damaged.length)] = below(256);
    decodeMessage(damaged.subarray(0, 1 + below(damaged.length)));
  }
  t.pass();
});

test('what does not fit is refused by the writer', (t) => {
  const long = 'a'.repeat(256);
  const txt = (strings: string[]) => () => dataOctets({ type: 'txt', strings });
  t.throws(txt([long]), { instanceOf: RangeError });
  t.throws(txt(new Array(40).fill(long.slice(1))), { instanceOf: RangeError });
  t.throws(
    () => encodeMessage({ ...NOTHING, questions: [{ name: ['b'.repeat(64)], type: 1, unicast: false }] }),
    {
      instanceOf: RangeError,
    },
  );
});
