/** An rf IDEAS pcProx: a keyboard of the boot protocol that also answers the feature reports of its SDK. */
import { type Setup, UsbDevice } from './device.ts';

const KEYBOARD = Buffer.from(
  '05010906a101050719e029e71500250175019508810295017508810395067508150025650507190029658100c0',
  'hex',
);
const SET_REPORT = 9;
const GET_REPORT = 1;
const REPORT_DESCRIPTOR = 0x22;
const INPUT = 1;
const ENTER = 0x28;

export type PcProxMessage =
  | { readonly type: string }
  /** A card that lies on it: its octets, lowest first; no card without it. */
  | { readonly card: { readonly bits: number; readonly hex: string } | undefined };

export class PcProx extends UsbDevice {
  #asked = 0;
  #card: { readonly bits: number; readonly hex: string } | undefined;

  constructor(serialNumber: string) {
    super({
      vendor: 0x0c27,
      product: 0x3bfa,
      speed: 2,
      strings: ['RFIDeas', 'USB Keyboard', serialNumber],
      interfaces: [
        [9, 4, 0, 0, 1, 3, 1, 1, 0],
        [9, 0x21, 0x10, 1, 0, 1, 0x22, KEYBOARD.length, 0],
        [7, 5, 0x80 | INPUT, 3, 8, 0, 10],
      ],
    });
  }

  override tell(message: PcProxMessage): void {
    if ('type' in message) this.#type(message.type);
    else this.#card = message.card;
  }

  protected override answer(
    { requestType, request, value }: Setup,
    data: Uint8Array,
  ): Uint8Array | undefined {
    if (requestType === 0x81 && value >> 8 === REPORT_DESCRIPTOR) return KEYBOARD;
    if (requestType === 0x21 && request === SET_REPORT) this.#asked = data[0] ?? 0;
    if (requestType === 0x21) return Buffer.alloc(0);
    if (requestType !== 0xa1 || request !== GET_REPORT) return undefined;
    const report = Buffer.alloc(8);
    if (this.#card !== undefined && this.#asked === 0x8f) Buffer.from(this.#card.hex, 'hex').copy(report);
    if (this.#card !== undefined && this.#asked === 0x8e) report.fill(this.#card.bits, 0, 2);
    return report;
  }

  /** Digits and Enter, each pressed and let go. */
  #type(text: string): void {
    for (const character of text) {
      const digit = Number(character);
      const key = character === '\n' ? ENTER : digit === 0 ? 0x27 : 0x1d + digit;
      this.push(INPUT, Buffer.from([0, 0, key, 0, 0, 0, 0, 0]));
      this.push(INPUT, Buffer.alloc(8));
    }
  }
}
