/** `holdfast printers import FILE.csv`: one approval for a fleet: shows what would be pinned, and pins that by --yes. */
import { z } from 'zod';
import { Failure, messageOf } from '../../base/errors.ts';
import { nodeFiles } from '../../base/files/node-files.ts';
import { readSmallFile } from '../../base/files/small-files.ts';
import { LARGEST_PRINTER_FILE } from '../pinning.ts';
import type { PlannedPin } from '../printer-import.ts';
import { defineCommand } from './command.ts';
import { fingerprint, shownModel } from './listed-printer.ts';
import { table } from './table.ts';

interface Shown {
  readonly line: number;
  readonly printer: string;
  readonly uri: string;
  readonly 'make-and-model': string | null;
  readonly key: string | null;
  readonly uuid: string | null;
  readonly verifiable: boolean;
  readonly change: 'add' | 'none';
  readonly problem: string | null;
}

interface Result {
  readonly pinned: boolean;
  readonly rows: readonly Shown[];
}

export const printersImport = defineCommand<{ yes: boolean; perRow: boolean }, Result>({
  name: 'printers import',
  summary: 'Pin the printers of a CSV file: without --yes, show what would be pinned',
  words: [
    ['<file>', 'CSV with the header NAME,URI,KEY,UUID,DEVICE-ID,INFO,LOCATION,FORMATS; see docs/printers.md'],
  ],
  options: [
    ['--yes', 'pin what was shown'],
    ['--per-row', 'leave out the rows that are wrong'],
  ],
  async request({ words: [file = ''], options }) {
    const upload = await readSmallFile(nodeFiles, file, LARGEST_PRINTER_FILE).catch((cause: unknown) => {
      throw new Failure('cannot-read', `${file} cannot be read: ${messageOf(cause)}`, { cause });
    });
    if (upload === undefined) throw new Failure('cannot-read', `there is no file ${file}`);
    return {
      arguments: { yes: options['yes'] === true, perRow: options['perRow'] === true },
      upload,
    };
  },
  arguments: z.strictObject({ yes: z.boolean(), perRow: z.boolean() }),
  async handle({ gateway, arguments: { yes, perRow }, upload, onProgress }) {
    const { printerImport } = gateway;
    const plan = yes
      ? await printerImport.apply(upload, perRow)
      : await printerImport.preview(upload, (done, of) => onProgress({ done, of }));
    return { pinned: yes, rows: plan.map(shownRow) };
  },
  show({ pinned, rows }) {
    const wrong = rows.filter(({ problem }) => problem !== null);
    const cells = rows.map((each) => [
      each.printer,
      each.uri || '(configuration)',
      each['make-and-model'] ?? '-',
      each.problem === null ? (each.verifiable ? 'key' : 'not verifiable') : 'PROBLEM',
      each.change === 'none' ? '-' : pinned ? 'pinned' : 'would be pinned',
    ]);
    const keys = rows.flatMap(({ printer, key }) =>
      key === null ? [] : [`  ${printer}  ${fingerprint(key)}`],
    );
    return [
      table(['PRINTER', 'ADDRESS', 'MODEL', 'PROOF', 'CHANGE'], cells),
      ...(keys.length > 0 && !pinned ? ['', 'Keys (SHA-256):', ...keys] : []),
      ...(wrong.length > 0
        ? ['', ...wrong.map(({ line, printer, problem }) => `line ${line} (${printer}): ${problem}`)]
        : []),
      ...(pinned ? [] : ['', 'Nothing was pinned yet. With --yes exactly this is.']),
    ].join('\n');
  },
  exitCode: ({ rows }) => (rows.some(({ problem }) => problem !== null) ? 1 : 0),
});

const shownRow = ({ line, name, uri, pin, model, change, problem }: PlannedPin): Shown => ({
  line,
  printer: name,
  uri,
  'make-and-model': shownModel(model),
  key: pin?.key ?? null,
  uuid: pin?.uuid ?? null,
  verifiable: pin?.key !== undefined,
  change,
  problem: problem ?? null,
});
