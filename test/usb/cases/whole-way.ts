/** From a swipe at a USB reader to a document at a printer: `holdfast terminal` here, the gateway and the printer on the host. */
import { equal, ok } from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { ENVIRONMENT, LAUNCHER } from '../../daemon/gateway-process.ts';
import { type UsbCase, until } from '../guest/case.ts';

/** As in `guest/start.sh`. */
const HOLDFAST = 970;
const CARD = '0123456789';
/** Seconds that the program may take to start. */
const START = 90;

/** As the launcher's child, without its settings for memory: they cost the emulated machine many seconds. */
function environment(): NodeJS.ProcessEnv {
  const plain = { ...ENVIRONMENT, HOLDFAST_LAUNCHER: `${process.pid}` };
  return Object.fromEntries(Object.entries(plain).filter(([name]) => !name.startsWith('MALLOC_')));
}

export const WHOLE_WAY_CASES: readonly UsbCase[] = [
  {
    name: 'the whole way: a card at a terminal, which has no rights but those of our udev rules, prints what the gateway held',
    async run({ host, usb, after }) {
      const { port: usbPort } = await usb.plug('pcprox');
      after(() => usb.unplug('pcprox'));
      const port = await host.gateway(CARD);
      await host.hold();
      const folder = await mkdtemp('/run/holdfast-');
      await chown(folder, HOLDFAST, HOLDFAST);
      const identity = ['--identity', join(folder, 'terminal.json')];
      const reader = ['--printer-panel', '--reader', `keyboard@usb:${usbPort}`];
      const words = ['terminal', '--gateway', `https://10.0.2.2:${port}`, ...identity, ...reader];
      const terminal = spawn(process.execPath, [LAUNCHER, ...words], {
        uid: HOLDFAST,
        gid: HOLDFAST,
        env: environment(),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      after(() => terminal.kill('SIGKILL'));
      const shown = told(terminal);
      const see = async (wanted: RegExp, seconds: number) => {
        await until(
          () => `${wanted} in ${shown()}`,
          () => wanted.test(shown()),
          seconds,
        );
        return wanted.exec(shown())?.[1] ?? '';
      };
      await host.approve(await see(/Its number is (\d+)/, START));
      await see(/ connected/, START);
      await see(/card reader is ready/, START);
      usb.tell('pcprox', { type: `${CARD}\n` });
      await host.printed();
      ok(!shown().includes(CARD), 'no card in the log');
      const [[code]] = await Promise.all([once(terminal, 'exit'), terminal.kill('SIGTERM')]);
      equal(code, 0, shown());
    },
  },
];

/** All that it has written. */
function told({ stdout, stderr }: ChildProcess): () => string {
  let text = '';
  for (const stream of [stdout, stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  return () => text;
}
