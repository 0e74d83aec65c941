/** `holdfast keys owed`: who still has to be given something after `keys rekey`. */
import { z } from 'zod';
import type { Owed } from '../../identity/rekey/tables.ts';
import { defineCommand } from './command.ts';
import { owedTable } from './keys-rekey.ts';

export const keysOwed = defineCommand<Record<string, never>, { readonly owed: readonly Owed[] }>({
  name: 'keys owed',
  summary: 'List who still has to be given a card, code, PIN, password or token after "keys rekey"',
  request: () => ({ arguments: {} }),
  arguments: z.strictObject({}),
  handle: async ({ gateway: { rekey } }) => ({ owed: await rekey.owed() }),
  show: ({ owed }) => (owed.length === 0 ? 'nobody waits for anything' : owedTable(owed)),
});
