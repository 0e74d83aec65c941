/** What runs out in an IPP printer: `printer-supply`, a list of `key=value;` in an octetString (PWG 5100.13 §5.6.39). */
import { displayable } from '../../../base/text.ts';
import type { Attributes } from '../../../ipp/model.ts';
import { readLeniently } from '../../../ipp/vocabulary/read.ts';
import type { Supply } from '../description.ts';
import { markersOf } from './markers.ts';

/** Supplies of one printer that are kept. */
const MOST_SUPPLIES = 50;
/** UTF-16 units of a name or a keyword. */
const LONGEST = 63;

/** Of `printer-supply`, or of `marker-*` where that tells more; undefined when the printer tells nothing. */
export function suppliesOf(printer: Attributes): Supply[] | undefined {
  const told = registered(printer);
  return told?.some(({ level }) => level >= 0) ? told : (markersOf(printer) ?? told);
}

function registered(printer: Attributes): Supply[] | undefined {
  const values = readLeniently(printer, 'printer-supply');
  if (values === undefined) return undefined;
  const names = readLeniently(printer, 'printer-supply-description') ?? [];
  return values.slice(0, MOST_SUPPLIES).flatMap((value, index) => {
    const fields = fieldsOf(Buffer.from(value).toString('latin1'));
    const type = keyword(fields.get('type'));
    if (type === undefined) return [];
    const colorant = keyword(fields.get('colorantname')) ?? 'none';
    const name = displayable(names[index] ?? '', LONGEST) || type;
    return [{ name, type, colorant, level: levelOf(fields) }];
  });
}

function fieldsOf(text: string): Map<string, string> {
  const pairs = text.split(';').map((field) => field.split('=', 2));
  return new Map(pairs.map(([key = '', value = '']) => [key.trim().toLowerCase(), value.trim()]));
}

/** Nothing that could end its field or the whole list. */
function keyword(value: string | undefined): string | undefined {
  return value !== undefined && /^[A-Za-z][\w -]*$/.test(value) ? value.slice(0, LONGEST) : undefined;
}

/** Percent; the Printer MIB's negative numbers as they are. */
function levelOf(fields: ReadonlyMap<string, string>): number {
  const level = Number(fields.get('level') ?? Number.NaN);
  const capacity = Number(fields.get('maxcapacity') ?? Number.NaN);
  if (!Number.isInteger(level) || level < -3) return -2;
  if (level < 0) return level;
  if (fields.get('unit')?.toLowerCase() === 'percent' || !(capacity > 0)) return Math.min(100, level);
  return Math.min(100, Math.round((level / capacity) * 100));
}
