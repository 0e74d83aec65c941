/** `holdfast people import FILE`: creates, updates and deletes people, all of the file or nothing unless told otherwise. */
import { z } from 'zod';
import { Failure, messageOf } from '../../base/errors.ts';
import { nodeFiles } from '../../base/files/node-files.ts';
import { readSmallFile } from '../../base/files/small-files.ts';
import { isMailAddress } from '../../base/mail/message.ts';
import type { ImportOptions, ImportOutcome } from '../../identity/import/file.ts';
import { LARGEST_UPLOAD } from '../control/protocol.ts';
import { defineCommand } from './command.ts';
import { importReport, mailImportReport, type ReportMail } from './import-report.ts';

const FORMATS = ['lexmark', 'papercut'] as const;
const NUMBERS = ['cards', 'codes', 'cards,codes', 'codes,cards'] as const;

const schema = z.strictObject({
  file: z.string().max(4096),
  format: z.enum(FORMATS),
  numbers: z.enum(NUMBERS),
  perRow: z.boolean(),
  dryRun: z.boolean(),
  mailReport: z
    .string()
    .refine(isMailAddress, { error: 'not an address such as name@example.org' })
    .optional(),
});

type Arguments = z.infer<typeof schema>;
type Result = ImportOutcome & { readonly file: string; readonly mail?: ReportMail };

export const peopleImport = defineCommand<Arguments, Result>({
  name: 'people import',
  summary: 'Create, update and delete people from a CSV file, all of it or nothing',
  words: [['<file>', 'CSV with the header EMAIL,OPERATION,…; see docs/people.md']],
  options: [
    [
      '--format <format>',
      "lexmark (unless told) or papercut: PaperCut's user list as CSV, or its batch user file",
    ],
    [
      '--numbers <kinds>',
      'what PaperCut\'s primary and secondary numbers are: cards (unless told), codes, "cards,codes" or "codes,cards"',
    ],
    ['--per-row', 'leave out the rows that are wrong and carry out the others'],
    ['--dry-run', 'change nothing, only tell what would change'],
    ['--mail-report <address>', 'send the report there too'],
  ],
  async request({ words: [file = ''], options }) {
    const { format = 'lexmark', numbers, mailReport } = options;
    if (!FORMATS.some((each) => each === format)) throw bad(`--format is one of ${FORMATS.join(', ')}`);
    const kinds = String(numbers ?? 'cards').replaceAll(' ', '');
    if (!NUMBERS.some((each) => each === kinds)) throw bad(`--numbers is one of ${NUMBERS.join(' | ')}`);
    if (numbers !== undefined && format !== 'papercut') throw bad('--numbers goes with --format papercut');
    if (mailReport !== undefined && !isMailAddress(String(mailReport))) {
      throw bad('--mail-report is an address such as name@example.org');
    }
    const upload = await readSmallFile(nodeFiles, file, LARGEST_UPLOAD).catch((cause: unknown) => {
      throw new Failure('cannot-read', `${file} cannot be read: ${messageOf(cause)}`, { cause });
    });
    if (upload === undefined) throw new Failure('cannot-read', `there is no file ${file}`);
    return {
      arguments: {
        file,
        format: format as Arguments['format'],
        numbers: kinds as Arguments['numbers'],
        perRow: options['perRow'] === true,
        dryRun: options['dryRun'] === true,
        ...(mailReport === undefined ? {} : { mailReport: String(mailReport) }),
      },
      upload,
    };
  },
  arguments: schema,
  async handle({ gateway, arguments: { file, mailReport, ...asked }, upload, onProgress }) {
    const options: ImportOptions = {
      format: asked.format === 'lexmark' ? 'lexmark' : { papercut: numbersOf(asked.numbers) },
      perRow: asked.perRow,
      dryRun: asked.dryRun,
      passwords: gateway.credentials.localPasswords,
      onProgress,
    };
    const outcome = { ...(await gateway.identity.importPeople(upload, options)), file };
    if (mailReport === undefined) return outcome;
    const from = gateway.config.gateway.name;
    return { ...outcome, mail: await mailImportReport(gateway.mailer, from, mailReport, outcome) };
  },
  show(result) {
    const { mail } = result;
    return [importReport(result), ...(mail === undefined ? [] : [mail.told])].join('\n');
  },
  exitCode: ({ count, mail }) => (count > 0 || mail?.sent === false ? 1 : 0),
});

function numbersOf(kinds: Arguments['numbers']): { primary: 'card' | 'code'; secondary: 'card' | 'code' } {
  const [primary = 'cards', secondary = primary] = kinds.split(',');
  const one = (kind: string) => (kind === 'codes' ? 'code' : 'card');
  return { primary: one(primary), secondary: one(secondary) };
}

const bad = (message: string) => new Failure('bad-option', message);
