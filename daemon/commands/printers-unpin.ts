/** `holdfast printers unpin NAME...`: found and imported printers are ours no more, configured ones are believed with any key. */
import { z } from 'zod';
import { defineCommand } from './command.ts';

interface Result {
  readonly unpinned: readonly string[];
  readonly unknown: readonly string[];
}

export const printersUnpin = defineCommand<{ names: string[] }, Result>({
  name: 'printers unpin',
  summary: 'Forget pinned printers; those of the configuration stay, and are believed with any key',
  words: [['<name...>', 'of printers, as "printers list" shows them']],
  request: ({ words }) => ({ arguments: { names: [...new Set(words)] } }),
  arguments: z.strictObject({ names: z.array(z.string().max(63)).min(1).max(10_000) }),
  async handle({ gateway, arguments: { names } }) {
    const unpinned = await gateway.pins.remove(names);
    return { unpinned, unknown: names.filter((name) => !unpinned.includes(name)) };
  },
  show: ({ unpinned, unknown }) =>
    [
      ...unpinned.map((name) => `${name}: unpinned`),
      ...unknown.map((name) => `${name}: not a pinned printer`),
    ].join('\n'),
  exitCode: ({ unknown }) => (unknown.length === 0 ? 0 : 1),
});
