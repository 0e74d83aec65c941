/** What keeps a printer from going on with a job: asked of it, and told on when it changes. */
import type { ClientTimeouts } from '../../../ipp/http/timeouts.ts';
import { groupOf } from '../../../ipp/model.ts';
import { PrinterState } from '../../../ipp/vocabulary/enums.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { readLeniently } from '../../../ipp/vocabulary/read.ts';
import { isSuccessful } from '../../../ipp/vocabulary/status.ts';
import type { PrintProgress } from '../port.ts';
import type { PrinterSession } from './session.ts';

const ASKED = ['printer-state', 'printer-state-reasons'];
/** Reasons of one printer that are told. */
const MOST_REASONS = 100;

export class PrinterTroubles {
  readonly #session: PrinterSession;
  readonly #onProgress: (progress: PrintProgress) => void;
  #told: readonly string[] = [];

  constructor(session: PrinterSession, onProgress: (progress: PrintProgress) => void) {
    this.#session = session;
    this.#onProgress = onProgress;
  }

  /** Whether the last that was told is that something is wrong. */
  get any(): boolean {
    return this.#told.length > 0;
  }

  /** Never rejects: a printer that does not answer tells nothing. */
  async look(signal: AbortSignal, timeouts: Partial<ClientTimeouts> = {}): Promise<void> {
    const answer = await this.#session
      .ask({
        operation: Operation.getPrinterAttributes,
        attributes: { 'requested-attributes': ASKED },
        options: { signal, timeouts },
      })
      .catch(() => undefined);
    if (answer === undefined || signal.aborted || !isSuccessful(answer.code)) return;
    const printer = groupOf(answer, 'printer');
    const reasons = (readLeniently(printer, 'printer-state-reasons') ?? [])
      .filter((reason) => reason !== 'none')
      .slice(0, MOST_REASONS);
    const stopped = readLeniently(printer, 'printer-state') === PrinterState.stopped;
    this.#tell(reasons.length === 0 && stopped ? ['paused'] : reasons);
  }

  /** The printer has gone on to the end. */
  over(): void {
    this.#tell([]);
  }

  #tell(reasons: readonly string[]): void {
    if (reasons.join() === this.#told.join()) return;
    this.#told = reasons;
    this.#onProgress({ kind: 'printer-state', reasons });
  }
}
