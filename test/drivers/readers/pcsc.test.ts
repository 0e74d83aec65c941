import { endianness } from 'node:os';
import test from 'ava';
import type { Step } from '../../../drivers/readers/protocol.ts';
import { type PcscState, pcsc } from '../../../drivers/readers/protocols/pcsc.ts';
import { plain } from '../../contracts/reader.ts';
import { random } from '../../random.ts';

const words = (...numbers: number[]): Buffer => {
  const octets = Buffer.alloc(numbers.length * 4);
  numbers.forEach((each, at) => {
    if (endianness() === 'LE') octets.writeUInt32LE(each, at * 4);
    else octets.writeUInt32BE(each, at * 4);
  });
  return octets;
};
const named = (name: string) => Buffer.alloc(128).fill(name, 0, name.length, 'latin1');
const NO_READER = Buffer.alloc(184);
const states = (name: string, changes: number, state: number) =>
  Buffer.concat([named(name), words(changes, state), Buffer.alloc(48), ...Array(15).fill(NO_READER)]);
const connected = (result: number) => Buffer.concat([words(7), named('ACS'), words(2, 3, 42, 2, result)]);
const given = (data: string) =>
  Buffer.concat([words(42, 2, 16, 5, 2, 16, data.length / 2, 0), Buffer.from(data, 'hex')]);

const NAME = 'ACS ACR122U 00 00';
const EMPTY = 0x02;
const PRESENT = 0x34;
const machine = pcsc('ACR122U');

/** Up to the first look, at which nothing lies there. */
function looking(first = states(NAME, 1, EMPTY)): Step<PcscState> {
  let step = machine.start();
  for (const answer of [words(4, 4, 0), words(2, 7, 0), first]) step = machine.take(step.state, answer);
  return step;
}

/** The next look, and what pcscd says then; what came of it all. */
function next(before: Step<PcscState>, ...answers: Buffer[]): { last: Step<PcscState>; swipes: unknown[] } {
  let last = machine.quiet(before.state);
  const swipes: unknown[] = [];
  for (const answer of answers) {
    last = machine.take(last.state, answer);
    swipes.push(...(last.swipes ?? []).map(plain));
  }
  return { last, swipes };
}

test('a card that comes is read, once while it lies there, and again when it came anew', (t) => {
  const uid = { kind: 'bits', bits: 32, octets: '04a1b2c3' };
  const first = next(
    looking(),
    states(NAME, 2, PRESENT),
    connected(0),
    given('04a1b2c39000'),
    words(42, 0, 0),
  );
  t.deepEqual(first.swipes, [uid]);
  const held = next(first.last, states(NAME, 2, PRESENT));
  t.deepEqual([held.swipes, held.last.send], [[], undefined]);
  const again = next(
    held.last,
    states(NAME, 4, PRESENT),
    connected(0),
    given('04a1b2c39000'),
    words(42, 0, 0),
  );
  t.deepEqual(again.swipes, [uid]);
});

test('a card that lies there when the reader is opened is nobody’s swipe', (t) => {
  const step = looking(states(NAME, 1, PRESENT));
  t.true(step.answered);
  t.deepEqual(next(step, states(NAME, 1, PRESENT)).last.send, undefined);
});

test('a card that gives no number, is gone again, or is another program’s', (t) => {
  const silent = next(looking(), states(NAME, 2, PRESENT), connected(0), given('6a81'));
  t.like(silent.last, { dropped: 1 });
  t.deepEqual(silent.swipes, []);
  t.like(next(looking(), states(NAME, 2, PRESENT), connected(0x80100069)).last, { dropped: 1 });
  const shared = next(looking(), states(NAME, 2, PRESENT), connected(0x8010000b));
  t.is(next(shared.last, states(NAME, 2, PRESENT)).last.send?.length, 1, 'tried again');
});

test('answers that are cut anywhere are put together', (t) => {
  let step = machine.quiet(looking().state);
  const swipes: unknown[] = [];
  for (const answer of [states(NAME, 2, PRESENT), connected(0), given('04a1b2c39000')]) {
    for (const octet of answer) {
      step = machine.take(step.state, Uint8Array.of(octet));
      swipes.push(...(step.swipes ?? []).map(plain));
    }
  }
  t.deepEqual(swipes, [{ kind: 'bits', bits: 32, octets: '04a1b2c3' }]);
});

test('no such reader, another version, a refusal and silence are told as what they are', (t) => {
  t.like(looking(states('OMNIKEY', 1, EMPTY)).away, { reason: 'not-plugged-in' });
  t.like(machine.take(machine.start().state, words(5, 0, 0)).away, { reason: 'failed' });
  const { state } = machine.take(machine.start().state, words(4, 4, 0));
  t.like(machine.take(state, words(2, 0, 0x8010001d)).away, { reason: 'failed' });
  t.true(machine.quiet(machine.quiet(machine.start().state).state).silent);
});

test('whatever pcscd says, nothing throws and no swipe is without bounds', (t) => {
  const below = (bound: number) => Math.floor(next32() * bound);
  const next32 = random(4711);
  const good = [
    words(4, 4, 0),
    words(2, 7, 0),
    states(NAME, 1, EMPTY),
    states(NAME, 2, PRESENT),
    connected(0),
    given('04a1b2c39000'),
    words(42, 0, 0),
  ];
  let read = 0;
  for (let round = 0; round < 3000; round++) {
    let step = machine.start();
    for (const answer of good) {
      const octets = Buffer.from(answer);
      if (below(3) === 0) octets[below(octets.length)] = below(256);
      if (step.state.asked === undefined) step = machine.quiet(step.state);
      step = machine.take(step.state, below(20) === 0 ? octets.subarray(0, below(octets.length)) : octets);
      for (const swipe of step.swipes ?? []) {
        read++;
        if (swipe.kind !== 'bits' || swipe.bits > 512 || swipe.octets.length * 8 !== swipe.bits) t.fail();
      }
      if (step.state.held.length > 2944) t.fail('it keeps what it should not');
    }
  }
  t.true(read > 500, String(read));
});
