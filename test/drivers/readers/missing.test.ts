// What a machine lacks for readers that are plugged in is told once, and only that.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { tellMissing } from '../../../drivers/readers/missing.ts';
import { RecordingLog } from '../../recording-log.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

test('a machine without USB and without udevd says so, one with them nothing', async (t) => {
  const folder = await temporaryFolder(t);
  const needed = { usb: join(folder, 'usb'), udev: join(folder, 'control') };
  const log = new RecordingLog();
  await tellMissing(log, needed);
  t.deepEqual(
    log.of('no USB is known to this machine').map(({ missing }) => missing),
    [needed.usb],
  );
  t.deepEqual(
    log.of('no udevd runs on this machine').map(({ missing }) => missing),
    [needed.udev],
  );
  await mkdir(needed.usb);
  await writeFile(needed.udev, '');
  const quiet = new RecordingLog();
  await tellMissing(quiet, needed);
  t.deepEqual(quiet.lines, []);
});
