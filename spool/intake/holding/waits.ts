/** `job-hold-until` and `job-delay-output-until`, each by name or by time, as a client sends them. */
import { Hours, type Milliseconds } from '../../../base/units.ts';
import { millisecondsOf } from '../../../ipp/date-time.ts';
import type { Attribute, Attributes } from '../../../ipp/model.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import { beginOf, TIME_KEYWORDS } from '../../hold-times.ts';
import type { ClientWait } from '../../holding.ts';

/** A week: no name stands for a time that is further away. */
export const LONGEST_WAIT: Milliseconds = Hours(7 * 24);
const DAY: Milliseconds = Hours(24);

interface WaitNames {
  readonly until: 'job-hold-until' | 'job-delay-output-until';
  readonly time: 'job-hold-until-time' | 'job-delay-output-until-time';
  /** The keyword that means that there is none. */
  readonly none: string;
}

export const HOLD: WaitNames = { until: 'job-hold-until', time: 'job-hold-until-time', none: 'no-hold' };
export const DELAY: WaitNames = {
  until: 'job-delay-output-until',
  time: 'job-delay-output-until-time',
  none: 'no-delay-output',
};

export interface ReadWait {
  /** Undefined when nothing was sent that can be done. */
  readonly wait: ClientWait | undefined;
  readonly unsupported: readonly Attribute[];
}

/**
 * A time that has passed is no wait. Of a name and a time that were both sent, the time counts (PWG 5100.7 §6.8.5).
 * @param now milliseconds since 1970
 */
export function readWait(sent: Attributes, names: WaitNames, now: number): ReadWait {
  const unsupported: Attribute[] = [];
  const taken = <T>(name: string, of: () => T | undefined): T | undefined => {
    const attribute = sent.get(name);
    if (attribute === undefined) return undefined;
    const value = fitting(of);
    if (value === undefined) unsupported.push(attribute);
    return value;
  };
  const byName = taken(names.until, () => namedWait(read(sent, names.until), names, now));
  const byTime = taken(names.time, () => {
    const time = read(sent, names.time);
    return time === undefined ? undefined : timedWait(millisecondsOf(time), names, now);
  });
  return { wait: byTime ?? byName, unsupported };
}

function namedWait(keyword: string | undefined, names: WaitNames, now: number): ClientWait | undefined {
  if (keyword === names.none || keyword === 'indefinite') return { until: keyword };
  if (keyword === undefined) return undefined;
  const clockTime = CLOCK_TIME.exec(keyword);
  if (clockTime === null && !TIME_KEYWORDS.includes(keyword)) return undefined;
  const at = clockTime === null ? beginOf(keyword, now) : nextUtc(clockTime, now);
  return at === undefined ? { until: names.none } : { until: keyword, at };
}

/** `HH:MM` and `HH:MM:SS` in UTC, as CUPS's `lp -H` sends them. */
const CLOCK_TIME = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;

/** When clocks that show UTC show that time again. */
function nextUtc([, hour, minute, second]: RegExpExecArray, now: number): number {
  const today = new Date(now).setUTCHours(Number(hour), Number(minute), Number(second ?? 0), 0);
  return today > now ? today : today + DAY;
}

function timedWait(at: number, names: WaitNames, now: number): ClientWait | undefined {
  if (!Number.isFinite(at) || at > now + LONGEST_WAIT) return undefined;
  return at <= now ? { until: names.none } : { until: 'indefinite', at };
}

/** What is not of its syntax is not supported. */
function fitting<T>(of: () => T | undefined): T | undefined {
  try {
    return of();
  } catch {
    return undefined;
  }
}
