/** `holdfast printers status [NAME]`: how printers are, and what they have left. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import type { Supply, TrayLevel } from '../../drivers/printers/description.ts';
import { suppliesOf } from '../../spool/printers/observed.ts';
import type { KnownState } from '../../spool/printers/printer-board.ts';
import { defineCommand } from './command.ts';
import { table } from './table.ts';

interface ShownStatus {
  readonly name: string;
  readonly info: string;
  readonly location: string;
  readonly state: KnownState['state'];
  readonly reasons: readonly string[];
  /** What it says of its troubles in its own words. */
  readonly notes: readonly string[];
  /** Why it does not answer. */
  readonly trouble: string | null;
  /** `off`: not configured. */
  readonly snmp: 'off' | 'answers' | 'silent';
  readonly 'snmp-trouble': string | null;
  readonly supplies: readonly Supply[];
  readonly trays: readonly TrayLevel[];
  /** Made in its life. */
  readonly impressions: number | null;
}

interface Result {
  readonly printers: readonly ShownStatus[];
}

export const printersStatus = defineCommand<{ name?: string }, Result>({
  name: 'printers status',
  summary: 'Show how printers are, what they have left, and what they say is wrong',
  words: [['[name]', 'of one printer']],
  request: ({ words: [name] }) => ({ arguments: name === undefined ? {} : { name } }),
  arguments: z.strictObject({ name: z.string().max(63).exactOptional() }) as z.ZodType<{ name?: string }>,
  handle({ gateway: { board }, arguments: { name } }) {
    const known = board.all().filter((each) => name === undefined || each.name === name);
    if (name !== undefined && known.length === 0) throw noPrinter();
    return { printers: known.map(shown) };
  },
  show: ({ printers }) => (printers.length === 0 ? 'no printers' : tableOf(printers)),
});

export const noPrinter = (): Failure =>
  new Failure('no-printer', 'there is no printer of this name', { advice: 'See holdfast printers list' });

function shown(known: KnownState): ShownStatus {
  const { name, info, location, state, reasons, trouble, observation, observationTrouble } = known;
  const silent = observationTrouble !== undefined;
  return {
    name,
    info,
    location,
    state,
    reasons,
    notes: observation?.notes ?? [],
    trouble: trouble ?? null,
    snmp: silent ? 'silent' : observation === undefined ? 'off' : 'answers',
    'snmp-trouble': observationTrouble ?? null,
    supplies: suppliesOf(known) ?? [],
    trays: observation?.trays ?? [],
    impressions: observation?.impressions ?? null,
  };
}

function tableOf(printers: readonly ShownStatus[]): string {
  const rows = printers.map((each) => [
    each.name,
    each.state,
    each.supplies.map(({ name, level }) => `${name} ${levelText(level)}`).join(', ') || '-',
    each.trays.map(({ name, level, capacity }) => `${name} ${trayText(level, capacity)}`).join(', ') || '-',
    [
      ...each.reasons,
      ...each.notes.map((note) => `"${note}"`),
      ...(each.trouble === null ? [] : [each.trouble]),
      ...(each['snmp-trouble'] === null ? [] : [`SNMP: ${each['snmp-trouble']}`]),
    ].join(', '),
  ]);
  return table(['PRINTER', 'STATE', 'SUPPLIES', 'TRAYS', ''], rows, 200);
}

/** RFC 3805: negative numbers are words. */
export const levelText = (level: number): string =>
  level >= 0 ? `${level} %` : level === -3 ? 'some' : 'unknown';

function trayText(level: number, capacity: number): string {
  if (level < 0) return level === -3 ? 'some' : 'unknown';
  return capacity > 0 ? `${level}/${capacity}` : `${level}`;
}
