// What a USB printer needs no USB for: finding it in /sys, its device id, what is missing. The rest is in test/usb.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { systemClock } from '../../../base/clock.ts';
import { Seconds } from '../../../base/units.ts';
import { formatsOf, parseDeviceId, speaksPjl } from '../../../drivers/printers/usb/device-id.ts';
import { choose, type UsbPlace, usbPrinters } from '../../../drivers/printers/usb/find-printer.ts';
import { UsbPrinter } from '../../../drivers/printers/usb-printer.ts';
import { RecordedJob } from '../../contracts/printer-driver.ts';
import { RecordingLog } from '../../recording-log.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const never = new AbortController().signal;

interface MadeUp {
  readonly port: string;
  readonly serial?: string;
  readonly id: string;
  /** Undefined: no driver has it. */
  readonly lp?: string;
}

async function systemWith(t: ExecutionContext, printers: readonly MadeUp[]): Promise<string> {
  const sys = await temporaryFolder(t);
  for (const { port, serial = '', id, lp } of printers) {
    const device = join(sys, 'bus/usb/devices', port);
    const [first, second] = [`${device}:1.0`, `${device}:1.1`];
    await mkdir(join(first, ...(lp === undefined ? [] : ['usbmisc', lp])), { recursive: true });
    for (const folder of [device, second]) await mkdir(folder, { recursive: true });
    const files: Readonly<Record<string, string>> = {
      [join(device, 'idVendor')]: '03f0',
      [join(device, 'idProduct')]: 'beef',
      [join(device, 'serial')]: serial,
      [join(first, 'bInterfaceClass')]: '07',
      [join(first, 'bInterfaceSubClass')]: '01',
      [join(first, 'ieee1284_id')]: id,
      // The same printer over IPP, and something else: without the kernel's driver.
      [join(second, 'bInterfaceClass')]: '07',
      [join(second, 'bInterfaceSubClass')]: '01',
    };
    for (const [path, text] of Object.entries(files)) await writeFile(path, `${text}\n`);
  }
  return sys;
}

const HP = 'MFG:Hewlett-Packard;CMD:PJL,PML,PCLXL,POSTSCRIPT,PDF,PCL;MDL:HP LaserJet 400;CLS:PRINTER;';
const ACME = 'MANUFACTURER:Acme;MODEL:Thing 9;COMMAND SET:JPEG;';

function printerAt(sys: string, place: Partial<UsbPlace>, log = new RecordingLog()): UsbPrinter {
  return new UsbPrinter({
    place: { make: 'HP', model: 'LaserJet 400', ...place },
    formats: [],
    connectTime: Seconds(5),
    stallTime: Seconds(5),
    closeTime: Seconds(5),
    clock: systemClock,
    log,
    sys,
    dev: join(sys, 'dev'),
  });
}

test('a device id says make, model, formats, and whether PJL is spoken', (t) => {
  const hp = parseDeviceId(HP);
  t.like(hp, { make: 'Hewlett-Packard', model: 'HP LaserJet 400' });
  t.true(speaksPjl(hp));
  t.deepEqual(formatsOf(hp), [
    'application/vnd.hp-pclxl',
    'application/postscript',
    'application/pdf',
    'application/vnd.hp-pcl',
  ]);
  t.deepEqual(formatsOf(parseDeviceId(ACME)), ['image/jpeg']);
  t.deepEqual(parseDeviceId(';;:x;MFG;CMD:,;'), { make: '', model: '', commands: [] });
});

test('printers are found with the device that the kernel gave them, once each', async (t) => {
  const sys = await systemWith(t, [
    { port: '1-1', serial: 'A', id: HP, lp: 'lp1' },
    { port: '1-1.4', serial: 'B', id: HP, lp: 'lp0' },
    { port: '2-3', id: ACME, lp: 'lp2' },
  ]);
  const found = await usbPrinters(sys, '/dev');
  t.deepEqual(found.map(({ path, usb }) => `${usb.port} ${path}`).sort(), [
    '1-1 /dev/usb/lp1',
    '1-1.4 /dev/usb/lp0',
    '2-3 /dev/usb/lp2',
  ]);
  const path = (make: string, model: string, more = {}) => choose(found, { make, model, ...more })?.path;
  t.is(path('HP', 'LaserJet 400', { serialNumber: 'B' }), '/dev/usb/lp0');
  t.is(path('HP', 'LaserJet 400', { port: '1-1' }), '/dev/usb/lp1');
  t.is(path('HP', 'LaserJet 400', { serialNumber: 'C' }), undefined);
  t.is(path('acme', 'thing 9'), '/dev/usb/lp2');
  t.is(path('Acme', 'Thing 8'), undefined);
  // Printers of one maker that all have the same serial number.
  t.is(path('Acme', 'Thing 9', { serialNumber: '' }), '/dev/usb/lp2');
});

test('what is missing is said once, and no job gets lost by it', async (t) => {
  const sys = await systemWith(t, [{ port: '1-1', serial: 'A', id: HP }]);
  const log = new RecordingLog();
  const undriven = printerAt(sys, { serialNumber: 'A' }, log);
  await t.throwsAsync(undriven.status(), { code: 'unreachable', message: /no driver has it/ });
  const result = await undriven.print(new RecordedJob('application/pdf'), never);
  t.like(result, { outcome: 'not-printed', trouble: { reason: 'unreachable' } });
  t.is(log.of('USB printer cannot be used').length, 1);
  t.regex(log.text, /modprobe usblp/);
  const away = printerAt(sys, { serialNumber: 'B' });
  await t.throwsAsync(away.status(), { code: 'unreachable', message: /no such USB printer is plugged in/ });
});

test('a printer whose device is not there or not ours to open prints nothing', async (t) => {
  const sys = await systemWith(t, [{ port: '1-1', serial: 'A', id: HP, lp: 'lp0' }]);
  const job = new RecordedJob('application/pdf');
  const result = await printerAt(sys, { port: '1-1' }).print(job, never);
  t.like(result, { outcome: 'not-printed', trouble: { reason: 'unreachable' } });
  t.is(job.pulled, 0);
});

/** Processes with that parent. */
async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const parents = await Promise.all(
    pids.map((pid) =>
      readFile(`/proc/${pid}/stat`, 'latin1').then(
        (stat) => stat.split(') ').at(-1)?.split(' ')[1],
        () => '',
      ),
    ),
  );
  return pids.filter((_, index) => parents[index] === String(parent)).map(Number);
}

test('a gateway that is killed leaves nobody at the device', async (t) => {
  const gateway = fork(join(import.meta.dirname, 'open-lp.ts'), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  t.teardown(() => gateway.kill('SIGKILL'));
  await once(gateway, 'message');
  const commands = async (pids: readonly number[]) =>
    Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')));
  const isCats = (each: readonly string[]) =>
    each.length === 2 && each.every((command) => command === '/bin/cat\0');
  let cats = await childrenOf(gateway.pid ?? 0);
  while (!isCats(await commands(cats))) {
    await pause(10);
    cats = await childrenOf(gateway.pid ?? 0);
  }
  gateway.kill('SIGKILL');
  while ((await commands(cats)).some((command) => command !== '')) await pause(10);
  t.pass();
});
