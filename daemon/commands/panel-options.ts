/** What several commands for panels take: at which printers a new one stands. */
import { z } from 'zod';
import type { Typed } from './command.ts';

export const panelOptions = [
  ['--printer <printer>', 'where a new panel stands'],
  ['--printers <printers>', 'several with commas, from which people choose'],
] as const;

export const printerWords = z.array(z.string().min(1).max(63)).max(100);

export function printersTyped(options: Typed['options']): string[] {
  return [options['printer'], options['printers']]
    .flatMap((typed) => (typeof typed === 'string' ? typed.split(',') : []))
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
