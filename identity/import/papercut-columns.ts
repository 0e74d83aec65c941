/** Which column of PaperCut's files is which, by the name that a header gives it, and which sign stands between them. */

/** In the order of a batch user file, with PaperCut's own words. */
export const BATCH_COLUMNS = [
  'Username',
  'Credit balance',
  'Restricted status',
  'Full name',
  'Email address',
  'Department',
  'Office',
  'Primary card/ID number',
  'Card/ID PIN',
  'Notes',
  'Secondary card/ID number',
  'Other email addresses',
  'Username alias',
  'Home folder',
] as const;
export type PaperCutColumn = (typeof BATCH_COLUMNS)[number];
export type PaperCutPlaces = ReadonlyMap<PaperCutColumn, number>;

/** Versions of PaperCut call the same column otherwise, so blanks, signs and capitals do not count. */
const NAMES: readonly (readonly [PaperCutColumn, RegExp])[] = [
  ['Username', /^user(name)?$/],
  ['Full name', /^((full|display)?name)$/],
  ['Email address', /^(primary)?email(address)?$/],
  ['Department', /^department$/],
  ['Office', /^office$/],
  ['Restricted status', /^(is)?restricted(status)?$/],
  ['Primary card/ID number', /^(primary)?(card(id(entity)?)?(number|no)?|id(entity)?number)$/],
  ['Secondary card/ID number', /^secondary(card(id(entity)?)?(number|no)?|id(entity)?number)$/],
  ['Card/ID PIN', /^(primary)?(card(id(entity)?)?)?pin$/],
];
/** A column with such a name may hold numbers: better no import than one that leaves them out, or takes the wrong ones. */
const LIKE_NUMBERS = /card|identity|^pin|pin$/;

/**
 * A line is a header when it names a column `Username`, which is the first of every list of PaperCut's.
 * @returns undefined when it is none; a problem when it cannot be told where the numbers are
 */
export function headerOf(
  fields: readonly string[],
): { readonly places: PaperCutPlaces } | { readonly problem: string } | undefined {
  const names = fields.map((field) => field.toLowerCase().replace(/[^a-z0-9]/g, ''));
  if (fields.length < 2 || names[0] !== 'username') return undefined;
  const places = new Map<PaperCutColumn, number>();
  for (const [place, name] of names.entries()) {
    const column = NAMES.find(([, form]) => form.test(name))?.[0];
    const unclear = column === undefined ? LIKE_NUMBERS.test(name) : places.has(column);
    if (unclear) {
      const known = 'Primary card/ID number, Secondary card/ID number, Card/ID PIN';
      return {
        problem: `it is not clear what column ${place + 1} is; delete it, or name it as it is: ${known}`,
      };
    }
    if (column !== undefined) places.set(column, place);
  }
  if (!places.has('Primary card/ID number') && !places.has('Secondary card/ID number')) {
    return {
      problem:
        'no column has card/ID numbers; PaperCut leaves them out unless Options, Display Options, Card/Identity Number is visible, and in PDF',
    };
  }
  return { places };
}

/** Tabs when the first line that has either has one before the first comma. @param start of the file, as UTF-8 */
export function delimiterOf(start: string): ',' | '\t' {
  const [first] = /[,\t]/.exec(start) ?? [];
  return first === '\t' ? '\t' : ',';
}
