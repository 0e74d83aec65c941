/** What runs out, as CUPS and many AirPrint printers tell it: `marker-*`, parallel arrays that no registry has. */
import { displayable } from '../../../base/text.ts';
import type { Attributes, Value } from '../../../ipp/model.ts';
import { textOf } from '../../../ipp/vocabulary/check.ts';
import type { Supply } from '../description.ts';

const MOST_MARKERS = 50;
const LONGEST = 63;

const COLORANTS: Readonly<Record<string, string>> = {
  '#000000': 'black',
  '#00ffff': 'cyan',
  '#ff00ff': 'magenta',
  '#ffff00': 'yellow',
};

/** Undefined when the printer has none. What does not fit is unknown, and shifts nothing. */
export function markersOf(printer: Attributes): Supply[] | undefined {
  const levels = printer.get('marker-levels')?.values;
  if (levels === undefined) return undefined;
  const at = (name: string, index: number) => printer.get(name)?.values[index];
  return levels.slice(0, MOST_MARKERS).map((value, index) => {
    const type = typeOf(wordsOf(at('marker-types', index)));
    const high = numberOf(at('marker-high-levels', index)) ?? 100;
    return {
      name: displayable(wordsOf(at('marker-names', index)), LONGEST) || type,
      type,
      colorant: COLORANTS[wordsOf(at('marker-colors', index)).toLowerCase()] ?? 'none',
      level: levelOf(numberOf(value), type.startsWith('waste') && high < 100),
    };
  });
}

/** Percent. Of a container that is full at its high mark it is what still fits, as in the Printer MIB. */
function levelOf(level: number | undefined, fills: boolean): number {
  if (level === undefined || level < -3 || level > 100) return -2;
  return fills && level >= 0 ? 100 - level : level;
}

/** `waste-toner` → `wasteToner`, the Printer MIB's word. */
function typeOf(keyword: string): string {
  if (!/^[A-Za-z][A-Za-z-]*$/.test(keyword)) return 'unknown';
  return keyword.slice(0, LONGEST).replace(/-+([a-zA-Z]?)/g, (_, letter: string) => letter.toUpperCase());
}

const numberOf = (value: Value | undefined): number | undefined =>
  value?.syntax === 'integer' ? value.value : undefined;

const wordsOf = (value: Value | undefined): string => (value === undefined ? '' : textOf(value));
