/**
 * A USB reader that is a keyboard to the system as a link, by the package `node-hid` over libusb: the kernel's driver is taken
 * off it, so that nothing it types reaches the console, and put back when it is closed.
 */
import { messageOf } from '../../base/errors.ts';
import { type DevicePlace, isAt, placeText, usbDevices } from './device-place.ts';
import { away, type Link, type LinkEvents, type Opener } from './link.ts';
import { REPORT } from './protocols/pcprox.ts';

export interface HidOptions {
  readonly device: DevicePlace;
  /** `input`: what it types. `feature`: each report that is sent is answered by one that is read. */
  readonly reports: 'input' | 'feature';
  /** `/sys`, unless in tests. */
  readonly sys?: string;
}

type NodeHid = typeof import('node-hid');
type HidDevice = Awaited<ReturnType<NodeHid['HIDAsync']['open']>>;

/** The interface of a keyboard (HID 1.11, §4.2: boot keyboard) is the first of a reader. */
const FIRST_INTERFACE = 0;

export class HidOpener implements Opener {
  readonly place: string;
  readonly #options: HidOptions;

  constructor(options: HidOptions) {
    this.#options = options;
    this.place = placeText(options.device);
  }

  async open(events: LinkEvents): Promise<Link> {
    const { device, reports, sys } = this.#options;
    const usb = (await usbDevices(sys)).find((each) => isAt(each, device));
    if (usb === undefined) throw away('not-plugged-in', `no USB device is at ${this.place}`);
    const hid = await loadNodeHid();
    const path = `${usb.port}:1.${FIRST_INTERFACE}`;
    let opened: HidDevice;
    try {
      opened = await hid.HIDAsync.open(path);
    } catch (error) {
      throw away(
        'not-allowed',
        `the reader cannot be taken from the system: ${messageOf(error)}`,
        'Install systemd/70-holdfast-readers.rules, and see that udevd runs and no other program has it',
      );
    }
    let over = false;
    opened.on('error', (error: unknown) => {
      if (over) return;
      over = true;
      events.lost('not-plugged-in', messageOf(error));
    });
    if (reports === 'input') {
      opened.on('data', (octets: Buffer) => {
        if (!over) events.octets(octets);
      });
    }
    let sending: Promise<void> = Promise.resolve();
    const exchange = async (octets: Uint8Array) => {
      if (over) return;
      try {
        await opened.sendFeatureReport([0, ...octets]);
        const answer = await opened.getFeatureReport(0, REPORT + 1);
        if (!over) events.octets(answer.subarray(1));
      } catch (error) {
        if (over) return;
        over = true;
        events.lost('not-plugged-in', messageOf(error));
      }
    };
    return {
      send(octets) {
        sending = sending.then(() => exchange(octets));
      },
      async close() {
        over = true;
        await sending;
        opened.removeAllListeners();
        opened.on('error', () => {});
        await opened.close();
      },
    };
  }
}

async function loadNodeHid(): Promise<NodeHid> {
  try {
    const hid = (await import('node-hid')).default as unknown as NodeHid;
    hid.setDriverType('libusb');
    return hid;
  } catch (error) {
    throw away(
      'not-available',
      `the package node-hid cannot be loaded: ${messageOf(error)}`,
      'It is an optional dependency, and needs libusb-1.0: apt-get install libusb-1.0-0',
    );
  }
}
