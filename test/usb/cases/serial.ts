/** Readers that are serial ports: an FTDI adapter, and ports by the USB's own class. */
import { deepEqual, equal } from 'node:assert/strict';
import { serialDevices } from '../../../drivers/readers/device-place.ts';
import { type UsbCase, until } from '../guest/case.ts';
import { collect } from './collect.ts';

export const SERIAL_CASES: readonly UsbCase[] = [
  {
    name: 'a USB serial adapter: lines, unplugged, plugged in again, lines',
    async run(bench) {
      const { host } = bench;
      const plug = () => host.plug('usb-serial', 'adapter', 2, { chardev: 'serial' });
      await plug();
      const find = async () => (await serialDevices()).find(({ usb }) => usb?.vendor === '0403');
      await until('the adapter is plugged in', async () => (await find()) !== undefined);
      equal((await find())?.path, '/dev/ttyUSB0');
      const { swipes, ready, away } = collect(bench, 'lines', `usb:${(await find())?.usb?.port}`);
      await ready();
      host.serial('04A1B2C3\r\n');
      await until('the first swipe', () => swipes.length === 1);
      await host.unplug('adapter');
      await away();
      await plug();
      await ready();
      host.serial('04A1B2C4\r\n');
      await until('the swipe after', () => swipes.length === 2);
      deepEqual(swipes, ['04A1B2C3', '04A1B2C4']);
      await host.unplug('adapter');
    },
  },
  {
    name: 'a TWN4 on a CDC port: asked, told once, unplugged and plugged in again',
    async run(bench) {
      const { usb } = bench;
      const { port } = await usb.plug('twn4');
      const { swipes, ready, away } = collect(bench, 'twn4', `usb:${port}`);
      await ready();
      usb.tell('twn4', { card: '66CF4DC2' });
      await until('the card', () => swipes.length > 0);
      usb.tell('twn4', { card: undefined });
      await usb.unplug('twn4');
      await away();
      await usb.plug('twn4');
      await ready();
      usb.tell('twn4', { card: '0BADCAFE' });
      await until('the card after', () => swipes.length > 1);
      deepEqual(swipes, ['66cf4dc2/32', '0badcafe/32']);
      await usb.unplug('twn4');
    },
  },
  {
    name: 'a reader that sends lines on a CDC port',
    async run(bench) {
      const { usb } = bench;
      await usb.plug('line-reader');
      const { swipes, ready } = collect(bench, 'lines', 'usb-model:1a86:55d4');
      await ready();
      usb.tell('line-reader', { says: '08' });
      usb.tell('line-reader', { says: '15\r\n' });
      await until('the swipe', () => swipes.length > 0);
      deepEqual(swipes, ['0815']);
      await usb.unplug('line-reader');
    },
  },
];
