/** One job to one printer, from its turn to the end: keeps the intent, tries, waits while the printer is busy. */
import { type Clock, sleep } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { Milliseconds } from '../../base/units.ts';
import type { PrinterDriver, PrintJob, PrintResult } from '../../drivers/printers/port.ts';
import type { Job } from '../job.ts';
import type { Jobs } from '../jobs.ts';
import type { JobStore } from '../store/port.ts';
import { afterAttempt } from './attempts.ts';
import { ReadAhead } from './read-ahead.ts';

export interface SendOptions {
  readonly jobs: Jobs;
  readonly store: JobStore;
  readonly driver: PrinterDriver;
  /** For the printer's own records. */
  readonly userName: string;
  readonly busyTime: Milliseconds;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Aborted when nothing new may begin: a try that has not come to the document ends, and none follows. One that has is
   * let end.
   */
  readonly noMore: AbortSignal;
  /** Called once, when the first octet of the document is handed to the printer's connection. */
  onFirstByte(): void;
}

/**
 * Resolves to how it ended, after that is on disk; undefined when the job was not waiting any more. Never rejects because
 * of the printer; rejects when the end could not be kept.
 */
export async function sendJob(
  job: Job,
  options: SendOptions,
  signal: AbortSignal,
): Promise<PrintResult | undefined> {
  const { jobs, clock, log } = options;
  const started = jobs.apply(job.id, { kind: 'send-started', at: clock.now() });
  if (started === undefined) return undefined;
  // The driver awaits it before the first octet; a rejection it never came to must not count as unhandled.
  started.kept.catch(() => {});
  const result = await tryUntilSettled(started.job, started.kept, options, signal);
  const ended = jobs.apply(job.id, { kind: 'send-ended', result, at: clock.now() });
  logResult(log, job, result);
  await ended?.kept;
  return result;
}

async function tryUntilSettled(
  job: Job,
  intentKept: Promise<void>,
  options: SendOptions,
  signal: AbortSignal,
): Promise<PrintResult> {
  const { clock, jobs, driver, noMore } = options;
  const over = AbortSignal.any([signal, noMore]);
  const began = clock.monotonic();
  for (let made = 1; ; made++) {
    const result = await tryOnce(job, intentKept, options, signal);
    const elapsed = Milliseconds(Math.max(0, clock.monotonic() - began));
    const next = afterAttempt(result, { made, elapsed }, options.busyTime);
    if (next.kind === 'finish' || over.aborted || result.outcome !== 'not-printed') return result;
    jobs.report(job.id, { kind: 'waiting', reason: result.trouble.reason });
    options.log.info('printer will be tried again', {
      'job-id': job.id,
      tries: made,
      detail: result.trouble.detail,
    });
    await sleep(clock, next.after, over).catch(() => {});
    if (over.aborted) return result;
    driver.warm();
  }
}

async function tryOnce(
  job: Job,
  intentKept: Promise<void>,
  { store, jobs, driver, userName, noMore, onFirstByte }: SendOptions,
  signal: AbortSignal,
): Promise<PrintResult> {
  let ahead: ReadAhead | undefined = new ReadAhead(store.read(job.id));
  const opened = [ahead];
  let sent = 0;
  let asked = false;
  const unsent = new AbortController();
  const onNoMore = () => {
    if (!asked) unsent.abort();
  };
  noMore.addEventListener('abort', onNoMore);
  const print: PrintJob = {
    name: job.name,
    userName,
    format: job.document?.format ?? '',
    octets: job.document?.octets ?? 0,
    ticket: job.ticket,
    intentKept,
    open: () => {
      asked = true;
      const reading = ahead ?? new ReadAhead(store.read(job.id));
      ahead = undefined;
      if (!opened.includes(reading)) opened.push(reading);
      return reading;
    },
    onProgress: (progress) => {
      if (progress.kind === 'sent' && sent === 0 && progress.octets > 0) onFirstByte();
      if (progress.kind === 'sent') sent = progress.octets;
      jobs.report(job.id, progress);
    },
  };
  try {
    return await driver.print(print, AbortSignal.any([signal, unsent.signal]));
  } finally {
    noMore.removeEventListener('abort', onNoMore);
    for (const reading of opened) await reading.discard();
  }
}

function logResult(log: Log, job: Job, result: PrintResult): void {
  const fields = { 'job-id': job.id, printer: job.release?.printer, outcome: result.outcome };
  if ('trouble' in result) {
    log.warn('job was not printed', {
      ...fields,
      reason: result.trouble.reason,
      detail: result.trouble.detail,
    });
  } else {
    log.info('job was printed', { ...fields, octets: job.document?.octets });
  }
}
