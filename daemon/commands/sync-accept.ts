/** `holdfast sync accept PLAN`: carries out a sync that waits, exactly as it was shown. */
import { z } from 'zod';
import type { SyncOutcome } from '../../identity/directory/sync.ts';
import { defineCommand } from './command.ts';
import { planNumber } from './plan-number.ts';
import { shown } from './sync-run.ts';

export const syncAccept = defineCommand<{ number: number }, SyncOutcome>({
  name: 'sync accept',
  summary: 'Carry out a sync that waits, exactly as it was shown',
  words: [['<plan>', 'its number, see "holdfast sync status"']],
  request: ({ words: [plan = ''] }) => ({ arguments: { number: planNumber(plan) } }),
  arguments: z.strictObject({ number: z.int().min(1) }),
  handle: ({ gateway, arguments: { number }, onProgress }) =>
    gateway.directories.accept(number, { onProgress: (done) => onProgress({ done }) }),
  show: shown,
});
