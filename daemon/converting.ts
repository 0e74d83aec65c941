/** Ties the conversion of documents to the rooms that it needs. */
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Metrics } from '../base/metrics.ts';
import type { LimitsConfig, PrinterConfig } from '../config/schema.ts';
import { type ConversionBounds, findPrograms, missingIn } from '../spool/formats/conversion/commands.ts';
import { Converter } from '../spool/formats/conversion/converter.ts';
import { PDF } from '../spool/formats/conversion/paths.ts';
import type { KnownState } from '../spool/printers/printer-board.ts';
import type { LiveConfig } from './live-config.ts';

export interface Converting {
  readonly converter: Converter;
  /** What is missing for these printers, as sentences. */
  warnings(printers: readonly KnownState[]): string[];
}

export interface ConvertingRooms {
  readonly live: LiveConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Looks which programs are there; one that is installed later counts from the next start on. */
export async function openConverting({ live, ...rooms }: ConvertingRooms): Promise<Converting> {
  const programs = await findPrograms();
  const missing = missingIn(programs);
  const concerned = mayNeedConverters(live.current.printers);
  for (const message of concerned.length > 0 ? missing : [])
    rooms.log.warn('a converter is missing', { message, printers: concerned });
  return {
    converter: new Converter({ ...rooms, programs, bounds: () => boundsOf(live.limits) }),
    warnings: (printers) => {
      const without = printers.filter(({ description }) => description?.formats.includes(PDF) === false);
      return missing.flatMap((message) =>
        without.map(({ name }) => `printer ${name} takes no PDF, and ${message}`),
      );
    },
  };
}

/** For `config check`, which asks no printer: a sentence for each printer that may need what is missing. */
export async function missingConverters(printers: readonly PrinterConfig[]): Promise<string[]> {
  const concerned = mayNeedConverters(printers);
  if (concerned.length === 0) return [];
  return missingIn(await findPrograms()).map((message) => `${message}; it concerns ${concerned.join(', ')}`);
}

/** Names of printers of which the configuration does not say that they take PDF. */
const mayNeedConverters = (printers: readonly PrinterConfig[]): string[] =>
  printers.filter(({ formats }) => !formats.includes(PDF)).map(({ name }) => name);

function boundsOf(limits: LimitsConfig): ConversionBounds {
  return {
    time: limits.conversionTime,
    memory: limits.conversionMemory,
    document: limits.conversionDocumentSize,
    output: limits.conversionOutputSize,
    atOnce: limits.conversions,
  };
}
