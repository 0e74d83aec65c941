/** `holdfast printers discover`: asks the network who is there, and each printer what it can do. */
import { z } from 'zod';
import { defineCommand } from './command.ts';
import { fingerprint, type ShownFound, shownFound } from './listed-printer.ts';
import { table } from './table.ts';

interface Result {
  readonly found: readonly ShownFound[];
}

export const printersDiscover = defineCommand<Record<string, never>, Result>({
  name: 'printers discover',
  summary: 'Look for printers on the network, and tell what each can do and who it is',
  request: () => ({ arguments: {} }),
  arguments: z.strictObject({}),
  async handle({ gateway }) {
    return { found: (await gateway.foundPrinters.discover()).map(shownFound) };
  },
  show({ found }) {
    if (found.length === 0) return 'no printer announces itself here';
    const rows = found.map((each) => [
      each.id,
      each.name,
      each['make-and-model'] ?? '-',
      placeOf(each),
      abilities(each),
      stateOf(each),
    ]);
    const keys = found
      .filter(({ key }) => key !== null)
      .map(({ id, key }) => `  ${id}  ${fingerprint(key ?? '')}`);
    const troubles = found
      .filter(({ trouble }) => trouble !== null)
      .map(({ id, trouble }) => `  ${id}  ${trouble}`);
    return [
      table(['FOUND', 'NAME', 'MODEL', 'ADDRESS', 'CAN', 'STATE'], rows),
      ...(keys.length > 0 ? ['', 'Keys (SHA-256):', ...keys] : []),
      ...(troubles.length > 0 ? ['', 'Not asked, or silent:', ...troubles] : []),
    ].join('\n');
  },
});

const placeOf = ({ uri, address }: ShownFound): string =>
  uri?.replace(/^(\w+:\/\/[^/]*).*$/, '$1') ?? address ?? '-';

/** Short names of what most people look for. */
const SHORT: readonly (readonly [format: string, name: string])[] = [
  ['application/pdf', 'PDF'],
  ['image/urf', 'URF'],
  ['image/pwg-raster', 'PWG'],
  ['image/jpeg', 'JPEG'],
  ['application/postscript', 'PS'],
  ['application/vnd.hp-pcl', 'PCL'],
];

function abilities({ formats, color, duplex }: ShownFound): string {
  const short = SHORT.flatMap(([format, name]) => (formats.includes(format) ? name : []));
  return (
    [...short, ...(color === true ? ['colour'] : []), ...(duplex === true ? ['duplex'] : [])].join(' ') || '-'
  );
}

function stateOf({ state, printer, key }: ShownFound): string {
  const who = printer === null ? '' : ` ${printer}`;
  if (state === 'impostor') return `IMPOSTOR of${who}`;
  if (state === 'pinned' && key === null) return `pinned${who}, not verifiable`;
  return `${state}${who}`;
}
