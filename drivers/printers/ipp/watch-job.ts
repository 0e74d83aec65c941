/** Asks the printer for a job until it says how it ended. */
import { type Clock, sleep } from '../../../base/clock.ts';
import { messageOf } from '../../../base/errors.ts';
import { type Milliseconds, Seconds } from '../../../base/units.ts';
import type { IppRequestOptions } from '../../../ipp/http/client.ts';
import type { ClientTimeouts } from '../../../ipp/http/timeouts.ts';
import { type Attributes, groupOf } from '../../../ipp/model.ts';
import { JobState } from '../../../ipp/vocabulary/enums.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { readLeniently } from '../../../ipp/vocabulary/read.ts';
import { isSuccessful, Status, statusName } from '../../../ipp/vocabulary/status.ts';
import type { PrintProgress, PrintResult } from '../port.ts';
import type { PrinterTroubles } from './printer-troubles.ts';
import type { PrinterSession } from './session.ts';

export interface WatchOptions {
  readonly session: PrinterSession;
  readonly jobId: number;
  readonly clock: Clock;
  /** Without a change at the printer, or without an answer, for so long nobody knows what became of the job. */
  readonly stallTime: Milliseconds;
  onProgress(progress: PrintProgress): void;
  readonly troubles: PrinterTroubles;
  /** A sheet may have two impressions: where the printer counts only sheets, pages are not known. */
  readonly bothSides: boolean;
}

/** A job of one page is done in a moment; a long one need not be asked for ten times a second. */
const DELAYS = [Seconds(0.05), Seconds(0.1), Seconds(0.2), Seconds(0.4), Seconds(0.8)] as const;
const LONGEST_DELAY = Seconds(1.5);
/** From this poll on the printer is asked for its troubles too; at once when it says that the job does not go on. */
const PATIENCE = 5;

const ASKED = ['job-state', 'job-state-reasons', 'job-impressions-completed', 'job-media-sheets-completed'];

interface Seen {
  readonly state: number;
  readonly reasons: readonly string[];
  readonly impressions: number | undefined;
}

/** Resolves to the end; when the signal is aborted, to `unknown` soon. */
export async function watchJob(options: WatchOptions, signal: AbortSignal): Promise<PrintResult> {
  const { clock, stallTime, onProgress } = options;
  let before = '';
  let changed = clock.monotonic();
  let silence = 'the printer says no more of the job';
  for (let poll = 0; ; poll++) {
    const seen = await look(options.session, options.jobId, options.bothSides, { signal }).catch(
      (error: unknown) => {
        silence = messageOf(error);
        return undefined;
      },
    );
    if (seen === 'gone') return { outcome: 'delivered' };
    const result = seen && endOf(seen);
    if (result?.outcome === 'completed') options.troubles.over();
    if (result !== undefined) return result;
    if (signal.aborted)
      return { outcome: 'unknown', trouble: { reason: 'canceled', detail: 'the release was aborted' } };
    // Those who count nothing say 0 all the time.
    if (seen?.impressions) onProgress({ kind: 'impressions', completed: seen.impressions });
    if (seen !== undefined && (poll >= PATIENCE || seen.state === JobState.processingStopped))
      await options.troubles.look(signal);
    const now = JSON.stringify(seen);
    if (seen !== undefined && now !== before) [before, changed] = [now, clock.monotonic()];
    if (clock.monotonic() - changed > stallTime) {
      return { outcome: 'unknown', trouble: { reason: 'timeout', detail: silence } };
    }
    await sleep(clock, DELAYS[poll] ?? LONGEST_DELAY, signal).catch(() => {});
  }
}

/** The job's end, if it has one by now. */
export async function lookOnce(
  session: PrinterSession,
  jobId: number,
  bothSides: boolean,
  timeouts: Partial<ClientTimeouts>,
): Promise<PrintResult | undefined> {
  const seen = await look(session, jobId, bothSides, { timeouts });
  return seen === 'gone' ? undefined : endOf(seen);
}

/** `gone`: some printers forget a job as soon as it has ended (STANDARDS: treated as taken). */
async function look(
  session: PrinterSession,
  jobId: number,
  bothSides: boolean,
  options: IppRequestOptions,
): Promise<Seen | 'gone'> {
  const attributes = { 'job-id': jobId, 'requested-attributes': ASKED };
  const answer = await session.ask({ operation: Operation.getJobAttributes, attributes, options });
  if (answer.code === Status.clientErrorNotFound || answer.code === Status.clientErrorGone) return 'gone';
  if (!isSuccessful(answer.code)) throw new Error(statusName(answer.code));
  const job = groupOf(answer, 'job');
  return {
    state: readLeniently(job, 'job-state') ?? 0,
    reasons: readLeniently(job, 'job-state-reasons') ?? [],
    impressions: countOf(job, bothSides),
  };
}

function countOf(job: Attributes, bothSides: boolean): number | undefined {
  const impressions = readLeniently(job, 'job-impressions-completed');
  if (impressions !== undefined || bothSides) return impressions;
  return readLeniently(job, 'job-media-sheets-completed');
}

function endOf({ state, reasons, impressions }: Seen): PrintResult | undefined {
  const counted = impressions === undefined || impressions === 0 ? {} : { impressions };
  const detail = `job-state-reasons: ${reasons.slice(0, 10).join(', ')}`;
  switch (state) {
    case JobState.completed:
      return { outcome: 'completed', ...counted };
    case JobState.canceled:
      return { outcome: 'aborted', trouble: { reason: 'canceled-at-printer', detail }, ...counted };
    case JobState.aborted:
      return { outcome: 'aborted', trouble: { reason: 'aborted-by-printer', detail }, ...counted };
    default:
      return undefined;
  }
}
