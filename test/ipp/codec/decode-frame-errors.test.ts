// Messages whose frame is broken: each refused with its code, the offset and what was being read.
import test from 'ava';
import { decodeMessage } from '../../../ipp/codec/decode.ts';
import { DecodeFailure } from '../../../ipp/codec/errors.ts';
import { jobGroup, wire } from '../wire.ts';

type Cases = Record<string, [octets: Buffer, offset: number, reading: string, problem: string]>;

/** A job group whose one attribute, x, is a collection of these octets. */
const collection = (...members: Buffer[]): Buffer =>
  jobGroup(wire`34 0001 "x" 0000 ${Buffer.concat(members)}`);
const begin = (name: string): Buffer => wire`4a 0000 0001 ${name}`;
const one = wire`21 0000 0004 00000001`;
const end = wire`37 0000 0000`;

const TRUNCATED: Cases = {
  nothing: [wire``, 0, 'header', 'only 0 octets'],
  'a header cut short': [wire`0101 0002 000000`, 0, 'header', 'only 7 octets'],
  'no end': [wire`0101 0002 00000001`, 8, 'header', '1 octets wanted'],
  'no end after a group': [wire`0101 0002 00000001 02`, 9, 'job group', '1 octets wanted'],
  'a name length cut short': [
    wire`0101 0002 00000001 02 21 00`,
    10,
    'job group',
    '2 octets wanted, 1 are left',
  ],
  'a name cut short': [
    wire`0101 0002 00000001 02 21 0006 "cop"`,
    12,
    'job group',
    '6 octets wanted, 3 are left',
  ],
  'a value cut short': [
    wire`0101 0002 00000001 02 21 0001 "x" 0004 0000`,
    15,
    'value of x',
    '4 octets wanted, 2 are left',
  ],
  'a collection without an end': [
    wire`0101 0002 00000001 02 34 0001 "x" 0000`,
    15,
    'value of x',
    '1 octets wanted',
  ],
};

const MALFORMED: Cases = {
  'a negative request id': [wire`0101 0002 80000001 03`, 0, 'header', 'a negative request id'],
  'octets after the end': [wire`0101 0002 00000001 03 25`, 9, 'header', '1 octets after the end'],
  'group tag 0': [wire`0101 0002 00000001 00 03`, 9, 'header', 'tag 0x00 where a group'],
  'an attribute before any group': [wire`0101 0002 00000001 21`, 9, 'header', 'tag 0x21 where a group'],
  'a value before any attribute': [jobGroup(one), 12, 'job group', 'a value without an attribute'],
  'a value continued over a group': [
    jobGroup(wire`21 0001 "x" 0004 00000001 04 ${one}`),
    23,
    'printer group',
    'a value without an attribute',
  ],
  'a negative name length': [jobGroup(wire`21 ffff "x" 0004 00000001`), 10, 'job group', 'a negative length'],
  'a negative value length': [
    jobGroup(wire`21 0001 "x" 8004 00000001`),
    13,
    'value of x',
    'a negative length',
  ],
  'a name with a space': [jobGroup(wire`21 0003 "a b" 0004 00000001`), 12, 'job group', 'name: characters'],
  'a name that is not ASCII': [
    jobGroup(wire`21 0002 c3bc 0004 00000001`),
    12,
    'job group',
    'name: characters',
  ],
  'an attribute twice': [
    jobGroup(wire`21 0001 "x" 0004 00000001 21 0001 "x" 0004 00000002`),
    23,
    'job group',
    'x comes twice',
  ],
  'a collection that a group ends': [collection(), 16, 'value of x', 'tag 0x03 inside a collection'],
  'endCollection with a value': [
    collection(wire`37 0000 0001 "y"`),
    20,
    'value of x',
    'endCollection with a',
  ],
  'endCollection with a name': [collection(wire`37 0001 "y" 0000`), 18, 'value of x', 'a name inside a'],
  'a member without a name': [collection(one, end), 18, 'value of x', 'a value without a member name'],
  'a member without a value': [collection(begin('m'), end), 24, 'value of x', 'member m has no value'],
  'two member names': [
    collection(begin('m'), begin('n'), one, end),
    24,
    'value of x',
    'member m has no value',
  ],
  'a member twice': [collection(begin('m'), one, begin('m'), one, end), 36, 'value of x', 'm comes twice'],
  'an empty member name': [
    collection(wire`4a 0000 0000`, one, end),
    20,
    'value of x',
    'name: an empty string',
  ],
  'a named member': [collection(wire`21 0001 "m" 0004 00000001`, end), 18, 'value of x', 'a name inside a'],
  'a bad value deep inside': [
    collection(begin('m'), wire`34 0000 0000`, begin('n'), wire`21 0000 0001 00`, end, end),
    37,
    'value of x/m/n',
    '1 octets instead of 4',
  ],
  'a member of x is closed before the next is read': [
    collection(begin('m'), wire`34 0000 0000`, end, begin('n'), wire`21 0000 0001 00`, end),
    42,
    'value of x/n',
    '1 octets instead of 4',
  ],
};

for (const [code, cases] of Object.entries({
  'message-truncated': TRUNCATED,
  'message-malformed': MALFORMED,
})) {
  for (const [title, [octets, offset, reading, problem]] of Object.entries(cases)) {
    test(`${code}: ${title}`, (t) => {
      const failure = t.throws(() => decodeMessage(octets), { instanceOf: DecodeFailure, code });
      t.is(failure.offset, offset);
      t.is(failure.reading, reading);
      t.true(failure.message.includes(problem), failure.message);
    });
  }
}
