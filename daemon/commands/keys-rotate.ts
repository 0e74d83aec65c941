/** `holdfast keys rotate`: another key file, under which everything is wrapped anew. */
import { z } from 'zod';
import { defineCommand } from './command.ts';

export const keysRotate = defineCommand<Record<string, never>, { readonly file: string }>({
  name: 'keys rotate',
  summary: 'Replace the key file; jobs, codes, passwords and tokens go on working',
  request: () => ({ arguments: {} }),
  arguments: z.strictObject({}),
  async handle({ gateway }) {
    await gateway.secrets.rotate();
    gateway.log.info('gateway key replaced');
    return { file: gateway.config.gateway.keyFile };
  },
  show: ({ file }) =>
    `${file} is a new key now. Back it up, with the state directory as it is now: an older backup needs the older key`,
});
