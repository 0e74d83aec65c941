// When a directory is asked next: its interval, later and later while it is down.
import test from 'ava';
import { Failure } from '../../../base/errors.ts';
import { silentLog } from '../../../base/log.ts';
import { Hours, Minutes } from '../../../base/units.ts';
import { nextDelay, type ScheduledDirectory, SyncSchedule } from '../../../identity/directory/schedule.ts';
import { SyncWorkers } from '../../../identity/directory/workers.ts';
import { ManualClock } from '../../manual-clock.ts';

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

test('of several directories one that is down keeps nobody from the others', async (t) => {
  const clock = new ManualClock();
  const schedule = new SyncSchedule({ clock, log: silentLog, workers: new SyncWorkers(), random: () => 0 });
  const down = new Failure('directory-unreachable', 'office does not answer');
  const directory = (name: string, run: () => Promise<unknown>) => {
    const sync = { run, state: { lastFull: 0, failuresInARow: 0 }, stop: async () => {} };
    return { name, interval: Minutes(5), sync } as unknown as ScheduledDirectory;
  };
  schedule.start([
    directory('office', () => Promise.reject(down)),
    directory('school', async () => ({ directory: 'school', outcome: 'applied' })),
  ]);
  const [office, school] = await schedule.run([], {});
  t.deepEqual(office, { directory: 'office', outcome: 'failed', trouble: 'office does not answer' });
  t.is(school?.outcome, 'applied');
  await t.throwsAsync(schedule.run(['office'], {}), { is: down });
  await t.throwsAsync(schedule.run(['school', 'nowhere'], {}), { code: 'no-such-directory' });
  await schedule.stop();
});
