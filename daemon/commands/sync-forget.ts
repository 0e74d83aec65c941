/** `holdfast sync forget NAME`: lets the people of a directory go that the configuration names no more. */
import { z } from 'zod';
import { LONGEST_TEXT, type PeoplePlan } from '../../identity/people/draft.ts';
import { defineCommand } from './command.ts';
import { table } from './table.ts';

interface Arguments {
  readonly name: string;
  readonly plan?: string | undefined;
}

type Result =
  | { readonly directory: string; readonly plan: PeoplePlan }
  | { readonly directory: string; readonly removed: number };

/** Of the plan's digest; a person types it, and it only tells one plan from another. */
const TYPED = 12;

export const syncForget = defineCommand<Arguments, Result>({
  name: 'sync forget',
  summary: 'Show who would go with a directory that is not configured any more; with --plan let them go',
  words: [['<name>', 'as the configuration had it']],
  options: [['--plan <id>', 'what was shown, and is to be done']],
  request: ({ words: [name = ''], options }) => ({
    arguments: { name, ...(typeof options['plan'] === 'string' ? { plan: options['plan'] } : {}) },
  }),
  arguments: z.strictObject({
    name: z.string().min(1).max(LONGEST_TEXT),
    plan: z
      .string()
      .regex(/^[0-9a-f]{12}$/, 'is no plan: see "holdfast sync forget NAME"')
      .optional(),
  }),
  async handle({ gateway: { forgotten }, arguments: { name, plan: typed } }) {
    const plan = await forgotten.preview(name);
    if (typed === undefined) return { directory: name, plan };
    const digest = plan.digest.startsWith(typed) ? plan.digest : '';
    return { directory: name, removed: (await forgotten.forget(name, digest)).removed };
  },
  show(result) {
    if ('removed' in result) return `${result.removed} people of ${result.directory} removed`;
    const { directory, plan } = result;
    const { counts, people, digest } = plan;
    const rows = people.map(({ userName, domain, displayName, lost }) => [
      domain === '' ? userName : `${userName}@${domain}`,
      displayName,
      `${lost.cards} cards, ${lost.codes} codes`,
    ]);
    return [
      `${counts.removed} people of ${directory} would go: their sessions and tokens end at once, held jobs within a day`,
      table(['USER', 'NAME', 'LOSES'], rows),
      ...(counts.removed > people.length ? [`… and ${counts.removed - people.length} more`] : []),
      `To do it: holdfast sync forget ${directory} --plan ${digest.slice(0, TYPED)}`,
    ].join('\n');
  },
});
