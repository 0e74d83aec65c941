import test from 'ava';
import { Rounds } from '../../base/rounds.ts';
import { Milliseconds, Seconds } from '../../base/units.ts';
import { ManualClock } from '../manual-clock.ts';

/** Rounds that end when the test says so. */
function someRounds() {
  const clock = new ManualClock();
  const begun: PromiseWithResolvers<void>[] = [];
  const rounds = new Rounds(clock, () => {
    const round = Promise.withResolvers<void>();
    begun.push(round);
    return round.promise;
  });
  const end = async (index: number) => {
    begun[index]?.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, begun, rounds, end };
}

test('what is asked for during a round is one more round behind it', async (t) => {
  const { begun, rounds, end } = someRounds();
  rounds.look();
  rounds.look();
  rounds.look();
  t.is(begun.length, 1);
  await end(0);
  t.is(begun.length, 2);
  await end(1);
  t.is(begun.length, 2);
});

test('the last time that was named counts, and a look takes its place', async (t) => {
  const { clock, begun, rounds, end } = someRounds();
  rounds.lookIn(Milliseconds(10));
  rounds.lookIn(Milliseconds(20));
  clock.advance(19);
  t.is(begun.length, 0);
  clock.advance(1);
  t.is(begun.length, 1);
  await end(0);
  rounds.lookIn(Milliseconds(10));
  rounds.look();
  await end(1);
  clock.advance(100);
  t.is(begun.length, 2);
});

test('a stop waits for the round under way, for so long, and lets none begin', async (t) => {
  const { clock, begun, rounds, end } = someRounds();
  rounds.look();
  rounds.look();
  rounds.lookIn(Milliseconds(10));
  let isOver = false;
  const stopped = rounds.stop().then(() => {
    isOver = true;
  });
  t.true(rounds.ending.aborted);
  clock.advance(Seconds(5) - 1);
  await new Promise((resolve) => setImmediate(resolve));
  t.false(isOver);
  clock.advance(1);
  await stopped;
  await end(0);
  rounds.look();
  rounds.lookIn(Milliseconds(1));
  clock.advance(100);
  t.is(begun.length, 1);
});
