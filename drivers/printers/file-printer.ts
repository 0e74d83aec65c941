/** A folder as a printer: what it gets lies there as files. For the demo, tests, and archives that pick files up. */
import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { Failure, messageOf } from '../../base/errors.ts';
import type { FilePort } from '../../base/files/port.ts';
import type { PrinterDescription } from './description.ts';
import { intentOf } from './intent.ts';
import { officePrinter } from './office-printer.ts';
import type { PrinterDriver, PrinterStatus, PrintJob, PrintResult } from './port.ts';

export interface FilePrinterOptions {
  /** Absolute. Made when missing. */
  readonly folder: string;
  readonly makeAndModel: string;
  /** Media types that it takes; others are refused. */
  readonly formats: readonly string[];
  readonly files: FilePort;
  readonly clock: Clock;
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'application/postscript': 'ps',
  'image/jpeg': 'jpg',
  'image/pwg-raster': 'pwg',
  'image/urf': 'urf',
  'text/plain': 'txt',
};

const dpi = (density: number) => ({ cross: density, feed: density, units: 'dpi' }) as const;

const EVERY_RASTER: NonNullable<PrinterDescription['pwgRaster']> = {
  types: ['black_1', 'sgray_8', 'srgb_8', 'srgb_16', 'cmyk_8'],
  resolutions: [dpi(300), dpi(150), dpi(180), dpi(360), dpi(600), dpi(720)],
  sheetBack: 'normal',
};

/** `completed` is true here: the file is whole, synced, and under its own name before that is said. */
export class FilePrinter implements PrinterDriver {
  readonly confirms = 'completed';
  readonly #options: FilePrinterOptions;
  #count = 0;

  constructor(options: FilePrinterOptions) {
    this.#options = options;
  }

  async status(): Promise<PrinterStatus> {
    const { files, folder } = this.#options;
    await files.makeFolder(folder).catch((cause) => {
      throw new Failure('unreachable', `${folder} cannot be used: ${messageOf(cause)}`, { cause });
    });
    return { description: this.#describe(), state: 'idle', reasons: [], acceptingJobs: true };
  }

  warm(): void {}

  async print(job: PrintJob, signal: AbortSignal): Promise<PrintResult> {
    const { files, folder, formats } = this.#options;
    if (!formats.includes(job.format)) return notPrinted('format-refused', `${job.format} is not taken here`);
    if (job.required.length > 0)
      return notPrinted('refused', `nothing of a ticket is done here: ${job.required}`);
    const name = this.#nameFor(job);
    const temporary = join(folder, `.${name}.part`);
    let named = false;
    try {
      await files.makeFolder(folder);
      await intentOf(job);
      await this.#write(temporary, job, signal);
      await files.rename(temporary, join(folder, name));
      named = true;
      await files.syncFolder(folder);
      return { outcome: 'completed' };
    } catch (error) {
      // Whoever watches the folder may have it, but a power cut may take it away again.
      if (named) return { outcome: 'unknown', trouble: { reason: 'cut', detail: messageOf(error) } };
      // A file without its own name is not printed: whoever watches the folder never saw it.
      await files.remove(temporary).catch(() => {});
      if (signal.aborted) return notPrinted('canceled', 'the release was aborted');
      const damaged = error instanceof Failure && error.code === 'document-unreadable';
      return notPrinted(damaged ? 'document-unreadable' : 'unreachable', messageOf(error));
    }
  }

  async close(): Promise<void> {}

  async #write(path: string, job: PrintJob, signal: AbortSignal): Promise<void> {
    const file = await this.#options.files.create(path);
    try {
      let position = 0;
      for await (const chunk of job.open()) {
        signal.throwIfAborted();
        await file.write(chunk, position);
        position += chunk.length;
        job.onProgress({ kind: 'sent', octets: position });
      }
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /**
   * `20261120-180405123-1-Report.pdf`: in order of time, never twice (a gateway that was started anew counts anew, but not within a
   * millisecond), and nothing of the job's name that a path could mean.
   */
  #nameFor(job: PrintJob): string {
    const time = new Date(this.#options.clock.now())
      .toISOString()
      .replace(/[-:.]/g, '')
      .replace('T', '-')
      .slice(0, 18);
    const title = job.name
      .normalize('NFC')
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '');
    const short = Array.from(title).slice(0, 40).join('') || 'document';
    return `${time}-${++this.#count}-${short}.${EXTENSIONS[job.format] ?? 'bin'}`;
  }

  /** A folder takes every page as it is; what else a job asks for is for whoever picks the files up. */
  #describe(): PrinterDescription {
    const office = officePrinter(this.#options.formats);
    return {
      ...office,
      makeAndModel: this.#options.makeAndModel,
      numberUp: [1, 2, 4],
      jobSheets: ['none', 'standard'],
      pageRanges: true,
      ignoresTicket: true,
      ...(office.pwgRaster === undefined ? {} : { pwgRaster: EVERY_RASTER }),
    };
  }
}

function notPrinted(
  reason: 'format-refused' | 'refused' | 'canceled' | 'document-unreadable' | 'unreachable',
  detail: string,
): PrintResult {
  return { outcome: 'not-printed', trouble: { reason, detail } };
}
