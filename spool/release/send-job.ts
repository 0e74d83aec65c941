/** One job to one printer, from its turn to the end: keeps the intent, tries, waits while the printer is busy. */
import { type Clock, sleep } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { Milliseconds } from '../../base/units.ts';
import type { PrinterDescription } from '../../drivers/printers/description.ts';
import type { PrinterDriver, PrintJob, PrintProgress, PrintResult } from '../../drivers/printers/port.ts';
import type { Converter, Serving } from '../formats/conversion/converter.ts';
import type { DocumentPart, Job } from '../job.ts';
import type { Jobs } from '../jobs.ts';
import { afterAttempt } from './attempts.ts';
import { changedAttributes, changedTicket } from './choices/changes.ts';
import type { DocumentSource } from './first-chunks.ts';
import type { Halt } from './halt.ts';
import { Outgoing, type Part } from './outgoing.ts';

export interface SendOptions {
  readonly jobs: Jobs;
  readonly store: DocumentSource;
  readonly driver: PrinterDriver;
  readonly converter: Converter;
  /** What the printer can do, as far as it has told. */
  describe(): PrinterDescription | undefined;
  /** For the printer's own records. */
  readonly userName: string;
  readonly busyTime: Milliseconds;
  readonly clock: Clock;
  readonly log: Log;
  readonly halt: Halt;
  /** Called once, when the first octet of the document is handed to the printer's connection. */
  onFirstByte(): void;
}

/**
 * Resolves to how it ended, after that is on disk; undefined when the job was not waiting any more. Never rejects because
 * of the printer; rejects when the end could not be kept.
 */
export async function sendJob(job: Job, options: SendOptions): Promise<PrintResult | undefined> {
  const { jobs, clock, log } = options;
  const started = jobs.apply(job.id, { kind: 'send-started', at: clock.now() });
  if (started === undefined) return undefined;
  // The driver awaits it before the first octet; a rejection it never came to must not count as unhandled.
  started.kept.catch(() => {});
  const result = await sendParts(started.job, started.kept, options);
  const ended = jobs.apply(job.id, { kind: 'send-ended', result, at: clock.now() });
  logResult(log, job, result);
  await ended?.kept;
  return result;
}

/** One job at the printer for each of the job's documents, in their order. */
async function sendParts(job: Job, intentKept: Promise<void>, options: SendOptions): Promise<PrintResult> {
  const results: PrintResult[] = [];
  let from = 0;
  const progress = new WholeProgress(job, options);
  for (const part of partsOf(job)) {
    if (results.length > 0 && options.halt.ends) {
      results.push(STOPPED);
      break;
    }
    const result = await tryUntilSettled(job, { ...part, from }, intentKept, { ...options, progress });
    progress.partEnded(part, result);
    results.push(result);
    from += part.octets;
    if (result.outcome !== 'completed' && result.outcome !== 'delivered') break;
  }
  return wholeResult(results);
}

/** What the driver tells of one part, told on as of the whole job. */
class WholeProgress {
  readonly #job: Job;
  readonly #options: SendOptions;
  #octetsBefore = 0;
  #impressionsBefore = 0;
  #impressions = 0;
  #begun = false;

  constructor(job: Job, options: SendOptions) {
    this.#job = job;
    this.#options = options;
  }

  report(progress: PrintProgress): void {
    if (progress.kind === 'sent') {
      if (!this.#begun && progress.octets > 0) this.#options.onFirstByte();
      this.#begun ||= progress.octets > 0;
      this.#tell({ kind: 'sent', octets: this.#octetsBefore + progress.octets });
    } else if (progress.kind === 'impressions') {
      this.#impressions = progress.completed;
      this.#tell({ kind: 'impressions', completed: this.#impressionsBefore + progress.completed });
    } else this.#tell(progress);
  }

  partEnded(part: DocumentPart, result: PrintResult): void {
    this.#octetsBefore += part.octets;
    this.#impressionsBefore +=
      ('impressions' in result ? result.impressions : undefined) ?? this.#impressions;
    this.#impressions = 0;
  }

  #tell(progress: PrintProgress): void {
    this.#options.jobs.report(this.#job.id, progress);
  }
}

/** The options, and where the driver's news goes. */
interface PartOptions extends SendOptions {
  readonly progress: WholeProgress;
}

const STOPPED: PrintResult = {
  outcome: 'not-printed',
  trouble: { reason: 'canceled', detail: 'stopped between two documents' },
};

function partsOf({ document }: Job): readonly DocumentPart[] {
  return document?.parts ?? [{ format: document?.format ?? '', octets: document?.octets ?? 0 }];
}

/** @param results of one document each, all but the last of them printed. */
export function wholeResult(results: readonly PrintResult[]): PrintResult {
  const last = results.at(-1) ?? { outcome: 'delivered' };
  if (results.length <= 1) return last;
  switch (last.outcome) {
    case 'completed':
    case 'delivered': {
      if (results.some((each) => each.outcome !== 'completed')) return { outcome: 'delivered' };
      const counts = results.map((each) => ('impressions' in each ? each.impressions : undefined));
      if (counts.some((each) => each === undefined)) return { outcome: 'completed' };
      return {
        outcome: 'completed',
        impressions: counts.reduce((sum: number, each) => sum + (each ?? 0), 0),
      };
    }
    // What came before it lies in the tray, so that nobody may send all of it again by itself.
    case 'not-printed':
      return { outcome: 'aborted', trouble: last.trouble };
    case 'aborted':
    case 'unknown':
      return { outcome: last.outcome, trouble: last.trouble };
    default:
      return last satisfies never;
  }
}

async function tryUntilSettled(
  job: Job,
  part: Part,
  intentKept: Promise<void>,
  options: PartOptions,
): Promise<PrintResult> {
  const { clock, jobs, driver, halt } = options;
  const began = clock.monotonic();
  const refused: string[] = [];
  for (let made = 1; ; made++) {
    const tried = await tryOnce(job, part, intentKept, { ...options, refused, isFirst: made === 1 });
    const { result } = tried;
    if (tried.other && !halt.ends) {
      refused.push(tried.format);
      options.log.info('printer refused the format, another is made', {
        'job-id': job.id,
        format: tried.format,
      });
      continue;
    }
    const elapsed = Milliseconds(Math.max(0, clock.monotonic() - began));
    const next = afterAttempt(result, { made, elapsed }, options.busyTime);
    if (next.kind === 'finish' || halt.ends || result.outcome !== 'not-printed') return result;
    jobs.report(job.id, { kind: 'waiting', reason: result.trouble.reason });
    options.log.info('printer will be tried again', {
      'job-id': job.id,
      tries: made,
      detail: result.trouble.detail,
    });
    await sleep(clock, next.after, halt.signal).catch(() => {});
    if (halt.ends) return result;
    driver.warm();
  }
}

interface TryOptions extends PartOptions {
  /** Formats that the printer has refused. */
  readonly refused: readonly string[];
  readonly isFirst: boolean;
}

interface Tried {
  readonly result: PrintResult;
  /** What the printer got, or would have. */
  readonly format: string;
  /** The printer refused that, and something else can be made of the document. */
  readonly other: boolean;
}

const CONVERTS_OTHERS: PrintResult = {
  outcome: 'not-printed',
  trouble: {
    reason: 'busy',
    detail: 'the gateway converts as many documents as it may (limits.conversions)',
  },
};

async function tryOnce(job: Job, part: Part, intentKept: Promise<void>, options: TryOptions): Promise<Tried> {
  const { store, driver, userName, halt, progress, converter, describe, refused, isFirst } = options;
  const changes = job.release?.changes ?? {};
  const asked = {
    format: part.format,
    ticket: changedTicket(job.ticket, changes),
    required: changedAttributes(changes),
    count: job.document?.parts === undefined ? job.document?.count : undefined,
  };
  const printer = describe();
  const decision = converter.decide(asked, printer, refused);
  if (decision === 'busy') return { result: CONVERTS_OTHERS, format: part.format, other: false };
  const serving: Serving | undefined = decision === 'as-is' ? undefined : decision;
  const { format, ticket, required } = serving ?? asked;
  const outgoing = new Outgoing({ job, part, store, serving, converts: isFirst ? 'ahead' : 'when-asked' });
  const print: PrintJob = {
    name: job.name,
    userName,
    format,
    octets: serving === undefined ? part.octets : undefined,
    ticket,
    required,
    intentKept,
    open: () => {
      halt.begun();
      return outgoing.open();
    },
    onProgress: (news) => progress.report(news),
  };
  try {
    const result = await driver.print(print, halt.signal);
    const { trouble } = outgoing;
    if (trouble !== undefined && 'trouble' in result)
      return { result: { ...result, trouble }, format, other: false };
    const isRefused = result.outcome === 'not-printed' && result.trouble.reason === 'format-refused';
    const other = isRefused && typeof converter.decide(asked, printer, [...refused, format]) === 'object';
    return { result, format, other };
  } finally {
    halt.ended();
    await outgoing.discard();
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
    // Where the printer counts nothing, nobody calls it zero.
    const pages = ('impressions' in result ? result.impressions : undefined) ?? 'unconfirmed';
    log.info('job was printed', { ...fields, octets: job.document?.octets, impressions: pages });
  }
}
