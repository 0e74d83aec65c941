/** What becomes of a mail with a code after it was tried: a pure function. */
import type { MailFate } from '../../../base/mail/mailer.ts';
import { Days, Hours, type Milliseconds, Minutes } from '../../../base/units.ts';
import type { CodeMailState } from './rows.ts';

const FIRST_DELAY = Minutes(1);
const LONGEST_DELAY = Hours(1);
/** RFC 5321 §4.5.4.1: give up after 4 to 5 days. */
export const GIVE_UP_AFTER = Days(5);

export interface Tried {
  /** With this one, ≥ 1. */
  readonly tries: number;
  /** Milliseconds since 1970. */
  readonly queuedAt: number;
}

export interface Settled {
  readonly state: CodeMailState;
  /** Milliseconds since 1970: when it is tried again. */
  readonly dueAt: number;
  /** The code is not needed any more. */
  readonly wipe: boolean;
}

/** @param now milliseconds since 1970 */
export function afterTry(fate: MailFate, { tries, queuedAt }: Tried, now: number): Settled {
  switch (fate) {
    case 'accepted':
      return { state: 'sent', dueAt: now, wipe: true };
    case 'refused':
    case 'unknown':
      return { state: fate, dueAt: now, wipe: false };
    case 'deferred': {
      if (now - queuedAt >= GIVE_UP_AFTER) return { state: 'refused', dueAt: now, wipe: false };
      return { state: 'deferred', dueAt: now + delayAfter(tries), wipe: false };
    }
  }
}

/** Doubles from a minute to an hour. @param tries ≥ 1 */
export function delayAfter(tries: number): Milliseconds {
  return Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** Math.min(tries - 1, 10)) as Milliseconds;
}
