/** Converters for tests, with bounds that no test of the happy path meets. */
import { type Clock, systemClock } from '../../../../base/clock.ts';
import { silentLog } from '../../../../base/log.ts';
import { Metrics } from '../../../../base/metrics.ts';
import { GiB, MiB, Seconds } from '../../../../base/units.ts';
import type { ConversionBounds, Programs } from '../../../../spool/formats/conversion/commands.ts';
import { Converter } from '../../../../spool/formats/conversion/converter.ts';

export const BOUNDS: ConversionBounds = {
  time: Seconds(60),
  memory: GiB(1),
  document: MiB(64),
  output: GiB(1),
  atOnce: 4,
};

export function converterWith(
  programs: Programs,
  clock: Clock = systemClock,
  metrics = new Metrics(),
  bounds: Partial<ConversionBounds> = {},
): Converter {
  return new Converter({
    programs,
    bounds: () => ({ ...BOUNDS, ...bounds }),
    clock,
    log: silentLog,
    metrics,
  });
}
