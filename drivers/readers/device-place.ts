/** Where a reader is plugged in, as an administrator writes it, and which device that is now. */
import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export type DevicePlace =
  /** A device file, such as one of those in `/dev/serial/by-path`. */
  | { readonly by: 'path'; readonly path: string }
  /** The USB port: `1-1.4` is bus 1, port 1, and port 4 of the hub there. Keeps its name over a reboot. */
  | { readonly by: 'port'; readonly port: string }
  | { readonly by: 'serial-number'; readonly serialNumber: string }
  /** The first of that vendor and product, each four hexadecimal digits in small letters. */
  | { readonly by: 'model'; readonly vendor: string; readonly product: string }
  /** The first PC/SC reader that has this in its name. */
  | { readonly by: 'name'; readonly name: string };

const PORT = /^usb:(\d{1,3}-\d{1,3}(?:\.\d{1,3}){0,6})$/;
const SERIAL_NUMBER = /^usb-serial:([\x21-\x7e]{1,126})$/;
const MODEL = /^usb-model:([0-9a-f]{4}):([0-9a-f]{4})$/i;
const NAME = /^pcsc:([\x21-\x7e](?:[\x20-\x7e]{0,98}[\x21-\x7e])?)$/;
const PATH = /^\/dev\/[\x21-\x7e]{1,200}$/;

export const PLACE_FORM =
  'usb:1-1.4 (a USB port), usb-serial:TEXT, usb-model:09d8:0420, a path in /dev, or for PC/SC pcsc:NAME';

/** Undefined when it is none of {@link PLACE_FORM}. */
export function parseDevicePlace(text: string): DevicePlace | undefined {
  const port = PORT.exec(text)?.[1];
  if (port !== undefined) return { by: 'port', port };
  const serialNumber = SERIAL_NUMBER.exec(text)?.[1];
  if (serialNumber !== undefined) return { by: 'serial-number', serialNumber };
  const name = NAME.exec(text)?.[1];
  if (name !== undefined) return { by: 'name', name };
  const [, vendor, product] = MODEL.exec(text) ?? [];
  if (vendor !== undefined && product !== undefined) {
    return { by: 'model', vendor: vendor.toLowerCase(), product: product.toLowerCase() };
  }
  return PATH.test(text) && !text.includes('/..') ? { by: 'path', path: text } : undefined;
}

export function placeText(place: DevicePlace): string {
  switch (place.by) {
    case 'path':
      return place.path;
    case 'port':
      return `usb:${place.port}`;
    case 'serial-number':
      return `usb-serial:${place.serialNumber}`;
    case 'model':
      return `usb-model:${place.vendor}:${place.product}`;
    case 'name':
      return `pcsc:${place.name}`;
  }
}

/** A USB device as the system knows it. */
export interface UsbIdentity {
  readonly port: string;
  readonly vendor: string;
  readonly product: string;
  readonly serialNumber: string;
  /** What it calls itself. */
  readonly name: string;
}

export function isAt(device: UsbIdentity, place: DevicePlace): boolean {
  switch (place.by) {
    case 'path':
    case 'name':
      return false;
    case 'port':
      return device.port === place.port;
    case 'serial-number':
      return device.serialNumber === place.serialNumber;
    case 'model':
      return device.vendor === place.vendor && device.product === place.product;
  }
}

export interface SerialDevice {
  readonly path: string;
  readonly usb: UsbIdentity | undefined;
}

/** Names of serial devices that a reader may be: USB adapters, CDC, and the ports of the machine itself. */
const SERIAL = /^tty(?:USB|ACM|S|AMA)\d{1,4}$/;

/** Serial devices now, by path; of the machine's own ports only those that are there. @param sys for tests */
export async function serialDevices(sys = '/sys'): Promise<SerialDevice[]> {
  const classes = join(sys, 'class/tty');
  const names = (await readdir(classes).catch(() => [])).filter((name) => SERIAL.test(name));
  const devices = await Promise.all(
    names.map(async (name): Promise<SerialDevice | undefined> => {
      const folder = await realpath(join(classes, name, 'device')).catch(() => undefined);
      if (folder === undefined || !(await isPort(join(classes, name)))) return undefined;
      return { path: `/dev/${name}`, usb: await usbAbove(folder, sys) };
    }),
  );
  return devices.filter((each) => each !== undefined).sort((a, b) => a.path.localeCompare(b.path));
}

/** The kernel has places for ports of its own (ttyS0 to ttyS3) on machines that have none: their type is 0 then. */
const isPort = (folder: string): Promise<boolean> =>
  readFile(join(folder, 'type'), 'utf8').then(
    (type) => type.trim() !== '0',
    () => true,
  );

/** Every USB device but hubs. */
export async function usbDevices(sys = '/sys'): Promise<UsbIdentity[]> {
  const all = join(sys, 'bus/usb/devices');
  const names = (await readdir(all).catch(() => [])).filter((name) => /^\d+-[\d.]+$/.test(name));
  const devices = await Promise.all(names.map((name) => usbIdentity(join(all, name))));
  return devices.filter((each) => each !== undefined);
}

/** The USB device that an interface or a port of it belongs to. */
async function usbAbove(folder: string, sys: string): Promise<UsbIdentity | undefined> {
  const top = await realpath(sys);
  for (let at = folder; at.startsWith(top) && at !== top; at = dirname(at)) {
    const found = await usbIdentity(at);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function usbIdentity(folder: string): Promise<UsbIdentity | undefined> {
  const read = (file: string) =>
    readFile(join(folder, file), 'utf8').then(
      (text) => text.trim(),
      () => '',
    );
  const [vendor, product] = await Promise.all([read('idVendor'), read('idProduct')]);
  if (vendor === '') return undefined;
  const [serialNumber, maker, model] = await Promise.all(['serial', 'manufacturer', 'product'].map(read));
  const name = `${maker ?? ''} ${model ?? ''}`.trim();
  return { port: basename(folder), vendor, product, serialNumber: serialNumber ?? '', name };
}
