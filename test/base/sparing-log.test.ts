import test from 'ava';
import { SparingLog } from '../../base/sparing-log.ts';
import { Minutes } from '../../base/units.ts';
import { ManualClock } from '../manual-clock.ts';
import { RecordingLog } from '../recording-log.ts';

test('a warning that comes again and again is logged once a minute, with how many were not', (t) => {
  const log = new RecordingLog();
  const clock = new ManualClock();
  const sparing = new SparingLog(log, clock);
  for (let count = 0; count < 1000; count++) sparing.warn('too much', { count });
  t.deepEqual(log.lines, [{ level: 'warn', event: 'too much', fields: { count: 0 } }]);
  clock.advance(Minutes(1));
  sparing.warn('too much', { count: 1000 });
  t.deepEqual(log.lines.at(-1)?.fields, { count: 1000, unlogged: 999 });
});

test('kinds are counted apart, and there are not endlessly many', (t) => {
  const log = new RecordingLog();
  const sparing = new SparingLog(log, new ManualClock());
  for (let kind = 0; kind < 5000; kind++) sparing.warn('too much', {}, `kind ${kind}`);
  t.is(log.lines.length, 1000);
});
