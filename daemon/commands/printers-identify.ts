/** `holdfast printers identify NAME`: the printer blinks, beeps or shows a word, so that it is found in the room. */
import { z } from 'zod';
import { defineCommand } from './command.ts';

interface Result {
  readonly printer: string;
  /** Empty when the printer chose by itself. */
  readonly actions: readonly string[];
}

export const printersIdentify = defineCommand<{ name: string }, Result>({
  name: 'printers identify',
  summary: 'Make a printer blink, beep or show a word, so that it is found in the room',
  words: [['<name>', 'of a printer, as "printers list" shows it']],
  request: ({ words: [name = ''] }) => ({ arguments: { name } }),
  arguments: z.strictObject({ name: z.string().max(63) }),
  async handle({ gateway, arguments: { name } }) {
    return { printer: name, actions: await gateway.identifyPrinter(name) };
  },
  show: ({ printer, actions }) =>
    actions.length === 0 ? `${printer} was asked to show itself` : `${printer}: ${actions.join(', ')}`,
});
