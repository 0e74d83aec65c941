/** What a printer tells of itself in the Printer MIB (RFC 3805) and the Host Resources MIB (RFC 2790), in neutral terms. */
import { displayable } from '../../../base/text.ts';
import type { Supply, TrayLevel } from '../description.ts';
import type { PrinterObservation } from '../port.ts';
import { alertReason, detectedReasons } from './reasons.ts';
import { numberIn, octetsIn, type Row, type Table } from './walk.ts';

/** The tables that are asked for: OIDs of their entries. */
export const TABLES = {
  /** hrDeviceEntry */
  devices: '1.3.6.1.2.1.25.3.2.1',
  /** hrPrinterEntry */
  printers: '1.3.6.1.2.1.25.3.5.1',
  /** prtInputEntry */
  trays: '1.3.6.1.2.1.43.8.2.1',
  /** prtMarkerEntry */
  markers: '1.3.6.1.2.1.43.10.2.1',
  /** prtMarkerSuppliesEntry */
  supplies: '1.3.6.1.2.1.43.11.1.1',
  /** prtMarkerColorantEntry */
  colorants: '1.3.6.1.2.1.43.12.1.1',
  /** prtAlertEntry */
  alerts: '1.3.6.1.2.1.43.18.1.1',
} as const;

export type Tables = Readonly<Record<keyof typeof TABLES, Table>>;

const MOST_SUPPLIES = 50;
const MOST_TRAYS = 50;
const MOST_NOTES = 10;
/** UTF-16 units of a name, and of what an alert says. */
const LONGEST_NAME = 63;
const LONGEST_NOTE = 200;
/** A printer's own counter is one of 32 bits. */
const MOST_IMPRESSIONS = 0xffff_ffff;

/** `PrtMarkerSuppliesTypeTC` */
const SUPPLY_TYPES: readonly string[] = [
  'other',
  'other',
  'unknown',
  'toner',
  'wasteToner',
  'ink',
  'inkCartridge',
  'inkRibbon',
  'wasteInk',
  'opc',
  'developer',
  'fuserOil',
  'solidWax',
  'ribbonWax',
  'wasteWax',
  'fuser',
  'coronaWire',
  'fuserOilWick',
  'cleanerUnit',
  'fuserCleaningPad',
  'transferUnit',
  'tonerCartridge',
  'fuserOiler',
  'water',
  'wasteWater',
  'glueWaterAdditive',
  'wastePaper',
  'bindingSupply',
  'bandingSupply',
  'stitchingWire',
  'shrinkWrap',
  'paperWrap',
  'staples',
  'inserts',
  'covers',
];
/** `PrtMarkerSuppliesSupplyUnitTC` percent(19) */
const PERCENT = 19;
/** `hrDeviceStatus` */
const WARNING = 3;
const DOWN = 5;
/** `hrPrinterStatus` printing(4), warmup(5) */
const WORKING = [4, 5];

export function observationOf(tables: Tables): PrinterObservation {
  const [index, printer] = [...tables.printers][0] ?? [];
  const status = numberIn(tables.devices.get(index ?? ''), 5);
  const detected = detectedReasons(octetsIn(printer, 2) ?? new Uint8Array(), status === WARNING);
  const alerts = [...tables.alerts.values()].map((row) => ({
    reason: alertReason(numberIn(row, 7) ?? 2, numberIn(row, 2) ?? 1),
    note: textIn(row, 8, LONGEST_NOTE),
  }));
  const impressions = lifeCount(tables.markers);
  return {
    state: status === DOWN ? 'stopped' : WORKING.includes(numberIn(printer, 1) ?? 0) ? 'processing' : 'idle',
    reasons: gravest([...detected, ...alerts.flatMap(({ reason }) => reason ?? [])]),
    supplies: suppliesOf(tables.supplies, tables.colorants),
    trays: traysOf(tables.trays),
    notes: [
      ...new Set(alerts.flatMap(({ reason, note }) => (reason === undefined || note === '' ? [] : note))),
    ].slice(0, MOST_NOTES),
    ...(impressions === undefined ? {} : { impressions }),
  };
}

/** The same told twice, by a bit and by an alert, is one reason: the graver. */
function gravest(reasons: readonly string[]): string[] {
  const base = (reason: string) => reason.replace(/-(error|warning|report)$/, '');
  return [...new Set(reasons)].filter(
    (reason, _, all) => reason.endsWith('-error') || !all.includes(`${base(reason)}-error`),
  );
}

function suppliesOf(supplies: Table, colorants: Table): Supply[] {
  return [...supplies].slice(0, MOST_SUPPLIES).map(([index, row]) => {
    const [device = ''] = index.split('.');
    const type = SUPPLY_TYPES[numberIn(row, 5) ?? 2] ?? 'other';
    const colorant = colorants.get(`${device}.${numberIn(row, 3) ?? 0}`);
    return {
      name: textIn(row, 6, LONGEST_NAME) || type,
      type,
      colorant: keyword(textIn(colorant, 4, LONGEST_NAME)) ?? 'none',
      level: levelOf(row),
    };
  });
}

/** Percent; the MIB's own -1 other, -2 unknown, -3 some as they are. */
function levelOf(row: Row): number {
  const level = numberIn(row, 9) ?? -2;
  const capacity = numberIn(row, 8) ?? -2;
  if (level < -3) return -2;
  if (level < 0) return level;
  if (capacity > 0) return Math.min(100, Math.round((level / capacity) * 100));
  return numberIn(row, 7) === PERCENT ? Math.min(100, level) : -2;
}

function traysOf(trays: Table): TrayLevel[] {
  return [...trays].slice(0, MOST_TRAYS).map(([index, row]) => {
    const level = numberIn(row, 10) ?? -2;
    const capacity = numberIn(row, 9) ?? -2;
    return {
      name:
        textIn(row, 13, LONGEST_NAME) || textIn(row, 18, LONGEST_NAME) || `tray ${index.split('.').at(-1)}`,
      level: level < -3 ? -2 : level,
      capacity: capacity < -2 ? -2 : capacity,
    };
  });
}

/** `prtMarkerLifeCount` of all markers: pages that it has made in its life. */
function lifeCount(markers: Table): number | undefined {
  const counts = [...markers.values()].flatMap((row) => numberIn(row, 4) ?? []).filter((each) => each >= 0);
  if (counts.length === 0) return undefined;
  return Math.min(
    MOST_IMPRESSIONS,
    counts.reduce((sum, each) => sum + each, 0),
  );
}

const textIn = (row: Row | undefined, column: number, longest: number): string =>
  displayable(
    octetsIn(row, column)
      ?.subarray(0, 4 * longest)
      .toString('utf8')
      .replaceAll('\0', '') ?? '',
    longest,
  );

/** Nothing that could end its field in a list of our own. */
const keyword = (text: string): string | undefined =>
  /^[A-Za-z][\w -]*$/.test(text) ? text.toLowerCase() : undefined;
