/** A stored document on its way to a printer: as it is, or as it is converted; read before anybody asks. */
import type { Trouble } from '../../drivers/printers/port.ts';
import type { Conversion } from '../formats/conversion/conversion.ts';
import { type Serving, troubleOf } from '../formats/conversion/converter.ts';
import type { DocumentPart, Job } from '../job.ts';
import type { DocumentSource } from './first-chunks.ts';
import { ReadAhead } from './read-ahead.ts';

/** What of the stored document goes out in one job of the printer. */
export interface Part extends DocumentPart {
  /** Octets of the stored document before it. */
  readonly from: number;
}

export interface OutgoingOptions {
  readonly job: Job;
  readonly part: Part;
  readonly store: DocumentSource;
  /** Undefined: as it is. */
  readonly serving: Serving | undefined;
  /** Whether a conversion begins before it is asked for. To a busy printer that is tried again it would be for nothing. */
  readonly converts: 'ahead' | 'when-asked';
}

export class Outgoing {
  readonly #options: OutgoingOptions;
  readonly #opened: ReadAhead[] = [];
  readonly #conversions: Conversion[] = [];
  #ahead: ReadAhead | undefined;

  constructor(options: OutgoingOptions) {
    this.#options = options;
    if (options.serving === undefined || options.converts === 'ahead') this.#ahead = this.#read();
  }

  /** From its begin. */
  open(): AsyncIterable<Uint8Array> {
    const reading = this.#ahead ?? this.#read();
    this.#ahead = undefined;
    return reading;
  }

  /** What went wrong with the conversion that was read last. */
  get trouble(): Trouble | undefined {
    return troubleOf(this.#conversions.at(-1), this.#options.job.document?.count);
  }

  /** Lets go of all that was opened; ends conversions. */
  async discard(): Promise<void> {
    for (const reading of this.#opened) await reading.discard();
  }

  #read(): ReadAhead {
    const { job, part, store, serving } = this.#options;
    const stored = store.read(job.id, part.from);
    const document = job.document?.parts === undefined ? stored : first(part.octets, stored);
    const conversion = serving?.convert(document);
    if (conversion !== undefined) this.#conversions.push(conversion);
    const reading = new ReadAhead(conversion ?? document);
    this.#opened.push(reading);
    return reading;
  }
}

/** So many octets of them and no more. */
async function* first(octets: number, stored: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = octets;
  for await (const chunk of stored) {
    const part = chunk.subarray(0, left);
    left -= part.length;
    yield part;
    if (left <= 0) return;
  }
}
