/** Names of printers under other keys: how they are written, and that there is such a printer. */
import { isName } from './groups.ts';
import { itemsOf } from './plain.ts';
import { single } from './values.ts';
import { atValue, didYouMean, type Finding, mustBe, oneOf, type Path, quoted } from './wording.ts';
import type { Plain } from './yaml-reader.ts';

export const printerName = () => single({ allowed: 'the name of a printer', read: (text) => text });

/** Names that are told. */
const MOST_TOLD = 8;

export function checkPrinterName(path: Path, name: Plain | undefined, known: ReadonlySet<string>): Finding[] {
  if (typeof name !== 'string' || known.has(name)) return [];
  const message = () => {
    const usable = [...known].filter(isName);
    const few = usable.length > 0 && usable.length <= MOST_TOLD;
    return mustBe(
      `no printer has the name ${quoted(name)}${didYouMean(name, usable)}`,
      few ? oneOf(usable) : 'a name under printers',
    );
  };
  return [{ path, at: 'value', message }];
}

/** Each of the list exists, and stands there once. */
export function checkPrinterNames(
  path: Path,
  names: Plain | undefined,
  known: ReadonlySet<string>,
): Finding[] {
  return itemsOf(names).flatMap((each, index, all) =>
    each !== null && all.indexOf(each) < index
      ? [standsTwice([...path, index])]
      : checkPrinterName([...path, index], each, known),
  );
}

/** Each of the list stands there once; it may be one that was pinned, which no file knows. */
export function checkOnce(path: Path, names: Plain | undefined): Finding[] {
  return itemsOf(names).flatMap((each, index, all) =>
    each !== null && all.indexOf(each) < index ? [standsTwice([...path, index])] : [],
  );
}

export const standsTwice = (path: Path): Finding =>
  atValue(path, 'stands in the list already; must be there once');
