// Guessing as a table of tries and times.
import test from 'ava';
import { Minutes, Seconds } from '../../base/units.ts';
import {
  afterWrong,
  THROTTLE_DEFAULTS,
  Throttle,
  type ThrottleLimits,
  UNTRIED,
  waitOf,
} from '../../identity/throttle.ts';

const LIMITS: ThrottleLimits = {
  budget: 3,
  forgiveEvery: Minutes(1),
  firstDelay: Seconds(10),
  longestDelay: Seconds(60),
};
const START = 1_000_000;

/** Wrong tries at these seconds; the delay in seconds after each. */
const CASES: { name: string; at: number[]; delays: number[] }[] = [
  { name: 'within the budget nothing is delayed', at: [0, 1, 2], delays: [0, 0, 0] },
  { name: 'past it the delay doubles', at: [0, 0, 0, 0, 10, 30], delays: [0, 0, 0, 10, 20, 40] },
  { name: 'up to the longest', at: [0, 0, 0, 0, 10, 30, 70, 110], delays: [0, 0, 0, 10, 20, 40, 40, 60] },
  { name: 'one a minute is forgiven for ever', at: [0, 60, 120, 180, 240, 300], delays: [0, 0, 0, 0, 0, 0] },
  { name: 'half a minute forgives half a try', at: [0, 0, 0, 30, 31], delays: [0, 0, 0, 10, 20] },
  {
    name: 'time forgives all, and never more',
    at: [0, 0, 0, 86_400, 86_400, 86_400, 86_400],
    delays: [0, 0, 0, 0, 0, 0, 10],
  },
];

for (const { name, at, delays } of CASES) {
  test(name, (t) => {
    let state = UNTRIED;
    const seen = at.map((seconds) => {
      const now = START + Seconds(seconds);
      state = afterWrong(state, now, LIMITS);
      return waitOf(state, now) / 1000;
    });
    t.deepEqual(seen, delays);
  });
}

test('the wait runs out with time', (t) => {
  let state = UNTRIED;
  for (let wrong = 0; wrong < 4; wrong++) state = afterWrong(state, START, LIMITS);
  t.is(waitOf(state, START + Seconds(4)), Seconds(6));
  t.is(waitOf(state, START + Seconds(10)), Seconds(0));
});

test('who tries again as soon as allowed guesses no faster than is forgiven', (t) => {
  let state = UNTRIED;
  let now = START;
  let tries = 0;
  for (const week = START + 7 * 24 * Minutes(60); now < week; tries++) {
    now += Math.max(1, waitOf(state, now));
    state = afterWrong(state, now, THROTTLE_DEFAULTS);
  }
  const forgiven = (7 * 24 * 60) / 5;
  t.true(tries <= forgiven + THROTTLE_DEFAULTS.budget + 8, `${tries} tries in a week`);
});

test('places are throttled one by one', (t) => {
  const throttle = new Throttle(LIMITS);
  for (let wrong = 0; wrong < 4; wrong++) throttle.afterWrong('floor-1', START);
  t.is(throttle.waitOf('floor-1', START), Seconds(10));
  t.is(throttle.waitOf('floor-2', START), Seconds(0));
});

test('memory has a bound: past it the place of the oldest wrong try is forgotten', (t) => {
  const throttle = new Throttle({ ...LIMITS, budget: 1 });
  const block = (place: string) => {
    throttle.afterWrong(place, START);
    throttle.afterWrong(place, START);
  };
  block('first');
  block('second');
  for (let place = 0; place < 9_998; place++) throttle.afterWrong(`p${place}`, START);
  t.true(throttle.waitOf('first', START) > 0);
  throttle.afterWrong('first', START);
  throttle.afterWrong('one more', START);
  t.is(throttle.waitOf('second', START), Seconds(0));
  t.true(throttle.waitOf('first', START) > 0);
});
