/** Readers that are a serial port by the USB's own class (CDC-ACM): one that sends lines, and a TWN4 that is asked. */
import { type Setup, UsbDevice } from './device.ts';

const OUT = 1;
const IN = 2;
const NOTICES = 3;

abstract class CdcReader extends UsbDevice {
  constructor(vendor: number, product: number, strings: readonly [string, string, string]) {
    super({
      vendor,
      product,
      deviceClass: [2, 0, 0],
      speed: 2,
      strings,
      interfaces: [
        [9, 4, 0, 0, 1, 2, 2, 1, 0],
        [5, 0x24, 0, 0x10, 1],
        [5, 0x24, 1, 0, 1],
        [4, 0x24, 2, 2],
        [5, 0x24, 6, 0, 1],
        [7, 5, 0x80 | NOTICES, 3, 8, 0, 16],
        [9, 4, 1, 0, 2, 10, 0, 0, 0],
        [7, 5, OUT, 2, 64, 0, 0],
        [7, 5, 0x80 | IN, 2, 64, 0, 0],
      ],
    });
  }

  protected says(text: string): void {
    this.push(IN, Buffer.from(text, 'latin1'));
  }

  /** Line coding and control lines are taken, and mean nothing. */
  protected override answer({ requestType }: Setup): Uint8Array | undefined {
    if (requestType === 0x21) return Buffer.alloc(0);
    return requestType === 0xa1 ? Buffer.from([0x80, 0x25, 0, 0, 0, 0, 8]) : undefined;
  }
}

export class LineReaderDevice extends CdcReader {
  constructor() {
    super(0x1a86, 0x55d4, ['Acme', 'Line reader', 'L1']);
  }

  override tell({ says }: { readonly says: string }): void {
    this.says(says);
  }
}

/** Elatec's Simple Protocol: SearchTag is answered, whatever else is taken. */
export class Twn4Device extends CdcReader {
  #card: string | undefined;
  #command = '';

  constructor() {
    super(0x09d8, 0x0420, ['OEM', 'RFID Device (COM)', 'E1']);
  }

  override tell({ card }: { readonly card: string | undefined }): void {
    this.#card = card;
  }

  override received(endpoint: number, octets: Uint8Array): undefined {
    if (endpoint !== OUT) return;
    for (const character of Buffer.from(octets).toString('latin1')) {
      if (character !== '\r') this.#command += character;
      else {
        this.says(this.#reply(this.#command));
        this.#command = '';
      }
    }
  }

  #reply(command: string): string {
    if (command !== '050020') return '00\r';
    return this.#card === undefined ? '0000\r' : `0001802004${this.#card}\r`;
  }
}
