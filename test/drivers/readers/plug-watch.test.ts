import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { PlugWatch } from '../../../drivers/readers/plug-watch.ts';
import { until } from '../../contracts/reader.ts';
import { ManualClock } from '../../manual-clock.ts';
import { RecordingLog } from '../../recording-log.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

/** Moves the clock until what was waited for has come. */
async function untilAfter(clock: ManualClock, holds: () => boolean): Promise<void> {
  await until(() => {
    clock.advance(50);
    return holds();
  });
}

test('what comes and goes in /dev and on the buses of the USB is a reason to look, several at once are one', async (t) => {
  const dev = await temporaryFolder(t);
  await mkdir(join(dev, 'bus/usb/001'), { recursive: true });
  const clock = new ManualClock();
  const log = new RecordingLog();
  let looks = 0;
  const watch = await PlugWatch.start({ clock, log, dev, onChange: () => looks++ });
  t.teardown(() => watch.close());
  for (const [index, file] of ['ttyACM0', 'bus/usb/001/004'].entries()) {
    const before = looks;
    await writeFile(join(dev, file), '');
    await untilAfter(clock, () => looks > before);
    await rm(join(dev, file));
    await untilAfter(clock, () => looks > before + 1);
    t.true(looks >= 2 * (index + 1));
  }
  watch.close();
  const last = looks;
  await writeFile(join(dev, 'ttyACM1'), '');
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(1000);
  t.is(looks, last, 'nothing is looked for after the end');
  t.deepEqual(log.lines, []);
});

test('where there is nothing to watch it says so and goes on', async (t) => {
  const log = new RecordingLog();
  const dev = '/no/such/dev';
  const watch = await PlugWatch.start({ clock: new ManualClock(), log, dev, onChange: () => t.fail() });
  watch.close();
  t.deepEqual(log.events(), ['devices are found by polling']);
});
