/** What a case of the USB suite is, and what it waits with. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordingLog } from '../../recording-log.ts';
import type { host } from './host.ts';
import type { UsbIp } from './usb-ip.ts';

export interface Bench {
  readonly host: typeof host;
  /** Our own devices, plugged in over USB/IP. */
  readonly usb: UsbIp;
  /** Fresh for each case. */
  readonly log: RecordingLog;
  /** Run at the end of the case, the last first. */
  after(run: () => unknown): void;
}

export interface UsbCase {
  readonly name: string;
  run(bench: Bench): Promise<void>;
}

/** Seconds; the machine is emulated, and slow. */
const PATIENCE = 30;

/** @throws Error that says what was waited for */
export async function until(
  what: string | (() => string),
  holds: () => boolean | Promise<boolean>,
  seconds = PATIENCE,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > end)
      throw new Error(`not within ${seconds} s: ${typeof what === 'string' ? what : what()}`);
    await sleep(20);
  }
}
