/** What became of an import, for a terminal and for a mail. No code, card, PIN or password stands in it. */
import { randomUUID } from 'node:crypto';
import { Failure } from '../../base/errors.ts';
import type { Mailer } from '../../base/mail/mailer.ts';
import { displayable } from '../../base/text.ts';
import type { ImportOutcome } from '../../identity/import/file.ts';
import type { ImportProblem } from '../../identity/import/problems.ts';

type Reported = ImportOutcome & { readonly file: string };

export interface ReportMail {
  readonly sent: boolean;
  /** In one line. */
  readonly told: string;
}

/** Lines of `FILE:LINE COLUMN: what is wrong`, then what was done, or that nothing was. */
export function importReport(result: Reported): string {
  const { applied, previewed, report, passwords, encoding, refused, count } = result;
  const place = ({ line, column }: ImportProblem) =>
    `${displayable(result.file)}:${line}${column === undefined ? '' : ` ${column}`}`;
  const lines = result.problems.map((each) => `${place(each)}: ${each.message}`);
  const more = count - result.problems.length;
  if (more > 0) lines.push(`… and ${more} more`);
  lines.push(...result.remarks.map((each) => `${place(each)}: ${each.message}`));
  if (encoding !== undefined && encoding !== 'UTF-8') lines.push(`read as ${encoding}; look at the names`);
  if (applied || previewed) {
    const { created, updated, deleted, unchanged } = report;
    const counts = `${created} created, ${updated} updated, ${deleted} deleted, ${unchanged} unchanged`;
    const set = passwords === 0 ? '' : `, ${passwords} ${passwords === 1 ? 'password' : 'passwords'} set`;
    const out = refused === 0 ? '' : `, ${refused} ${refused === 1 ? 'row' : 'rows'} left out`;
    lines.push(`${counts}${set}${out}`);
  }
  if (!applied) lines.push(`nothing was changed${previewed ? ' (--dry-run)' : ''}`);
  return lines.join('\n');
}

/** The import is done whatever becomes of the mail. */
export async function mailImportReport(
  mailer: Mailer,
  gateway: string,
  address: string,
  result: Reported,
): Promise<ReportMail> {
  try {
    const { outcomes } = await mailer.send({
      to: [address],
      subject: `${gateway}: import of people, ${result.applied ? 'done' : 'nothing was changed'}`,
      text: `${importReport(result)}\n`,
      id: `people-import.${randomUUID()}`,
    });
    const [outcome] = outcomes;
    const sent = outcome?.fate === 'accepted';
    const why = outcome?.reply ? `: ${outcome.reply}` : '';
    return { sent, told: sent ? `report mailed to ${address}` : `report not mailed: ${outcome?.fate}${why}` };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { sent: false, told: `report not mailed: ${error.message}` };
  }
}
