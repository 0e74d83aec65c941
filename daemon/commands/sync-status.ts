/** `holdfast sync status`: when each directory was asked last, and what is wrong. */
import { z } from 'zod';
import type { SyncState } from '../../identity/directory/sync.ts';
import type { Conflicts } from '../../identity/people/draft.ts';
import { defineCommand } from './command.ts';
import { issueLines } from './plan-issues.ts';
import { localTime, table } from './table.ts';

interface Status extends SyncState {
  readonly conflicts: Conflicts;
}

export const syncStatus = defineCommand<Record<string, never>, { directories: Status[] }>({
  name: 'sync status',
  summary: 'Tell of each directory when it was asked last, and what is wrong',
  request: () => ({ arguments: {} }),
  arguments: z.strictObject({}),
  handle: async ({ gateway }) => ({
    directories: await Promise.all(
      gateway.directories.directories.map(async ({ sync }) => ({
        ...sync.state,
        conflicts: await sync.conflicts(),
      })),
    ),
  }),
  show({ directories }) {
    if (directories.length === 0) return 'no directory is configured';
    const rows = directories.map(({ name, people, lastSuccess, plan, running }) => [
      name,
      String(people),
      lastSuccess === 0 ? 'never' : localTime(lastSuccess),
      plan === undefined ? '' : String(plan),
      running ? 'running' : '',
    ]);
    const troubles = directories
      .filter(({ trouble }) => trouble !== '')
      .map(({ name, trouble }) => `${name}: ${trouble}`);
    const conflicts = directories.flatMap(({ name, conflicts: { count, listed } }) =>
      count === 0 ? [] : [`${name}: given to two people:`, ...issueLines(listed, count)],
    );
    return [table(['DIRECTORY', 'PEOPLE', 'LAST SYNC', 'PLAN', ''], rows), ...troubles, ...conflicts].join(
      '\n',
    );
  },
});
