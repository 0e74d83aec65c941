import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { beginOf, endOf, TIME_KEYWORDS } from '../../spool/hold-times.ts';

const local = (day: number, hour: number, minute = 0) => new Date(2026, 5, day, hour, minute).getTime();

// June 2026 begins on a Monday.
const CASES: readonly [keyword: string, now: number, begin: number | undefined][] = [
  ['day-time', local(1, 5, 59), local(1, 6)],
  ['day-time', local(1, 6), undefined],
  ['day-time', local(1, 18), local(2, 6)],
  ['evening', local(1, 17, 59), local(1, 18)],
  ['evening', local(1, 23), undefined],
  ['night', local(1, 5), undefined],
  ['night', local(1, 6), local(1, 18)],
  ['weekend', local(1, 0), local(6, 0)],
  ['weekend', local(6, 0), undefined],
  ['weekend', local(7, 23, 59), undefined],
  ['weekend', local(8, 0), local(13, 0)],
  ['second-shift', local(1, 12), local(1, 16)],
  ['second-shift', local(1, 16), undefined],
  ['third-shift', local(1, 8), local(2, 0)],
  ['third-shift', local(1, 7, 59), undefined],
];

for (const [keyword, now, begin] of CASES) {
  test(`${keyword} asked at ${new Date(now).toString().slice(0, 21)}`, (t) => {
    t.is(beginOf(keyword, now), begin);
  });
}

test('every time comes within a week, from any hour of it, and is that time then', (t) => {
  for (const keyword of TIME_KEYWORDS) {
    for (let hour = 0; hour < 7 * 24; hour++) {
      const now = local(1, hour, 30);
      const begin = beginOf(keyword, now);
      if (begin === undefined) continue;
      t.true(begin > now && begin <= now + 7 * 86_400_000, `${keyword} at ${hour}`);
      t.is(beginOf(keyword, begin), undefined);
    }
  }
});

test('days, weeks and months end at a midnight', (t) => {
  t.is(endOf('end-of-day', local(1, 0)), local(2, 0));
  t.is(endOf('end-of-week', local(1, 12)), local(8, 0));
  t.is(endOf('end-of-week', local(7, 23)), local(8, 0));
  t.is(endOf('end-of-month', local(30, 23)), new Date(2026, 6, 1).getTime());
});

test('where clocks are changed, the hour is the one that they show', async (t) => {
  const script = `
    import { beginOf } from './spool/hold-times.ts';
    // In the night of 28 to 29 March 2026 Warsaw's clocks skip 02:00 to 03:00; in that of 24 to 25 October they repeat it.
    for (const now of [new Date(2026, 2, 28, 19), new Date(2026, 9, 24, 19)]) {
      console.log(new Date(beginOf('day-time', now.getTime())).toISOString());
    }`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...process.env, TZ: 'Europe/Warsaw' },
    cwd: join(import.meta.dirname, '../..'),
  });
  t.deepEqual(stdout.trim().split('\n'), ['2026-03-29T04:00:00.000Z', '2026-10-25T05:00:00.000Z']);
});
