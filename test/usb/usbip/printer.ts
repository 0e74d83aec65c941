/** A bidirectional USB printer (class 7/1/2) that speaks PJL. */
import { type PjlFaults, PjlSession } from '../../simulators/pjl-printer.ts';
import { type Setup, UsbDevice } from './device.ts';

const OUT = 1;
const IN = 2;
const ID = 'MFG:Acme;MDL:LaserThing 9000;CMD:PJL,PCL,PDF;CLS:PRINTER;';
/** GET_DEVICE_ID, GET_PORT_STATUS (USB printer class 1.1, §4.2). */
const GET_ID = 0;
const GET_STATUS = 1;
/** Not in error, selected, has paper. */
const READY = 0x18;

export type PrinterMessage =
  /** As after it was switched on. */
  | { readonly reset: PjlFaults }
  /** Out of paper: takes nothing more, or goes on. */
  | { readonly stuck: boolean }
  /** Answered by the documents, in base64. */
  | { readonly documents: true };

export class PrinterDevice extends UsbDevice {
  readonly pages = 3;
  faults: PjlFaults = {};
  documents: Buffer[] = [];
  commands: string[] = [];
  #session = this.#begin();
  #stuck = Promise.withResolvers<void>();

  constructor() {
    super({
      vendor: 0x03f0,
      product: 0xbeef,
      speed: 3,
      strings: ['Acme', 'LaserThing 9000', 'PRN42'],
      interfaces: [
        [9, 4, 0, 0, 2, 7, 1, 2, 0],
        [7, 5, OUT, 2, 0, 2, 0],
        [7, 5, 0x80 | IN, 2, 0, 2, 0],
      ],
    });
    this.#stuck.resolve();
  }

  override tell(message: PrinterMessage): unknown {
    if ('documents' in message) {
      // Without frames only the case knows where a document ends.
      if (this.faults.plain) this.#session.end();
      return this.documents.map((each) => each.toString('base64'));
    }
    if ('stuck' in message) {
      if (message.stuck) this.#stuck = Promise.withResolvers<void>();
      else this.#stuck.resolve();
      return undefined;
    }
    this.faults = message.reset;
    this.documents = [];
    this.commands = [];
    this.#session = this.#begin();
    this.#stuck.resolve();
    this.unplugged();
    return undefined;
  }

  override async received(endpoint: number, octets: Uint8Array): Promise<void> {
    await this.#stuck.promise;
    if (endpoint === OUT) this.#session.read(Buffer.from(octets));
  }

  protected override answer({ requestType, request }: Setup): Uint8Array | undefined {
    if (requestType !== 0xa1) return Buffer.alloc(0);
    if (request === GET_STATUS) return Buffer.from([READY]);
    return request === GET_ID ? Buffer.from([0, ID.length + 2, ...Buffer.from(ID)]) : undefined;
  }

  #begin(): PjlSession {
    return new PjlSession(this, (text) => this.push(IN, Buffer.from(text, 'latin1')));
  }
}
