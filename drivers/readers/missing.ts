/** What readers that are plugged in need of the machine: what of it is not there is told, once, and nothing else follows. */
import { access } from 'node:fs/promises';
import type { Log } from '../../base/log.ts';

export interface Needed {
  /** Where the kernel tells of USB devices. */
  readonly usb: string;
  /** Where udevd listens; it gives the rights, and tells libusb of what was plugged in. */
  readonly udev: string;
}

const NEEDED: Needed = { usb: '/sys/bus/usb', udev: '/run/udev/control' };

/** @param needed for tests */
export async function tellMissing(log: Log, needed: Needed = NEEDED): Promise<void> {
  if (!(await isThere(needed.usb))) log.warn('no USB is known to this machine', { missing: needed.usb });
  if (!(await isThere(needed.udev))) log.warn('no udevd runs on this machine', { missing: needed.udev });
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
