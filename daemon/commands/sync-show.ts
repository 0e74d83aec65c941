/** `holdfast sync show PLAN`: who would gain and lose by a sync that waits. */
import { z } from 'zod';
import type { HeldPlan } from '../../identity/directory/sync.ts';
import { defineCommand } from './command.ts';
import { issueLines } from './plan-issues.ts';
import { planNumber } from './plan-number.ts';
import { localTime, table } from './table.ts';

export const syncShow = defineCommand<{ number: number }, HeldPlan>({
  name: 'sync show',
  summary: 'Show what a sync that waits would do, and to whom',
  words: [['<plan>', 'its number, see "holdfast sync status"']],
  request: ({ words: [plan = ''] }) => ({ arguments: { number: planNumber(plan) } }),
  arguments: z.strictObject({ number: z.int().min(1) }),
  handle: ({ gateway, arguments: { number } }) => gateway.directories.plan(number),
  show({ directory, at, reasons, plan }) {
    const { counts, people, issues } = plan;
    const rows = people.map(({ fate, userName, domain, displayName, fields, gained, lost }) => [
      fate,
      domain === '' ? userName : `${userName}@${domain}`,
      displayName,
      [
        ...fields,
        ...credentials('+', gained.cards, gained.codes),
        ...credentials('-', lost.cards, lost.codes),
      ].join(', '),
    ]);
    const all = counts.created + counts.changed + counts.disabled + counts.enabled + counts.removed;
    return [
      `${directory}, ${localTime(at)}: ${reasons.join('; ')}`,
      table(['FATE', 'USER', 'NAME', 'WHAT'], rows),
      ...(all > people.length ? [`… and ${all - people.length} more`] : []),
      ...(issues.length === 0
        ? []
        : [
            counts.issues === 1 ? '1 value to look at:' : `${counts.issues} values to look at:`,
            ...issueLines(issues, counts.issues),
          ]),
    ].join('\n');
  },
});

const credentials = (sign: string, cards: number, codes: number): string[] => [
  ...(cards > 0 ? [`${sign}${cards} cards`] : []),
  ...(codes > 0 ? [`${sign}${codes} codes`] : []),
];
