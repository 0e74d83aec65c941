/** What of a printer somebody has to know: a pure function of its state. */
import type { Alert, AlertKind, PrinterTrouble } from '../../base/alerts.ts';
import { printable } from '../../base/text.ts';
import type { Supply } from '../../drivers/printers/description.ts';
import { baseOf, suppliesOf } from './observed.ts';
import { type KnownState, printerOf } from './printer-board.ts';
import { isStopping } from './stopping-reasons.ts';

/** Of one printer: they come from outside. */
const MOST_REASONS = 30;
const LONGEST_REASON = 100;
/** Points that a level must rise above the threshold before the trouble is over: levels waver. */
const MARGIN = 3;

/** What `toner-low` and `toner-empty` may mean (PrtMarkerSuppliesTypeTC). */
const MARKING = new Set([
  'other',
  'unknown',
  'toner',
  'tonerCartridge',
  'ink',
  'inkCartridge',
  'inkRibbon',
  'solidWax',
  'ribbonWax',
]);
/** Reasons that say the same as a level, and are left out where levels tell it. */
const LOW = new Set(['toner-low', 'toner-empty', 'marker-supply-low', 'marker-supply-empty']);
/** Further ones of those who order supplies. */
const OF_SUPPLIES = new Set([
  'developer-empty',
  'developer-low',
  'marker-supply-missing',
  'marker-waste-almost-full',
  'marker-waste-full',
  'opc-life-over',
  'opc-near-eol',
]);

/**
 * @param below percent; a supply with less is low
 * @param standing keys of those that stand already
 */
export function alertsOf(known: KnownState, below: number, standing: ReadonlySet<string>): Alert[] {
  const supplies = suppliesOf(known) ?? [];
  const low = named(supplies).flatMap(([name, { level, type }]) => {
    const key = `printer ${known.name} supply ${name}`;
    const least = standing.has(key) ? Math.min(100, below + MARGIN) : below;
    return level < 0 || level >= least ? [] : [{ key, name, level, type }];
  });
  // With levels to go by, the administrator's threshold decides what is low, not the printer's.
  const isToldByLevels = (base: string): boolean => {
    const isMeant = ({ type }: Pick<Supply, 'type'>) => !base.startsWith('toner') || MARKING.has(type);
    const meant = supplies.filter(isMeant);
    const areMeasured = meant.length > 0 && meant.every(({ level }) => level >= 0);
    return base.endsWith('-low') ? areMeasured || low.some(isMeant) : areMeasured && low.some(isMeant);
  };
  const of = (kind: AlertKind, key: string, what: string, trouble: PrinterTrouble): Alert => ({
    kind,
    key,
    message: `printer ${known.name}: ${what}`,
    printer: printerOf(known, trouble),
  });
  return [
    ...low.map(({ key, name, level }) =>
      of('supplies', key, `${name} has ${level} % left`, { kind: 'low', supply: name, level }),
    ),
    ...known.reasons.slice(0, MOST_REASONS).flatMap((reason) => {
      const base = printable(baseOf(reason), LONGEST_REASON);
      const isLow = LOW.has(base);
      if (isLow && isToldByLevels(base)) return [];
      if (reason.endsWith('-report') || !(isLow || OF_SUPPLIES.has(base) || isStopping(reason))) return [];
      const kind = isLow || OF_SUPPLIES.has(base) ? 'supplies' : 'printer';
      return [of(kind, `printer ${known.name} ${base}`, base, { kind: 'reason', reason: base })];
    }),
    ...unexplainedStop(known).map((reason) =>
      of('printer', `printer ${known.name} ${reason}`, reason, { kind: 'reason', reason }),
    ),
  ];
}

/** It stands still, and names nothing that would keep it from printing. */
function unexplainedStop({ state, reasons }: KnownState): string[] {
  if (state !== 'stopped' || reasons.some(isStopping)) return [];
  return [reasons.some((reason) => baseOf(reason) === 'offline') ? 'offline' : 'stopped'];
}

/** Supplies by names that stand once each: two of one name are numbered. */
export function named(supplies: readonly Supply[]): [name: string, supply: Supply][] {
  const seen = new Map<string, number>();
  return supplies.map((supply) => {
    const number = (seen.get(supply.name) ?? 0) + 1;
    seen.set(supply.name, number);
    return [number === 1 ? supply.name : `${supply.name} (${number})`, supply];
  });
}
