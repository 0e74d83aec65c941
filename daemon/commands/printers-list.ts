/** `holdfast printers list`: every printer that jobs can go to, and what proves who it is. */
import { z } from 'zod';
import { defineCommand } from './command.ts';
import { type ShownPrinter, shownPrinters } from './listed-printer.ts';
import { table } from './table.ts';

interface Result {
  readonly printers: readonly ShownPrinter[];
}

export const printersList = defineCommand<Record<string, never>, Result>({
  name: 'printers list',
  summary: 'List printers of the configuration and pinned ones, and what proves who they are',
  request: () => ({ arguments: {} }),
  arguments: z.strictObject({}),
  handle: ({ gateway }) => ({ printers: shownPrinters(gateway) }),
  show({ printers }) {
    if (printers.length === 0) return 'no printers';
    const rows = printers.map((each) => [
      each.name,
      each.uri,
      each['known-by'],
      PINS[each.pin],
      each.key?.slice(0, 16) ?? '-',
      each.state,
    ]);
    return table(['PRINTER', 'ADDRESS', 'KNOWN BY', 'PROOF', 'KEY', 'STATE'], rows);
  },
});

const PINS: Readonly<Record<ShownPrinter['pin'], string>> = {
  verified: 'key',
  'not-verifiable': 'not verifiable',
  'wrong-key': 'IMPOSTOR',
  any: 'none',
};
