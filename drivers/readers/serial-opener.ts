/** A serial port as a link, by the package `serialport`, which is loaded when the first is opened. */
import { messageOf } from '../../base/errors.ts';
import { type DevicePlace, isAt, placeText, serialDevices } from './device-place.ts';
import { away, type Link, type LinkEvents, type Opener } from './link.ts';

export interface SerialOptions {
  readonly device: DevicePlace;
  /** Bits a second; a USB device that only looks like a serial port ignores it. */
  readonly baud: number;
  /** `/sys`, unless in tests. */
  readonly sys?: string;
}

export class SerialOpener implements Opener {
  readonly place: string;
  readonly #options: SerialOptions;

  constructor(options: SerialOptions) {
    this.#options = options;
    this.place = placeText(options.device);
  }

  async open(events: LinkEvents): Promise<Link> {
    const { SerialPort } = await loadSerialPort();
    const path = await this.#path();
    // A new object for each opening: what was written to an old one never comes out of it.
    const port = new SerialPort({ path, baudRate: this.#options.baud, autoOpen: false });
    await new Promise<void>((resolve, reject) => {
      port.open((error) => (error ? reject(openFailure(path, error)) : resolve()));
    });
    let over = false;
    const lost = (error: Error | null) => {
      if (over) return;
      over = true;
      events.lost('not-plugged-in', error === null ? 'the port was closed' : messageOf(error));
    };
    port.on('data', (octets: Buffer) => {
      if (!over) events.octets(octets);
    });
    port.on('error', lost);
    port.on('close', lost);
    // What was read while nobody listened is nobody's swipe now.
    await new Promise<void>((resolve) => port.flush(() => resolve()));
    return {
      send(octets) {
        if (port.isOpen && !over) port.write(Buffer.from(octets));
      },
      close() {
        over = true;
        return new Promise((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve()));
      },
    };
  }

  async #path(): Promise<string> {
    const { device, sys } = this.#options;
    if (device.by === 'path') return device.path;
    const found = (await serialDevices(sys)).find(({ usb }) => usb !== undefined && isAt(usb, device));
    if (found === undefined) throw away('not-plugged-in', `no serial port is at ${this.place}`);
    return found.path;
  }
}

async function loadSerialPort(): Promise<typeof import('serialport')> {
  try {
    return await import('serialport');
  } catch (error) {
    throw away(
      'not-available',
      `the package serialport cannot be loaded: ${messageOf(error)}`,
      'It is an optional dependency: run "npm ci" without --omit=optional',
    );
  }
}

/** The package tells errors of the system as sentences only. */
function openFailure(path: string, { message }: Error): Error {
  if (/no such file|no such device|not configured/i.test(message))
    return away('not-plugged-in', `${path} is not there`);
  if (/lock|busy|temporarily unavailable/i.test(message)) {
    return away(
      'busy',
      `another program has ${path}`,
      'ModemManager is one that takes such ports: see docs/readers.md',
    );
  }
  if (/permission denied|operation not permitted/i.test(message)) {
    return away(
      'not-allowed',
      `this process may not open ${path}`,
      'Install systemd/70-holdfast-readers.rules',
    );
  }
  return away('failed', `${path} cannot be opened: ${message}`);
}
