// A job of several documents at the printer: one after the other, and what it means when one of them fails.
import test from 'ava';
import type { PrintResult } from '../../../drivers/printers/port.ts';
import { wholeResult } from '../../../spool/release/send-job.ts';

const trouble = { reason: 'cut', detail: 'x' } as const;

const TABLE: readonly [string, readonly PrintResult[], PrintResult][] = [
  ['one', [{ outcome: 'not-printed', trouble }], { outcome: 'not-printed', trouble }],
  [
    'all counted',
    [
      { outcome: 'completed', impressions: 2 },
      { outcome: 'completed', impressions: 3 },
    ],
    { outcome: 'completed', impressions: 5 },
  ],
  [
    'one not counted',
    [{ outcome: 'completed', impressions: 2 }, { outcome: 'completed' }],
    { outcome: 'completed' },
  ],
  ['one only delivered', [{ outcome: 'delivered' }, { outcome: 'completed' }], { outcome: 'delivered' }],
  [
    'the second refused: the first lies in the tray, so none is sent again',
    [{ outcome: 'completed' }, { outcome: 'not-printed', trouble }],
    { outcome: 'aborted', trouble },
  ],
  [
    'the second cut',
    [
      { outcome: 'completed', impressions: 2 },
      { outcome: 'unknown', trouble },
    ],
    { outcome: 'unknown', trouble },
  ],
];

for (const [name, results, expected] of TABLE) {
  test(name, (t) => t.deepEqual(wholeResult(results), expected));
}
