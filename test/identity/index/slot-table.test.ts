// The table against a plain Map: thousands of random changes, with keys that collide on purpose.
import test, { type ExecutionContext } from 'ava';
import { SlotTable } from '../../../identity/index/slot-table.ts';

/** A small generator with a seed (mulberry32), so that a failure can be run again. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Model = Map<string, number[]>;

function check(t: ExecutionContext, table: SlotTable, model: Model, keys: readonly Int32Array[]): void {
  let size = 0;
  for (const key of keys) {
    const expected = model.get(key.join()) ?? [];
    size += expected.length;
    t.deepEqual(table.findAll(key).toSorted(), expected.toSorted());
    if (expected.length === 0) t.is(table.find(key), -1);
    else t.true(expected.includes(table.find(key)));
  }
  t.is(table.size, size);
}

function change(table: SlotTable, model: Model, key: Int32Array, next: (below: number) => number): boolean {
  const present = model.get(key.join()) ?? [];
  if (next(2) === 0) {
    const number = next(1_000_000);
    table.add(key, number);
    model.set(key.join(), [...present, number]);
    return true;
  }
  const number = present.at(-1);
  if (number === undefined) return !table.remove(key, 7);
  model.set(key.join(), present.slice(0, -1));
  return table.remove(key, number);
}

for (const words of [1, 4]) {
  test(`${words} words: agrees with a Map through adding, removing, growing and wrapping round`, (t) => {
    const next = random(words);
    // Three segments and few home cells, the last ones of a segment among them: long runs that wrap round.
    const distinct = new Map<string, Int32Array>();
    for (let index = 0; index < 300; index++) {
      const home = [0, 1, 0xffffff, 0xfffffe, index][next(5)] ?? 0;
      const key = Int32Array.from({ length: words }, (_, word) =>
        word === 0 ? (next(3) << 24) | home : next(3),
      );
      distinct.set(key.join(), key);
    }
    const keys = [...distinct.values()];
    const table = new SlotTable(words);
    const model: Model = new Map();
    for (let round = 0; round < 20; round++) {
      for (let step = 0; step < 200; step++) {
        const key = keys[next(keys.length)] ?? new Int32Array(words);
        if (!change(table, model, key, next)) t.fail('an entry was not where it should be');
      }
      check(t, table, model, keys);
    }
  });
}

test('a fork changes without its origin noticing, and the origin can no longer be written', (t) => {
  const next = random(9);
  const keys = Array.from({ length: 2000 }, () => Int32Array.from([next(2 ** 32)]));
  const origin = new SlotTable(1);
  for (const [number, key] of keys.entries()) origin.add(key, number);
  const fork = origin.fork();
  const added = Int32Array.from([12345]);
  fork.add(added, 5);
  for (const [number, key] of keys.entries()) if (number % 2 === 0) fork.remove(key, number);
  t.is(origin.size, keys.length);
  t.is(origin.find(added), -1);
  for (const [number, key] of keys.entries()) {
    t.true(origin.findAll(key).includes(number));
    t.is(fork.findAll(key).includes(number), number % 2 === 1);
  }
  t.throws(() => origin.add(added, 1), { message: /forked/ });
  t.throws(() => origin.remove(added, 1), { message: /forked/ });
});

test('stays under 64 octets an entry with keys of four words', (t) => {
  const next = random(3);
  const table = new SlotTable(4);
  for (let entry = 1; entry <= 200_000; entry++) {
    table.add(
      Int32Array.from({ length: 4 }, () => next(2 ** 32)),
      entry,
    );
    if (entry >= 10_000 && entry % 1000 === 0) t.true(table.octets / entry <= 64, `${entry} entries`);
  }
});
