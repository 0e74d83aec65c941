/** A reader as a case has it: opened as the gateway opens it, its swipes kept. */
import { systemClock } from '../../../base/clock.ts';
import { openReader, type PluggedReader } from '../../../daemon/reader-drivers.ts';
import { parseDevicePlace } from '../../../drivers/readers/device-place.ts';
import type { Reader } from '../../../drivers/readers/port.ts';
import { type Bench, until } from '../guest/case.ts';

export interface Collected {
  readonly reader: Reader;
  /** Text as it is, bits as `HEX/BITS`. */
  readonly swipes: string[];
  ready(): Promise<void>;
  away(): Promise<void>;
}

/** @param device as in the configuration */
export function collect({ log, after }: Bench, kind: PluggedReader['kind'], device: string): Collected {
  const place = parseDevicePlace(device);
  if (place === undefined) throw new Error(`no place: ${device}`);
  const reader = openReader({ kind, device: place, baud: 9600, layout: 'us' }, { clock: systemClock, log });
  after(() => reader.close());
  const swipes: string[] = [];
  void (async () => {
    for await (const swipe of reader.swipes()) {
      swipes.push(
        swipe.kind === 'text' ? swipe.text : `${Buffer.from(swipe.octets).toString('hex')}/${swipe.bits}`,
      );
    }
  })();
  const state = (wanted: string) =>
    until(
      () => `${device} is ${wanted}, not ${JSON.stringify(reader.status)}`,
      () => reader.status.state === wanted,
    );
  return { reader, swipes, ready: () => state('ready'), away: () => state('away') };
}
