// Mutated and truncated messages: a value or a DecodeFailure, in a bounded number of steps, whatever arrives.
import test from 'ava';
import { type DecodeOptions, decodeMessage } from '../../../ipp/codec/decode.ts';
import { encodeMessage } from '../../../ipp/codec/encode.ts';
import { DecodeFailure } from '../../../ipp/codec/errors.ts';
import { LENIENT } from '../../../ipp/codec/leniency.ts';
import { REQUEST_LIMITS } from '../../../ipp/codec/limits.ts';
import { MessageScanner } from '../../../ipp/codec/scanner.ts';
import type { Attributes, Message } from '../../../ipp/model.ts';
import { Random } from '../random.ts';
import { randomMessage } from '../random-message.ts';

const MUTATIONS = 100_000;
const SEED = 20260801;
const LENGTHS = [0, 1, 4, 0x7ffe, 0x7fff, 0x8000, 0xffff];
const TAGS = [0, 1, 2, 3, 0x0b, 0x10, 0x13, 0x21, 0x22, 0x31, 0x34, 0x35, 0x37, 0x44, 0x4a, 0x7f, 0xff];

const corpus = (random: Random): Buffer[] =>
  Array.from({ length: 200 }, () => encodeMessage(randomMessage(random)));

const MUTATORS: readonly ((octets: Buffer, random: Random, other: Buffer) => Buffer)[] = [
  (octets, random) => octets.subarray(0, random.integer(0, octets.length)),
  (octets, random) => changed(octets, random.integer(0, octets.length - 1), [random.integer(0, 255)]),
  (octets, random) => {
    const at = random.integer(0, octets.length - 1);
    return changed(octets, at, [(octets[at] ?? 0) ^ (1 << random.integer(0, 7))]);
  },
  (octets, random) => changed(octets, random.integer(8, octets.length - 1), [random.pick(TAGS)]),
  (octets, random) => {
    const length = random.pick(LENGTHS);
    return changed(octets, random.integer(8, octets.length - 1), [length >> 8, length & 0xff]);
  },
  (octets, random) => {
    const [start, end] = span(octets, random);
    return Buffer.concat([octets.subarray(0, start), octets.subarray(end)]);
  },
  (octets, random) => {
    const [start, end] = span(octets, random);
    return Buffer.concat([octets.subarray(0, end), octets.subarray(start)]);
  },
  (octets, random) => {
    const at = random.integer(0, octets.length);
    return Buffer.concat([octets.subarray(0, at), random.octets(random.integer(1, 8)), octets.subarray(at)]);
  },
  (octets, random, other) =>
    Buffer.concat([
      octets.subarray(0, random.integer(8, octets.length)),
      other.subarray(random.integer(8, other.length)),
    ]),
];

function changed(octets: Buffer, at: number, values: readonly number[]): Buffer {
  const copy = Buffer.from(octets);
  for (const [index, value] of values.entries()) if (at + index < copy.length) copy[at + index] = value;
  return copy;
}

function span(octets: Buffer, random: Random): [start: number, end: number] {
  const start = random.integer(0, octets.length);
  return [start, Math.min(octets.length, start + random.integer(1, 40))];
}

/** Every length that the codec reads is one call; each must be paid for by octets of the message. */
let lengthsRead = 0;
const { readUInt16BE } = Buffer.prototype;
Buffer.prototype.readUInt16BE = function (this: Buffer, offset?: number): number {
  lengthsRead++;
  return readUInt16BE.call(this, offset);
};

function decode(octets: Buffer, options?: DecodeOptions): Message | undefined {
  try {
    return decodeMessage(octets, options);
  } catch (error) {
    if (error instanceof DecodeFailure && error.offset >= 0 && error.offset <= octets.length)
      return undefined;
    throw error;
  }
}

function scan(octets: Buffer): Buffer | undefined {
  try {
    return new MessageScanner(REQUEST_LIMITS).push(octets)?.message;
  } catch (error) {
    if (error instanceof DecodeFailure) return undefined;
    throw error;
  }
}

test(`${MUTATIONS} mutated messages`, (t) => {
  const random = new Random(SEED);
  const messages = corpus(random);
  const outcomes = { read: 0, readLeniently: 0, refused: 0 };
  for (let count = 0; count < MUTATIONS; count++) {
    let octets = random.pick(messages);
    for (let times = random.integer(1, 3); times > 0 && octets.length > 8; times--) {
      octets = random.pick(MUTATORS)(octets, random, random.pick(messages));
    }
    const where = () => `mutation ${count} of seed ${SEED}: ${octets.toString('hex')}`;
    lengthsRead = 0;
    const strict = decode(octets);
    const lenient = decode(octets, { leniency: LENIENT });
    const scanned = scan(octets);

    if (lengthsRead > 3 * octets.length) t.fail(`too many steps: ${where()}`);
    if (lenient !== undefined && valuesIn(lenient) > octets.length / 5) t.fail(`too large: ${where()}`);
    if (strict !== undefined) {
      if (lenient === undefined) t.fail(`strictly right, leniently wrong: ${where()}`);
      if (scanned?.length !== octets.length) t.fail(`scanned to another end: ${where()}`);
      const again = encodeMessage(strict);
      if (!encodeMessage(decodeMessage(again)).equals(again)) t.fail(`not the same again: ${where()}`);
    }
    outcomes[strict !== undefined ? 'read' : lenient !== undefined ? 'readLeniently' : 'refused']++;
  }
  t.log(outcomes);
  t.true(outcomes.read > MUTATIONS / 50 && outcomes.readLeniently > MUTATIONS / 100, 'many are nearly right');
  t.true(outcomes.refused > MUTATIONS / 4, 'many are wrong');
});

function valuesIn(message: Message): number {
  return message.groups.reduce((sum, { attributes }) => sum + count(attributes), 0);
}

function count(attributes: Attributes): number {
  let sum = 0;
  for (const { values } of attributes) {
    for (const value of values) sum += value.syntax === 'collection' ? 1 + count(value.value) : 1;
  }
  return sum;
}
