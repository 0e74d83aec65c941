/** Between milliseconds since 1970 and dateTime values, which we write in UTC. */
import type { IppDateTime } from './model.ts';

/** @param milliseconds since 1970-01-01 UTC; years 0 to 9999. */
export function dateTimeOf(milliseconds: number): IppDateTime {
  const time = new Date(milliseconds);
  return {
    year: time.getUTCFullYear(),
    month: time.getUTCMonth() + 1,
    day: time.getUTCDate(),
    hour: time.getUTCHours(),
    minute: time.getUTCMinutes(),
    second: time.getUTCSeconds(),
    deciSecond: Math.floor(time.getUTCMilliseconds() / 100),
    offset: 0,
  };
}

/** Milliseconds since 1970 of a moment, whatever offset it was written with. */
export function millisecondsOf(time: IppDateTime): number {
  const { year, month, day, hour, minute, second, deciSecond, offset } = time;
  return Date.UTC(year, month - 1, day, hour, minute - offset, second, deciSecond * 100);
}
