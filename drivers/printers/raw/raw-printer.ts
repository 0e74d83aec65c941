/** What every printer that takes octets as they are has in common, whatever its line is. */
import type { Clock } from '../../../base/clock.ts';
import { type Milliseconds, Seconds } from '../../../base/units.ts';
import type { PrinterDescription } from '../description.ts';
import { rawPrinter } from '../office-printer.ts';
import { pjlPrinter, settingsOf } from '../pjl/ticket.ts';
import type { Confirmation, PrintJob, PrintResult, TroubleReason } from '../port.ts';
import { type PjlKnowledge, RawAttempt, type RawTimes } from './attempt.ts';
import type { OpenLink } from './link.ts';

/** `auto`: the printer is asked once, before its first document; one that does not speak PJL may print the question. */
export type PjlUse = 'on' | 'off' | 'auto';

export interface RawOptions extends Omit<RawTimes, 'answerTime'> {
  /** Media types that the printer takes; it cannot be asked. */
  readonly formats: readonly string[];
  /** `off` unless said. */
  readonly pjl?: PjlUse;
  /** How long a printer that speaks PJL may take to say a word again; 5 s unless in tests. */
  readonly answerTime?: Milliseconds;
  readonly clock: Clock;
}

export class RawPrinter {
  readonly #options: RawOptions;
  readonly #pjl: PjlKnowledge;
  #formats: readonly string[];

  constructor(options: RawOptions) {
    this.#options = options;
    this.#formats = options.formats;
    const { pjl = 'off' } = options;
    this.#pjl = { speaks: pjl === 'auto' ? undefined : pjl === 'on', answers: undefined, tellsEnd: true };
  }

  /** What its last job showed; before the first one, what was said of it. */
  get confirms(): Confirmation {
    return this.#pjl.speaks && this.#pjl.answers !== false ? 'completed' : 'delivered';
  }

  /** From a USB printer's device id, so that it need not be asked. */
  learn({ formats, pjl }: { readonly formats: readonly string[]; readonly pjl: boolean }): void {
    this.#formats = formats;
    this.#pjl.speaks = pjl;
  }

  get speaksPjl(): boolean {
    return this.#pjl.speaks === true;
  }

  describe(): PrinterDescription {
    return this.#pjl.speaks ? pjlPrinter(this.#formats) : rawPrinter(this.#formats);
  }

  async print(job: PrintJob, open: OpenLink, signal: AbortSignal): Promise<PrintResult> {
    const { answerTime = Seconds(5) } = this.#options;
    if (!this.#formats.includes(job.format))
      return refused('format-refused', `${job.format} is not taken here`);
    const done = this.#pjl.speaks ? settingsOf(job.ticket).done : [];
    const missing = job.required.filter((name) => !done.includes(name));
    if (missing.length > 0) return refused('refused', `the printer cannot be told ${missing.join(', ')}`);
    return new RawAttempt({ ...this.#options, answerTime, pjl: this.#pjl, open }, job, signal).run();
  }
}

function refused(reason: TroubleReason, detail: string): PrintResult {
  return { outcome: 'not-printed', trouble: { reason, detail } };
}
