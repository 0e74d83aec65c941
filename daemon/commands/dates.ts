/** Days as they are typed: `2026-12-31`, in the time zone of whoever typed it. */
import { Failure } from '../../base/errors.ts';

/** Milliseconds since 1970 of the beginning of that day. @throws Failure `bad-option` */
export function startOf(date: string, option: string): number {
  return dayOf(date, option, 0);
}

/** Of the end of that day. @throws Failure `bad-option` */
export function endOf(date: string, option: string): number {
  return dayOf(date, option, 1);
}

function dayOf(date: string, option: string, later: 0 | 1): number {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date) ?? [];
  const start = new Date(Number(year), Number(month) - 1, Number(day));
  if (year === undefined || start.getMonth() !== Number(month) - 1 || start.getDate() !== Number(day)) {
    throw new Failure('bad-option', `${option} is a date such as 2026-12-31`);
  }
  return new Date(Number(year), Number(month) - 1, Number(day) + later).getTime();
}
