import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import {
  isAt,
  parseDevicePlace,
  placeText,
  serialDevices,
  usbDevices,
} from '../../../drivers/readers/device-place.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

test('a place is read and written the same way', (t) => {
  for (const text of [
    'usb:1-1.4',
    'usb:2-3',
    'usb-serial:E1',
    'usb-model:09d8:0420',
    '/dev/serial/by-path/x',
  ]) {
    const place = parseDevicePlace(text);
    t.truthy(place, text);
    if (place !== undefined) t.is(placeText(place), text);
  }
  t.deepEqual(parseDevicePlace('usb-model:09D8:0420'), { by: 'model', vendor: '09d8', product: '0420' });
});

test('what is no place', (t) => {
  for (const text of [
    '',
    'usb:',
    'usb:1',
    'usb:1-1.',
    '/etc/passwd',
    '/dev/../etc/passwd',
    'usb-model:9d8:420',
  ]) {
    t.is(parseDevicePlace(text), undefined, text);
  }
});

/** The part of /sys that is read: two readers of one model at two ports, and a port of the machine itself. */
async function fakeSys(folder: string): Promise<string> {
  const sys = join(folder, 'sys');
  const usb = join(sys, 'devices/pci0000:00/usb1');
  const put = async (path: string, text: string) => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${text}\n`);
  };
  await mkdir(join(sys, 'bus/usb/devices'), { recursive: true });
  for (const [port, tty, serial] of [
    ['1-1.4', 'ttyACM1', 'B2'],
    ['1-1.3', 'ttyACM0', 'B1'],
  ] as const) {
    const device = join(usb, port);
    await put(join(device, 'idVendor'), '09d8');
    await put(join(device, 'idProduct'), '0420');
    await put(join(device, 'serial'), serial);
    await put(join(device, 'manufacturer'), 'OEM');
    await put(join(device, 'product'), 'RFID Device (COM)');
    await mkdir(join(device, `${port}:1.0`), { recursive: true });
    await mkdir(join(sys, 'class/tty', tty), { recursive: true });
    await symlink(join(device, `${port}:1.0`), join(sys, 'class/tty', tty, 'device'));
    await symlink(device, join(sys, 'bus/usb/devices', port));
  }
  await mkdir(join(sys, 'devices/pnp0/00:01'), { recursive: true });
  await mkdir(join(sys, 'class/tty/ttyS0'), { recursive: true });
  await symlink(join(sys, 'devices/pnp0/00:01'), join(sys, 'class/tty/ttyS0/device'));
  // As on a machine with one port: the kernel has four places.
  await put(join(sys, 'class/tty/ttyS0/type'), '4');
  await put(join(sys, 'class/tty/ttyS1/type'), '0');
  await symlink(join(sys, 'devices/pnp0/00:01'), join(sys, 'class/tty/ttyS1/device'));
  await mkdir(join(sys, 'class/tty/tty1'), { recursive: true });
  return sys;
}

test('two readers of one model are told apart by port and by serial number', async (t) => {
  const devices = await serialDevices(await fakeSys(await temporaryFolder(t)));
  t.deepEqual(
    devices.map(({ path, usb }) => [path, usb?.port, usb?.serialNumber]),
    [
      ['/dev/ttyACM0', '1-1.3', 'B1'],
      ['/dev/ttyACM1', '1-1.4', 'B2'],
      ['/dev/ttyS0', undefined, undefined],
    ],
  );
  const at = (text: string) => {
    const place = parseDevicePlace(text);
    return devices.filter(({ usb }) => usb && place && isAt(usb, place)).map(({ path }) => path);
  };
  t.deepEqual(at('usb:1-1.4'), ['/dev/ttyACM1']);
  t.deepEqual(at('usb-serial:B1'), ['/dev/ttyACM0']);
  t.deepEqual(at('usb-model:09d8:0420'), ['/dev/ttyACM0', '/dev/ttyACM1']);
});

test('a machine without USB has none', async (t) => {
  const folder = await temporaryFolder(t);
  t.deepEqual(await serialDevices(folder), []);
  t.deepEqual(await usbDevices(folder), []);
});
