/** Readers that the system takes for keyboards. */
import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { usbDevices } from '../../../drivers/readers/device-place.ts';
import { type UsbCase, until } from '../guest/case.ts';
import { collect } from './collect.ts';
import { KeyListener } from './key-listener.ts';

const SWIPES = 60;
/** QEMU's keyboard. */
const KEYBOARD = '0627';

export const HID_CASES: readonly UsbCase[] = [
  {
    name: 'a USB keyboard reader: none of 60 swipes is lost, and no key reaches the console',
    async run(bench) {
      const { host, after } = bench;
      await host.plug('usb-kbd', 'keyboard', 1);
      after(() => host.unplug('keyboard'));
      const find = async () => (await usbDevices()).find(({ vendor }) => vendor === KEYBOARD);
      await until('the keyboard is plugged in', async () => (await find()) !== undefined);
      // Before it is claimed its keys do reach the console: this listening hears them.
      const before = new KeyListener();
      await until('the console hears keys', async () => {
        await before.listen();
        await host.type('5');
        return before.heard > 0;
      });
      before.close();

      const { swipes, ready, reader } = collect(bench, 'keyboard', `usb:${(await find())?.port}`);
      await ready();
      const listener = new KeyListener();
      after(() => listener.close());
      await listener.listen();
      const cards = Array.from({ length: SWIPES }, (_, at) => String(10_000_000 + at * 7919));
      for (const card of cards) await host.type(`${card}\n`);
      await until('the last swipe came', () => swipes.includes(cards.at(-1) ?? ''), 10);
      deepEqual(swipes, cards);
      await listener.listen();
      equal(listener.heard, 0, 'keys at the console');
      await reader.close();
      await until('the system has the keyboard back', async () => {
        await listener.listen();
        await host.type('5');
        return listener.heard > 0;
      });
    },
  },
  {
    name: 'a pcProx that types: unplugged and plugged in again it goes on',
    async run(bench) {
      const { usb } = bench;
      const { port, serialNumber } = await usb.plug('pcprox');
      equal(serialNumber, 'P1');
      const { swipes, ready, away } = collect(bench, 'keyboard', `usb:${port}`);
      await ready();
      usb.tell('pcprox', { type: '4711\n' });
      await until('the first swipe', () => swipes.length === 1);
      await usb.unplug('pcprox');
      await away();
      await usb.plug('pcprox');
      await ready();
      usb.tell('pcprox', { type: '4712\n' });
      await until('the swipe after', () => swipes.length === 2);
      deepEqual(swipes, ['4711', '4712']);
      await usb.unplug('pcprox');
    },
  },
  {
    name: 'a pcProx by its own protocol: data and bits, once for a card that lies on it',
    async run(bench) {
      const { usb } = bench;
      await usb.plug('pcprox');
      const { swipes, ready } = collect(bench, 'pcprox', 'usb-serial:P1');
      await ready();
      usb.tell('pcprox', { card: { bits: 24, hex: '7b3039' } });
      await until('the card', () => swipes.length > 0);
      usb.tell('pcprox', { card: undefined });
      deepEqual(swipes, ['39307b/24']);
      notEqual(bench.log.of('card reader is ready').length, 0);
      ok(!bench.log.text.includes('39307b'), 'no card in the log');
      await usb.unplug('pcprox');
    },
  },
];
