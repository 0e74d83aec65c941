/** `holdfast panels rename NAME NEW`: an enrolled panel; one of the configuration is renamed there. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { printable } from '../../base/text.ts';
import { checkFree } from '../enrolled-panels.ts';
import { defineCommand } from './command.ts';

interface Arguments {
  readonly from: string;
  readonly to: string;
}

export const panelsRename = defineCommand<Arguments, Arguments>({
  name: 'panels rename',
  summary: 'Give an enrolled panel another name',
  words: [
    ['<name>', 'that it has'],
    ['<new-name>', 'that it gets'],
  ],
  request: ({ words: [from = '', to = ''] }) => ({ arguments: { from, to } }),
  arguments: z.strictObject({ from: z.string().max(63), to: z.string().max(63) }),
  async handle({ gateway, arguments: { from, to } }) {
    if (gateway.live.panels.has(from)) {
      throw new Failure(
        'bad-panel',
        `the panel "${printable(from, 63)}" is in the configuration: rename it there`,
      );
    }
    if (gateway.registry.panel(from) === undefined) {
      throw new Failure('no-such-panel', `there is no panel "${printable(from, 63)}"`);
    }
    checkFree(gateway, to);
    await gateway.registry.rename(from, to);
    return { from, to };
  },
  show: ({ from, to }) => `${from} is ${to} now`,
});
