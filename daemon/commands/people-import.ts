/** `holdfast people import FILE.csv`: creates, updates and deletes people, all of the file or nothing. */
import { z } from 'zod';
import { Failure, messageOf } from '../../base/errors.ts';
import { nodeFiles } from '../../base/files/node-files.ts';
import { readSmallFile } from '../../base/files/small-files.ts';
import type { ImportOutcome } from '../../identity/import/file.ts';
import { LARGEST_UPLOAD } from '../control/protocol.ts';
import { defineCommand } from './command.ts';

type Result = ImportOutcome & { readonly file: string };

export const peopleImport = defineCommand<{ file: string }, Result>({
  name: 'people import',
  summary: 'Create, update and delete people from a CSV file, all of it or nothing',
  words: [['<file>', 'CSV with the header EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME,CODE; see docs/people.md']],
  async request({ words: [file = ''] }) {
    const upload = await readSmallFile(nodeFiles, file, LARGEST_UPLOAD).catch((cause: unknown) => {
      throw new Failure('cannot-read', `${file} cannot be read: ${messageOf(cause)}`, { cause });
    });
    if (upload === undefined) throw new Failure('cannot-read', `there is no file ${file}`);
    return { arguments: { file }, upload };
  },
  arguments: z.strictObject({ file: z.string().max(4096) }),
  handle: async ({ gateway, arguments: { file }, upload }) => ({
    ...(await gateway.identity.importPeople(upload)),
    file,
  }),
  show(result) {
    if (result.applied) {
      const { created, updated, deleted, unchanged } = result.report;
      return `${created} created, ${updated} updated, ${deleted} deleted, ${unchanged} unchanged`;
    }
    const lines = result.problems.map(({ line, column, message }) => {
      const place =
        line === 0 ? result.file : `${result.file}:${line}${column === undefined ? '' : ` ${column}`}`;
      return `${place}: ${message}`;
    });
    const more = result.count - result.problems.length;
    const rest = more > 0 ? [`… and ${more} more`] : [];
    return [...lines, ...rest, 'nothing was changed'].join('\n');
  },
  exitCode: (result) => (result.applied ? 0 : 1),
});
