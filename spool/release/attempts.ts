/** Whether a try that did not print is made again, and when: a pure function with a table of delays. */
import { type Milliseconds, Seconds } from '../../base/units.ts';
import type { PrintResult, TroubleReason } from '../../drivers/printers/port.ts';

export interface Attempts {
  /** Tries so far, the one that has just ended included: 1 and more. */
  readonly made: number;
  /** Since the first try began. */
  readonly elapsed: Milliseconds;
}

export type NextStep = { readonly kind: 'finish' } | { readonly kind: 'again'; readonly after: Milliseconds };

const FINISH: NextStep = { kind: 'finish' };

/** A connection that broke before the document began may just have been an old one; more than that is a real fault. */
const TRIES_AFTER_A_CUT = 2;
/** A printer that prints for somebody else is asked at a growing distance. */
const BUSY_DELAYS = [Seconds(0.5), Seconds(1), Seconds(2), Seconds(3)] as const;
const LONGEST_BUSY_DELAY = Seconds(5);

/** @param busyTime how long a busy printer is waited for while somebody stands there. */
export function afterAttempt(result: PrintResult, attempts: Attempts, busyTime: Milliseconds): NextStep {
  if (result.outcome !== 'not-printed') return FINISH;
  switch (kindOf(result.trouble.reason)) {
    case 'busy': {
      const after = BUSY_DELAYS[attempts.made - 1] ?? LONGEST_BUSY_DELAY;
      return attempts.elapsed + after <= busyTime ? { kind: 'again', after } : FINISH;
    }
    case 'cut':
      return attempts.made < TRIES_AFTER_A_CUT ? { kind: 'again', after: Seconds(0) } : FINISH;
    case 'lasting':
      return FINISH;
  }
}

function kindOf(reason: TroubleReason): 'busy' | 'cut' | 'lasting' {
  if (reason === 'busy') return 'busy';
  return reason === 'cut' ? 'cut' : 'lasting';
}
