/** Printers at USB ports, as the system knows them: class 7, subclass 1, driven by the kernel's `usblp`. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../../base/errors.ts';
import { printable } from '../../../base/text.ts';
import { type UsbIdentity, usbDevices } from '../../readers/device-place.ts';
import { type DeviceId, parseDeviceId } from './device-id.ts';

/** Which printer is meant. A serial number or a port says it alone; make and model choose among what is left. */
export interface UsbPlace {
  readonly make: string;
  readonly model: string;
  readonly serialNumber?: string;
  /** As for readers: `1-1.4`. */
  readonly port?: string;
}

export interface UsbPrinterDevice {
  readonly usb: UsbIdentity;
  /** `/dev/usb/lp0`; undefined when the kernel's driver does not have it. */
  readonly path: string | undefined;
  readonly id: DeviceId;
  /** The device id as it is. */
  readonly idText: string;
}

/** @param sys @param dev `/sys` and `/dev`, unless in tests */
export async function usbPrinters(sys = '/sys', dev = '/dev'): Promise<UsbPrinterDevice[]> {
  const all = join(sys, 'bus/usb/devices');
  const names = (await readdir(all).catch(() => [])).filter((name) => /^\d+-[\d.]+:\d+\.\d+$/.test(name));
  const devices = new Map((await usbDevices(sys)).map((each) => [each.port, each]));
  const found = await Promise.all(
    names.map(async (name): Promise<UsbPrinterDevice | undefined> => {
      const usb = devices.get(name.slice(0, name.indexOf(':')));
      if (usb === undefined || !(await isPrinter(join(all, name)))) return undefined;
      const [lp] = (await readdir(join(all, name, 'usbmisc')).catch(() => [])).filter((each) =>
        /^lp\d{1,3}$/.test(each),
      );
      const idText = (await text(join(all, name, 'ieee1284_id'))).slice(0, 2048);
      const path = lp === undefined ? undefined : join(dev, 'usb', lp);
      return { usb, path, idText, id: parseDeviceId(idText) };
    }),
  );
  const printers = found.filter((each) => each !== undefined);
  // A printer may have several interfaces; one that is driven says all.
  return printers.filter(
    (each) =>
      each.path !== undefined || !printers.some(({ usb, path }) => usb.port === each.usb.port && path),
  );
}

/** @throws Failure `unreachable` when it is not plugged in, or no driver has it */
export async function findUsbPrinter(place: UsbPlace, sys?: string, dev?: string): Promise<UsbPrinterDevice> {
  const found = choose(await usbPrinters(sys, dev), place);
  if (found === undefined) {
    throw new Failure('unreachable', `no such USB printer is plugged in: ${placeText(place)}`);
  }
  if (found.path === undefined) {
    throw new Failure('unreachable', `${placeText(place)} is plugged in, and no driver has it`, {
      advice:
        'The kernel’s usblp is needed (modprobe usblp), and no other program may have taken the printer',
    });
  }
  return found;
}

export function choose(
  printers: readonly UsbPrinterDevice[],
  { make, model, serialNumber, port }: UsbPlace,
): UsbPrinterDevice | undefined {
  const left = printers.filter(
    ({ usb }) =>
      (serialNumber === undefined || usb.serialNumber === serialNumber) &&
      (port === undefined || usb.port === port),
  );
  const named = left.find((each) => isNamed(each, `${make} ${model}`));
  return named ?? (serialNumber === undefined && port === undefined ? undefined : left[0]);
}

const placeText = ({ make, model, serialNumber, port }: UsbPlace): string =>
  [`${make} ${model}`, serialNumber && `serial number ${serialNumber}`, port && `port ${port}`]
    .filter(Boolean)
    .join(', ');

/** By its device id or by what its USB descriptors say; capitals and blanks do not count. */
function isNamed({ id, usb }: UsbPrinterDevice, name: string): boolean {
  const plain = (each: string) => each.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  return [`${id.make} ${id.model}`, usb.name, id.model].some((each) => plain(each) === plain(name));
}

async function isPrinter(folder: string): Promise<boolean> {
  const [kind, sub] = await Promise.all([
    text(join(folder, 'bInterfaceClass')),
    text(join(folder, 'bInterfaceSubClass')),
  ]);
  return kind === '07' && sub === '01';
}

const text = (path: string): Promise<string> =>
  readFile(path, 'utf8').then(
    (each) => printable(each.trim(), 4096),
    () => '',
  );
