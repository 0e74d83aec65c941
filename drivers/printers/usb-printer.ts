/** A printer at a USB port (class 7/1, uni- or bidirectional). Looked for anew for each job, so that it may be unplugged between. */
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Confirmation, PrinterDriver, PrinterStatus, PrintJob, PrintResult } from './port.ts';
import type { OpenLink } from './raw/link.ts';
import { type RawOptions, RawPrinter } from './raw/raw-printer.ts';
import { formatsOf, speaksPjl } from './usb/device-id.ts';
import { findUsbPrinter, type UsbPlace, type UsbPrinterDevice } from './usb/find-printer.ts';
import { lpLink } from './usb/lp-link.ts';

export interface UsbPrinterOptions extends RawOptions {
  readonly place: UsbPlace;
  /** Told once when the printer cannot be used, and why, and when it can again. */
  readonly log: Log;
  /** `/sys` and `/dev`, unless in tests. */
  readonly sys?: string;
  readonly dev?: string;
}

export class UsbPrinter implements PrinterDriver {
  readonly #options: UsbPrinterOptions;
  readonly #printer: RawPrinter;
  /** The device is one program's at a time: the next job waits for the last one's hands. */
  #freed: Promise<void> = Promise.resolve();
  #told = '';

  /** `formats` empty and `pjl` `auto`: as its device id says. */
  constructor(options: UsbPrinterOptions) {
    this.#options = options;
    this.#printer = new RawPrinter(options);
  }

  get confirms(): Confirmation {
    return this.#printer.confirms;
  }

  async status(): Promise<PrinterStatus> {
    const { id, idText, usb } = await this.#find();
    const makeAndModel = `${id.make} ${id.model}`.trim() || usb.name || 'USB printer';
    const description = {
      ...this.#printer.describe(),
      makeAndModel,
      ...(idText === '' ? {} : { deviceId: idText }),
    };
    return { description, state: 'idle', reasons: [], acceptingJobs: true };
  }

  warm(): void {}

  async print(job: PrintJob, signal: AbortSignal): Promise<PrintResult> {
    let found: UsbPrinterDevice;
    try {
      found = await this.#find();
    } catch (error) {
      const reason = signal.aborted ? 'canceled' : 'unreachable';
      return { outcome: 'not-printed', trouble: { reason, detail: messageOf(error) } };
    }
    return this.#printer.print(job, this.#opening(found), signal);
  }

  async close(): Promise<void> {}

  async #find(): Promise<UsbPrinterDevice> {
    const { place, sys, dev, formats, pjl = 'auto' } = this.#options;
    const found = await findUsbPrinter(place, sys, dev).catch((error: unknown) => {
      this.#tell(messageOf(error));
      throw error;
    });
    this.#tell('');
    this.#printer.learn({
      formats: formats.length > 0 ? formats : formatsOf(found.id),
      pjl: pjl === 'auto' ? speaksPjl(found.id) : pjl === 'on',
    });
    return found;
  }

  #tell(trouble: string): void {
    if (trouble === this.#told) return;
    this.#told = trouble;
    if (trouble === '') this.#options.log.info('USB printer can be used again', {});
    else this.#options.log.warn('USB printer cannot be used', { detail: trouble });
  }

  #opening({ path = '' }: UsbPrinterDevice): OpenLink {
    return async (onData, signal) => {
      await this.#freed;
      const listens = this.#printer.speaksPjl;
      const link = await lpLink(path, listens, this.#options.clock)(onData, signal);
      this.#freed = link.freed.catch(() => {});
      return link;
    };
  }
}
