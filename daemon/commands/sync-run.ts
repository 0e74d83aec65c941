/** `holdfast sync run [NAME]`: asks the directories now. */
import { z } from 'zod';
import type { FailedSync } from '../../identity/directory/schedule.ts';
import type { SyncOutcome } from '../../identity/directory/sync.ts';
import { defineCommand } from './command.ts';
import { issueLines } from './plan-issues.ts';

interface Arguments {
  readonly names: string[];
  readonly full: boolean;
  readonly dryRun: boolean;
}

export const syncRun = defineCommand<Arguments, { syncs: (SyncOutcome | FailedSync)[] }>({
  name: 'sync run',
  summary: 'Ask the directories now who has come, gone or changed',
  words: [['[name...]', 'which; all of them when none is named']],
  options: [
    ['--full', 'read everybody, not only what has changed'],
    ['--dry-run', 'change nothing, only tell what would change'],
  ],
  request: ({ words, options }) => ({
    arguments: { names: [...words], full: options['full'] === true, dryRun: options['dryRun'] === true },
  }),
  arguments: z.strictObject({
    names: z.array(z.string().max(100)).max(100),
    full: z.boolean(),
    dryRun: z.boolean(),
  }),
  handle: async ({ gateway, arguments: { names, full, dryRun }, onProgress }) => ({
    syncs: await gateway.directories.run(names, { full, dryRun, onProgress: (done) => onProgress({ done }) }),
  }),
  show: ({ syncs }) => (syncs.length === 0 ? 'no directory is configured' : syncs.map(shown).join('\n')),
  exitCode: ({ syncs }) => (syncs.some(({ outcome }) => outcome === 'held' || outcome === 'failed') ? 1 : 0),
});

/** What became of one sync, as lines. */
export function shown(sync: SyncOutcome | FailedSync): string {
  if (sync.outcome === 'failed') return `${sync.directory}: ${sync.trouble}`;
  const { directory, outcome, server, full, counts, reasons, plan } = sync;
  const { created, changed, disabled, enabled, removed, unchanged, issues } = counts;
  const numbers = { created, changed, disabled, enabled, removed, unchanged };
  const told = Object.entries(numbers)
    .filter(([, number]) => number > 0)
    .map(([name, number]) => `${number} ${name}`);
  const wrong = issues === 0 ? [] : [issues === 1 ? '1 value to look at' : `${issues} values to look at`];
  const what = [...told, ...wrong].join(', ') || 'nothing has changed';
  const head = `${directory}: ${full ? 'everybody' : 'changes'} from ${server}: ${what}`;
  const listed = issueLines(sync.issues, issues);
  if (outcome === 'applied') return [head, ...listed].join('\n');
  const why = reasons.map((reason) => `  ${reason}`);
  if (outcome === 'previewed')
    return [head, ...listed, ...why, '  nothing was changed (--dry-run)'].join('\n');
  return [
    head,
    ...listed,
    ...why,
    `  nothing was changed; see "holdfast sync show ${plan}", then "holdfast sync accept ${plan}"`,
  ].join('\n');
}
