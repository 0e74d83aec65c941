/** People as lines of a file that `people import` reads: the same format, without anything secret. */
import type { Identity } from '../identity.ts';
import type { PersonProfile } from '../people/draft.ts';
import { asCell, listCell, quoted } from './cells.ts';
import { LEXMARK_COLUMNS } from './rows.ts';
import type { Turns } from './turns.ts';

/** People in one part, and read from the store at once. */
const PART = 100;

/**
 * Hands everybody to `write`, in parts that end with a line. Every row is an UPDATE, so that the file imported again changes
 * nothing. Gives how many people there are in it.
 */
export async function exportPeople(
  people: Pick<Identity, 'profiles' | 'byUserName' | 'size'>,
  write: (part: string) => Promise<void>,
  turns: Turns,
  onProgress: (progress: { readonly done: number; readonly of: number }) => void,
): Promise<number> {
  let header = `${LEXMARK_COLUMNS.join(',')}\n`;
  let done = 0;
  for (let after: PersonProfile | undefined; ; ) {
    const page = await people.profiles({ limit: PART, ...(after === undefined ? {} : { after: after.id }) });
    let part = header;
    header = '';
    await turns.forEach(page, (profile) => {
      part += lineOf(profile, people.byUserName(profile.userName) !== undefined);
    });
    if (part !== '') await write(part);
    done += page.length;
    after = page.at(-1);
    if (after === undefined) return done;
    onProgress({ done, of: Math.max(done, people.size) });
  }
}

/** @param unique nobody else has that user name, in whatever domain */
function lineOf(person: PersonProfile, unique: boolean): string {
  const { userName, domain, attributes } = person;
  const cells: Record<(typeof LEXMARK_COLUMNS)[number], string> = {
    EMAIL: person.email,
    OPERATION: 'UPDATE',
    PASSWORD: '',
    FIRST_NAME: person.givenName,
    LAST_NAME: person.familyName,
    DISPLAY_NAME: person.displayName,
    SHORTNAME: unique ? userName : domain === '' ? `\\${userName}` : `${userName}@${domain}`,
    GROUPS: person.groups.length === 0 ? '' : listCell(person.groups),
    CUSTOM_ATTRIBUTES: Object.keys(attributes).length === 0 ? '' : JSON.stringify(attributes),
    COST_CENTER: person.costCenter,
    DEPARTMENT: person.department,
  };
  return `${LEXMARK_COLUMNS.map((column) => quoted(asCell(cells[column]))).join(',')}\n`;
}
