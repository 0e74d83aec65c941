/** How long a new job is held and kept: `job-cancel-after`, `job-retain-until*` and `job-storage`. */
import type { Milliseconds } from '../../../base/units.ts';
import { millisecondsOf } from '../../../ipp/date-time.ts';
import type { Attribute, Attributes } from '../../../ipp/model.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import { END_KEYWORDS, endOf } from '../../hold-times.ts';
import type { StorageDisposition } from '../../holding.ts';
import type { Call } from '../call.ts';

interface Times {
  readonly now: number;
  /** When its waits are over, or now. */
  readonly from: number;
  /** How long a job is held at the most. */
  readonly heldTime: Milliseconds;
}

interface Keeping {
  readonly expiresAt: number;
  readonly endsAt?: number;
  readonly storage?: StorageDisposition;
  readonly stored?: true;
  readonly keepUntil?: number;
}

interface ReadKeeping {
  readonly terms: Keeping;
  readonly unsupported: readonly Attribute[];
}

/** Nothing of it goes past what the queue's own `retention.held` allows. */
export function readKeeping(sent: Attributes, call: Call, times: Times): ReadKeeping {
  const unsupported: Attribute[] = [];
  const told = <T>(attribute: Attribute | undefined, value: T | undefined): T | undefined => {
    if (attribute !== undefined && value === undefined) unsupported.push(attribute);
    return value;
  };
  const from = (name: string, of: () => number | undefined) => told(sent.get(name), fitting(of));

  const cancelAfter = from('job-cancel-after', () =>
    within(read(sent, 'job-cancel-after'), 1, times.heldTime / 1000),
  );
  const endsAt = cancelAfter === undefined ? undefined : times.now + cancelAfter * 1000;
  const expiresAt = Math.min(times.from + times.heldTime, endsAt ?? Number.POSITIVE_INFINITY);
  const retained = [
    from('job-retain-until', () => namedEnd(read(sent, 'job-retain-until'), times.now, expiresAt)),
    from('job-retain-until-interval', () => {
      const seconds = within(read(sent, 'job-retain-until-interval'), 0, times.heldTime / 1000);
      return seconds === undefined ? undefined : times.now + seconds * 1000;
    }),
    from('job-retain-until-time', () => {
      const time = read(sent, 'job-retain-until-time');
      return time === undefined ? undefined : within(millisecondsOf(time), 0, times.now + times.heldTime);
    }),
  ].filter((each) => each !== undefined);
  const disposition = told(call.group('operation').get('job-storage'), readStorage(call));
  const storage = disposition === 'none' ? undefined : disposition;
  if (storage !== undefined) retained.push(expiresAt);
  const keepUntil = Math.min(expiresAt, Math.max(0, ...retained));
  return {
    terms: {
      expiresAt,
      ...(endsAt === undefined ? {} : { endsAt }),
      ...(storage === undefined ? {} : { storage }),
      ...(storage === 'store-only' ? { stored: true } : {}),
      ...(keepUntil > times.now ? { keepUntil } : {}),
    },
    unsupported,
  };
}

/** 0 is not at all. */
function namedEnd(keyword: string | undefined, now: number, expiresAt: number): number | undefined {
  if (keyword === 'none') return 0;
  if (keyword === 'indefinite') return expiresAt;
  const end = END_KEYWORDS.find((each) => each === keyword);
  return end === undefined ? undefined : endOf(end, now);
}

/** Kept for its owner alone: nobody else's access is offered, and no groups. */
function readStorage(call: Call): StorageDisposition | 'none' | undefined {
  const asked = call.operation('job-storage');
  if (asked === undefined || asked['job-storage-group'] !== undefined) return undefined;
  if ((asked['job-storage-access'] ?? 'owner') !== 'owner') return undefined;
  const disposition = asked['job-storage-disposition'];
  return DISPOSITIONS.find((each) => each === disposition);
}

const DISPOSITIONS = ['none', 'print-and-store', 'store-only'] as const;

const within = (value: number | undefined, lower: number, upper: number): number | undefined =>
  value !== undefined && value >= lower && value <= upper ? value : undefined;

/** What is not of its syntax is not supported. */
function fitting(of: () => number | undefined): number | undefined {
  try {
    return of();
  } catch {
    return undefined;
  }
}
