/** A printer driver that does what the test says, one result a try. */
import { Failure } from '../../base/errors.ts';
import type { PrinterDriver, PrinterStatus, PrintJob, PrintResult } from '../../drivers/printers/port.ts';

export type Script = (job: PrintJob, signal: AbortSignal) => Promise<PrintResult>;

export class ScriptedPrinter implements PrinterDriver {
  readonly confirms = 'completed';
  readonly #script: Script[];
  /** Jobs in the order in which they were tried. */
  readonly tried: PrintJob[] = [];
  warmed = 0;
  closed = false;

  /** The last entry is used again for every further try. */
  constructor(...script: Script[]) {
    this.#script = script;
  }

  async status(): Promise<PrinterStatus> {
    throw new Failure('unreachable', 'a scripted printer has no status');
  }

  warm(): void {
    this.warmed++;
  }

  print(job: PrintJob, signal: AbortSignal): Promise<PrintResult> {
    const script = this.#script[Math.min(this.tried.length, this.#script.length - 1)];
    this.tried.push(job);
    return script === undefined ? Promise.reject(new Error('no script')) : script(job, signal);
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

/** Takes all of it. */
export const prints: Script = async (job) => {
  await job.intentKept;
  let octets = 0;
  for await (const chunk of job.open()) {
    octets += chunk.length;
    job.onProgress({ kind: 'sent', octets });
  }
  return { outcome: 'completed', impressions: 2 };
};

export const fails =
  (
    outcome: 'not-printed' | 'aborted' | 'unknown',
    reason: 'busy' | 'unreachable' | 'cut' | 'format-refused',
  ): Script =>
  async () => ({ outcome, trouble: { reason, detail: 'scripted' } });

/** Waits until the signal is aborted, before it asks for the document. */
export const connects: Script = async (_job, signal) => {
  await aborted(signal);
  return { outcome: 'not-printed', trouble: { reason: 'canceled', detail: 'aborted' } };
};

/** Waits until the signal is aborted, after taking the first chunk. */
export const hangs: Script = async (job, signal) => {
  await job.intentKept;
  await job.open()[Symbol.asyncIterator]().next();
  job.onProgress({ kind: 'sent', octets: 1 });
  await aborted(signal);
  return { outcome: 'unknown', trouble: { reason: 'canceled', detail: 'aborted' } };
};

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
}
