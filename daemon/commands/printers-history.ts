/** `holdfast printers history NAME`: what became of a printer: its troubles and its levels. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { Days } from '../../base/units.ts';
import type { PrinterEvent } from '../../spool/printers/history-tables.ts';
import { defineCommand } from './command.ts';
import { levelText, noPrinter } from './printers-status.ts';
import { localTime, table } from './table.ts';

const MOST_DAYS = 3660;
const MOST_TOLD = 1000;

interface Result {
  readonly printer: string;
  readonly events: readonly PrinterEvent[];
  /** There are older ones in these days. */
  readonly more: boolean;
}

export const printersHistory = defineCommand<{ name: string; days: number }, Result>({
  name: 'printers history',
  summary: 'Show the troubles of a printer, and how its supplies went down',
  words: [['<name>', 'the printer']],
  options: [['--days <number>', `how far back; 30 unless told, at most ${MOST_DAYS}`]],
  request({ words: [name = ''], options }) {
    const days = Number(options['days'] ?? 30);
    if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) {
      throw new Failure('bad-option', `--days is a whole number from 1 to ${MOST_DAYS}`);
    }
    return { arguments: { name, days } };
  },
  arguments: z.strictObject({ name: z.string().max(63), days: z.int().min(1).max(MOST_DAYS) }),
  async handle({ gateway, arguments: { name, days } }) {
    const { history, board } = gateway;
    const since = gateway.clock.now() - Days(days);
    const found = await history.list({ printer: name, since, limit: MOST_TOLD + 1 });
    if (found.length === 0 && board.get(name) === undefined) throw noPrinter();
    return { printer: name, events: found.slice(-MOST_TOLD), more: found.length > MOST_TOLD };
  },
  show({ printer, events, more }) {
    if (events.length === 0) return `nothing has happened to ${printer}`;
    const rows = events.map((event) => [localTime(event.at), ...whatOf(event)]);
    const head = more ? [`the last ${MOST_TOLD}:`] : [];
    return [...head, table(['TIME', 'WHAT', '', 'PAGES'], rows, 200)].join('\n');
  },
});

function whatOf(event: PrinterEvent): string[] {
  if (event.kind === 'supply') return [event.supply, levelText(event.level), ''];
  const why = [...event.reasons, ...(event.trouble === undefined ? [] : [event.trouble])].join(', ');
  return [event.state, why, event.impressions === undefined ? '' : `${event.impressions}`];
}
