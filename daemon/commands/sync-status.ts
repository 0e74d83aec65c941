/** `holdfast sync status`: when each directory was asked last, and what is wrong. */
import { z } from 'zod';
import type { SyncState } from '../../identity/directory/sync.ts';
import { defineCommand } from './command.ts';
import { localTime, table } from './table.ts';

export const syncStatus = defineCommand<Record<string, never>, { directories: SyncState[] }>({
  name: 'sync status',
  summary: 'Tell of each directory when it was asked last, and what is wrong',
  request: () => ({ arguments: {} }),
  arguments: z.strictObject({}),
  handle: ({ gateway }) => ({ directories: gateway.directories.directories.map(({ sync }) => sync.state) }),
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
    return [table(['DIRECTORY', 'PEOPLE', 'LAST SYNC', 'PLAN', ''], rows), ...troubles].join('\n');
  },
});
