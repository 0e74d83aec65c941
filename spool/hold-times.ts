/** When the waits that have a name end, in the gateway's time zone: pure functions of the wall clock. */

interface Hours {
  /** Local hours, 0 to 24; past midnight when `to` is not after `from`. */
  readonly from: number;
  readonly to: number;
  /** 0 is Sunday; undefined is every day. */
  readonly days?: readonly number[];
}

/** RFC 8011 §5.2.2 leaves the hours to the printer; these are CUPS's, which people know. */
const HOURS: Readonly<Record<string, Hours>> = {
  'day-time': { from: 6, to: 18 },
  evening: { from: 18, to: 6 },
  night: { from: 18, to: 6 },
  weekend: { from: 0, to: 24, days: [0, 6] },
  'second-shift': { from: 16, to: 24 },
  'third-shift': { from: 0, to: 8 },
};

/** The keywords that stand for a time of the day or the week. */
export const TIME_KEYWORDS: readonly string[] = Object.keys(HOURS);

const WEEK = 7;

/**
 * When the time that a keyword stands for begins; undefined when it is that time now.
 * @param now milliseconds since 1970. @throws RangeError for another keyword.
 */
export function beginOf(keyword: string, now: number): number | undefined {
  const hours = HOURS[keyword];
  if (hours === undefined) throw new RangeError(`not a time: ${keyword}`);
  if (isWithin(hours, new Date(now))) return undefined;
  for (let day = 0; day <= WEEK; day++) {
    const begin = localTime(now, day, hours.from);
    if (begin.getTime() > now && isDay(hours, begin)) return begin.getTime();
  }
  throw new RangeError(`${keyword} never comes`);
}

/** `job-retain-until` keywords that end at a midnight (PWG 5100.7 §6.8). */
export const END_KEYWORDS = ['end-of-day', 'end-of-week', 'end-of-month'] as const;
export type EndKeyword = (typeof END_KEYWORDS)[number];

/** The midnight at which the day, the week (Sunday is its last day) or the month is over. */
export function endOf(keyword: EndKeyword, now: number): number {
  const time = new Date(now);
  switch (keyword) {
    case 'end-of-day':
      return localTime(now, 1, 0).getTime();
    case 'end-of-week':
      return localTime(now, WEEK - ((time.getDay() + 6) % WEEK), 0).getTime();
    case 'end-of-month':
      return new Date(time.getFullYear(), time.getMonth() + 1, 1).getTime();
  }
}

/** Made of local fields, so that an hour that the clocks skip or repeat is found where they show it. */
function localTime(now: number, daysLater: number, hour: number): Date {
  const time = new Date(now);
  return new Date(time.getFullYear(), time.getMonth(), time.getDate() + daysLater, hour);
}

function isWithin(hours: Hours, time: Date): boolean {
  const hour = time.getHours();
  const within =
    hours.from < hours.to ? hour >= hours.from && hour < hours.to : hour >= hours.from || hour < hours.to;
  return within && isDay(hours, time);
}

const isDay = ({ days }: Hours, time: Date): boolean => days?.includes(time.getDay()) ?? true;
