/** A made-up USB device as the kernel's vhci-hcd sees it: descriptors, control requests, and octets in and out of its endpoints. */

export interface Setup {
  readonly requestType: number;
  readonly request: number;
  readonly value: number;
  readonly index: number;
  readonly length: number;
}

export interface UsbDescription {
  readonly vendor: number;
  readonly product: number;
  /** Class, subclass and protocol of the device; each interface has its own. */
  readonly deviceClass?: readonly [number, number, number];
  /** As USB/IP has it: 2 is full, 3 is high. */
  readonly speed: 2 | 3;
  /** Maker, product, serial number. */
  readonly strings: readonly [string, string, string];
  /** Interface, endpoint and class descriptors of the one configuration. */
  readonly interfaces: readonly (readonly number[])[];
}

/** bDescriptorType (USB 2.0, table 9-5). */
const INTERFACE = 4;
const GET_DESCRIPTOR = 6;
/** Standard requests whose answer is that they were done. */
const DONE: readonly number[] = [1, 3, 5, 9, 11];
const STANDARD = 0x60;

export abstract class UsbDevice {
  readonly description: UsbDescription;
  readonly configuration: Buffer;
  /** What the kernel has asked for and what it has not, by endpoint. */
  #asked = new Map<number, ((octets: Uint8Array) => void)[]>();
  #ready = new Map<number, Uint8Array[]>();

  constructor(description: UsbDescription) {
    this.description = description;
    const body = description.interfaces.flat();
    const count = description.interfaces.filter(([, type]) => type === INTERFACE).length;
    const length = body.length + 9;
    this.configuration = Buffer.from([9, 2, length & 0xff, length >> 8, count, 1, 0, 0x80, 50, ...body]);
  }

  /** What the case says to it. What it returns is the answer, where one is asked for. */
  abstract tell(message: unknown): unknown;

  /** Class and vendor requests. Undefined: a stall. @param data what came with one to the device */
  protected abstract answer(setup: Setup, data: Uint8Array): Uint8Array | undefined;

  /** Octets from the host, which waits until they are taken. */
  received(_endpoint: number, _octets: Uint8Array): Promise<void> | undefined {
    return undefined;
  }

  /** Octets for the host; kept until it asks. */
  protected push(endpoint: number, octets: Uint8Array): void {
    const taker = this.#asked.get(endpoint)?.shift();
    if (taker !== undefined) return taker(octets);
    this.#ready.set(endpoint, [...(this.#ready.get(endpoint) ?? []), octets]);
  }

  /** The host asks for octets. Returns the way to ask no more. */
  ask(endpoint: number, taker: (octets: Uint8Array) => void): () => void {
    const [next, ...rest] = this.#ready.get(endpoint) ?? [];
    if (next !== undefined) {
      this.#ready.set(endpoint, rest);
      taker(next);
      return () => {};
    }
    this.#asked.set(endpoint, [...(this.#asked.get(endpoint) ?? []), taker]);
    return () => {
      this.#asked.set(
        endpoint,
        (this.#asked.get(endpoint) ?? []).filter((each) => each !== taker),
      );
    };
  }

  /** Plugged out: nothing of before is asked or kept. */
  unplugged(): void {
    this.#asked.clear();
    this.#ready.clear();
  }

  /** Undefined: a stall. */
  control(setup: Setup, data: Uint8Array): Uint8Array | undefined {
    if ((setup.requestType & STANDARD) !== 0) return this.answer(setup, data);
    if (setup.request === GET_DESCRIPTOR && (setup.requestType & 0x1f) === 0)
      return this.#descriptor(setup.value);
    if (setup.request === 0) return Buffer.alloc(2);
    return DONE.includes(setup.request) ? Buffer.alloc(0) : this.answer(setup, data);
  }

  #descriptor(value: number): Uint8Array | undefined {
    const { vendor, product, deviceClass = [0, 0, 0], strings } = this.description;
    switch (value >> 8) {
      case 1: {
        const head = Buffer.from([18, 1, 0, 2, ...deviceClass, 64, 0, 0, 0, 0, 0, 1, 1, 2, 3, 1]);
        head.writeUInt16LE(vendor, 8);
        head.writeUInt16LE(product, 10);
        return head;
      }
      case 2:
        return this.configuration;
      case 3: {
        if ((value & 0xff) === 0) return Buffer.from([4, 3, 9, 4]);
        const text = Buffer.from(strings[(value & 0xff) - 1] ?? '', 'utf16le');
        return Buffer.from([text.length + 2, 3, ...text]);
      }
      default:
        return undefined;
    }
  }
}
