/** What one key of a reader says of another: one place to serve, and what its kind needs. */
import { parseDevicePlace } from '../drivers/readers/device-place.ts';
import { at, entriesOf, itemsOf } from './plain.ts';
import { checkPrinterName } from './printer-names.ts';
import { isKeyboardKind, isNetworkKind, isSerialKind, READER_KINDS } from './readers.ts';
import { atKey, atValue, type Finding, mustBe, type Path, quoted } from './wording.ts';
import type { Plain } from './yaml-reader.ts';

export function checkReaders(root: Plain, printers: ReadonlySet<string>): Finding[] {
  const entries = entriesOf(at(root, 'readers'));
  return [
    ...entries.flatMap(([name, reader]) => checkReader(['readers', name], reader, printers)),
    ...checkPlaces(entries),
  ];
}

function checkReader(path: Path, reader: Plain, printers: ReadonlySet<string>): Finding[] {
  const has = (key: string) => at(reader, key) !== undefined;
  const findings = checkPrinterName([...path, 'printer'], at(reader, 'printer'), printers);
  if (has('panel') && has('printer')) {
    findings.push(atKey([...path, 'printer'], mustBe('stands beside panel', 'left out, or in its place')));
  }
  // A reader that is no group is told of by the schema.
  if (!has('panel') && !has('printer') && has('kind') && at(reader, 'kind') !== 'at-terminal') {
    findings.push(
      atValue([...path, 'panel'], mustBe('is missing', 'the name of a panel, or printer in its place')),
    );
  }
  const kind = READER_KINDS.find((each) => each === at(reader, 'kind'));
  if (kind === undefined) return findings;
  const isPlugged = isSerialKind(kind) || isKeyboardKind(kind) || kind === 'pcprox' || kind === 'pcsc';
  if (isPlugged && !has('device')) {
    findings.push(atValue([...path, 'device'], mustBe('is missing', 'where the reader is plugged in')));
  }
  const unwanted = (key: string, wanted: boolean) => {
    if (has(key) && !wanted) findings.push(atKey([...path, key], mustBe(`is not for ${kind}`, 'left out')));
  };
  unwanted('panel', kind !== 'at-terminal');
  unwanted('printer', kind !== 'at-terminal');
  unwanted('device', isPlugged);
  unwanted('baud', isSerialKind(kind));
  unwanted('layout', isKeyboardKind(kind));
  unwanted('key-file', isNetworkKind(kind));
  unwanted('addresses', isNetworkKind(kind));
  unwanted('plain-http', kind === 'http');
  const place = at(reader, 'device');
  if (isKeyboardKind(kind) || kind === 'pcprox') {
    if (typeof place === 'string' && parseDevicePlace(place)?.by === 'path') {
      const allowed = 'a place on the USB, such as usb:1-1.4';
      findings.push(atValue([...path, 'device'], mustBe(`is a path, which ${kind} has not`, allowed)));
    }
  }
  if (isPlugged && typeof place === 'string') {
    const isName = parseDevicePlace(place)?.by === 'name';
    if (isName && kind !== 'pcsc') {
      findings.push(
        atValue([...path, 'device'], mustBe(`is a PC/SC reader, which ${kind} is not`, 'another place')),
      );
    }
    if (!isName && kind === 'pcsc' && parseDevicePlace(place) !== undefined) {
      findings.push(
        atValue([...path, 'device'], mustBe('is no PC/SC reader', 'pcsc: and a part of its name')),
      );
    }
  }
  if (isNetworkKind(kind) && !has('key-file')) {
    if (itemsOf(at(reader, 'addresses')).length === 0) {
      findings.push(atValue([...path, 'key-file'], mustBe('is missing', 'given, or addresses in its place')));
    }
    if (has('printer')) {
      const wrong = 'has no screen to type a PIN at, which a reader without key-file wants';
      findings.push(atKey([...path, 'printer'], mustBe(wrong, 'panel in its place, or with key-file')));
    }
  }
  return findings;
}

/** Two readers cannot open one device. */
function checkPlaces(entries: readonly (readonly [string, Plain])[]): Finding[] {
  const seen = new Map<string, string>();
  return entries.flatMap(([name, reader]) => {
    const device = at(reader, 'device');
    if (typeof device !== 'string') return [];
    const twin = seen.get(device);
    seen.set(device, twin ?? name);
    if (twin === undefined) return [];
    return [atValue(['readers', name, 'device'], mustBe(`is that of ${quoted(twin)}`, 'another place'))];
  });
}
