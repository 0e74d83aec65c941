// When a directory is asked next: its interval, later and later while it is down.
import test from 'ava';
import { Hours, Minutes } from '../../../base/units.ts';
import { nextDelay } from '../../../identity/directory/schedule.ts';

const MIDDLE = 0.5;

test('the interval, a tenth longer or shorter by chance', (t) => {
  t.is(nextDelay(Minutes(5), 0, MIDDLE), Minutes(5));
  t.is(Math.round(nextDelay(Minutes(10), 0, 0)), Minutes(9));
  t.is(Math.round(nextDelay(Minutes(10), 0, 1)), Minutes(11));
});

test('twice as long with each failure, up to half an hour; never more often than the interval', (t) => {
  t.is(nextDelay(Minutes(5), 1, MIDDLE), Minutes(10));
  t.is(nextDelay(Minutes(5), 3, MIDDLE), Minutes(30));
  t.is(nextDelay(Minutes(5), 10_000, MIDDLE), Minutes(30));
  t.is(nextDelay(Hours(2), 4, MIDDLE), Hours(2));
});
