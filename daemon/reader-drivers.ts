/** Which driver serves a reader that is plugged in. */
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { isSerialKind, type ReaderConfig } from '../config/readers.ts';
import type { DevicePlace } from '../drivers/readers/device-place.ts';
import { HidOpener } from '../drivers/readers/hid-opener.ts';
import { LinkedReader } from '../drivers/readers/linked-reader.ts';
import { PcscOpener } from '../drivers/readers/pcsc-opener.ts';
import type { Reader } from '../drivers/readers/port.ts';
import { keyboard } from '../drivers/readers/protocols/keyboard.ts';
import { pcProx } from '../drivers/readers/protocols/pcprox.ts';
import { pcsc } from '../drivers/readers/protocols/pcsc.ts';
import { opaque, serialProtocol } from '../drivers/readers/protocols/protocols.ts';
import { SerialOpener } from '../drivers/readers/serial-opener.ts';

export type PluggedReader = Pick<ReaderConfig, 'kind' | 'device' | 'baud' | 'layout'>;

/** The schema lets none through that needs a device and has none. */
const NOWHERE: DevicePlace = { by: 'path', path: '/dev/null' };

export function openReader(
  { kind, device = NOWHERE, baud, layout }: PluggedReader,
  basics: { readonly clock: Clock; readonly log: Log },
): Reader {
  if (isSerialKind(kind)) {
    const opener = new SerialOpener({ device, baud });
    return new LinkedReader({ ...basics, opener, protocol: serialProtocol(kind) });
  }
  if (kind === 'pcsc') {
    const name = device.by === 'name' ? device.name : '';
    return new LinkedReader({ ...basics, opener: new PcscOpener({ name }), protocol: opaque(pcsc(name)) });
  }
  if (kind === 'pcprox') {
    const opener = new HidOpener({ device, reports: 'feature' });
    return new LinkedReader({ ...basics, opener, protocol: opaque(pcProx()) });
  }
  const opener = new HidOpener({ device, reports: 'input' });
  return new LinkedReader({
    ...basics,
    opener,
    protocol: opaque(keyboard(layout, kind === 'keyboard' ? 'enter' : 'silence')),
  });
}
