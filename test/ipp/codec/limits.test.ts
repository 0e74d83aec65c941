// Each limit lets through what is on it and refuses what is past it.
import test from 'ava';
import { decodeMessage } from '../../../ipp/codec/decode.ts';
import { type CodecLimits, REQUEST_LIMITS } from '../../../ipp/codec/limits.ts';
import { jobGroup, wire } from '../wire.ts';

const integer = wire`0004 00000001`;
const named = (name: string): Buffer => wire`21 0001 ${name} ${integer}`;
const member = (name: string, value: Buffer): Buffer => wire`4a 0000 0001 ${name} ${value}`;

function nested(depth: number): Buffer {
  let value = wire`21 0000 ${integer}`;
  for (let level = 1; level < depth; level++) value = wire`34 0000 0000 ${member('m', value)} 37 0000 0000`;
  return jobGroup(wire`34 0001 "x" 0000 ${member('m', value)} 37 0000 0000`);
}

const CASES: Record<keyof CodecLimits, [limit: number, on: Buffer, past: Buffer, code: string]> = {
  messageOctets: [
    20,
    jobGroup(wire`13 0005 "abcde" 0000`),
    jobGroup(wire`13 0006 "abcdef" 0000`),
    'message-too-large',
  ],
  groups: [2, wire`0101 0002 00000001 02 0b 03`, wire`0101 0002 00000001 02 0b 04 03`, 'message-too-large'],
  attributesPerGroup: [
    2,
    jobGroup(wire`${named('a')} ${named('b')} 04 ${named('a')} ${named('b')}`),
    jobGroup(wire`${named('a')} ${named('b')} ${named('c')}`),
    'message-too-large',
  ],
  valuesPerAttribute: [
    2,
    jobGroup(wire`${named('a')} 21 0000 ${integer} ${named('b')} 21 0000 ${integer}`),
    jobGroup(wire`${named('a')} 21 0000 ${integer} 21 0000 ${integer}`),
    'message-too-large',
  ],
  nameOctets: [
    3,
    jobGroup(wire`21 0003 "abc" ${integer}`),
    jobGroup(wire`21 0004 "abcd" ${integer}`),
    'message-malformed',
  ],
  valueOctets: [
    4,
    jobGroup(wire`41 0001 "x" 0004 "abcd"`),
    jobGroup(wire`41 0001 "x" 0005 "abcde"`),
    'value-too-long',
  ],
  depth: [3, nested(3), nested(4), 'message-malformed'],
};

for (const [name, [limit, on, past, code]] of Object.entries(CASES)) {
  test(`${name}: ${limit} pass, one more is refused`, (t) => {
    const limits = { ...REQUEST_LIMITS, [name]: limit };
    t.notThrows(() => decodeMessage(on, { limits }));
    t.notThrows(() => decodeMessage(past), 'nothing else is wrong with it');
    t.throws(() => decodeMessage(past, { limits }), { code });
  });
}

test('members count as attributes, and their names as names', (t) => {
  const octets = jobGroup(
    wire`34 0001 "x" 0000 ${member('a', wire`21 0000 ${integer}`)} ${member('b', wire`21 0000 ${integer} 21 0000 ${integer}`)} 37 0000 0000`,
  );
  t.throws(() => decodeMessage(octets, { limits: { ...REQUEST_LIMITS, attributesPerGroup: 1 } }), {
    code: 'message-too-large',
  });
  t.throws(() => decodeMessage(octets, { limits: { ...REQUEST_LIMITS, valuesPerAttribute: 1 } }), {
    code: 'message-too-large',
  });
  t.throws(() => decodeMessage(octets, { limits: { ...REQUEST_LIMITS, nameOctets: 0 } }), {
    code: 'message-malformed',
  });
});
