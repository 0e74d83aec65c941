// Whatever can be sent comes back as it was, and goes out again as the same octets.
import test from 'ava';
import { decodeMessage } from '../../../ipp/codec/decode.ts';
import { encodeMessage } from '../../../ipp/codec/encode.ts';
import { LENIENT } from '../../../ipp/codec/leniency.ts';
import { RESPONSE_LIMITS } from '../../../ipp/codec/limits.ts';
import type { Attributes, Message, Value } from '../../../ipp/model.ts';
import { plainMessage } from '../plain.ts';
import { Random } from '../random.ts';
import { randomMessage } from '../random-message.ts';

const ROUNDS = 2000;

test(`${ROUNDS} random messages come back from their octets`, (t) => {
  const random = new Random(8010);
  for (let round = 0; round < ROUNDS; round++) {
    const message = randomMessage(random);
    const octets = encodeMessage(message);
    const decoded = decodeMessage(octets);
    t.deepEqual(plainMessage(decoded), plainMessage(message));
    t.deepEqual(encodeMessage(decoded), octets);
    const lenient = decodeMessage(octets, { limits: RESPONSE_LIMITS, leniency: LENIENT });
    t.deepEqual(plainMessage(lenient), plainMessage(message));
  }
});

test('the random messages have every syntax, and collections in collections', (t) => {
  const random = new Random(8010);
  const seen = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) collect(randomMessage(random), seen);
  t.is(seen.size, 28, [...seen].join(' '));
});

function collect(message: Message, seen: Set<string>): void {
  for (const { attributes } of message.groups) collectFrom(attributes, seen, '');
}

function collectFrom(attributes: Attributes, seen: Set<string>, prefix: string): void {
  for (const { values } of attributes) {
    for (const value of values) {
      if (prefix === '') seen.add(value.syntax);
      else if (value.syntax === 'collection') seen.add(`${prefix}collection`);
      if (value.syntax === 'collection')
        collectFrom((value as Value & { value: Attributes }).value, seen, `${prefix}collection/`);
    }
  }
}
