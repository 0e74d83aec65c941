/** Card readers in a configuration: what each is, where it is plugged in, and whom its swipes serve. */
import type { z } from 'zod';
import { type DevicePlace, PLACE_FORM, parseDevicePlace } from '../drivers/readers/device-place.ts';
import { LAYOUTS } from '../drivers/readers/protocols/layouts.ts';
import { SERIAL_PROTOCOLS } from '../drivers/readers/protocols/protocols.ts';
import { network } from './addresses.ts';
import { conversion } from './conversions.ts';
import { group } from './groups.ts';
import { printerName } from './printer-names.ts';
import { absolutePath, choice, count, listOf, single, WrongValue } from './values.ts';
import { quoted } from './wording.ts';

/** How a reader is reached, beside a serial port. */
export const NETWORK_KINDS = ['http', 'network-lines'] as const;
export const READER_KINDS = [
  ...SERIAL_PROTOCOLS,
  'keyboard',
  'keyboard-without-enter',
  'pcprox',
  'pcsc',
  ...NETWORK_KINDS,
  'at-terminal',
] as const;
export type ReaderKind = (typeof READER_KINDS)[number];

export const isSerialKind = (kind: ReaderKind): kind is (typeof SERIAL_PROTOCOLS)[number] =>
  SERIAL_PROTOCOLS.some((each) => each === kind);
export const isKeyboardKind = (kind: ReaderKind): boolean =>
  kind === 'keyboard' || kind === 'keyboard-without-enter';
export const isNetworkKind = (kind: ReaderKind): kind is (typeof NETWORK_KINDS)[number] =>
  NETWORK_KINDS.some((each) => each === kind);

const devicePlace = () =>
  single<DevicePlace>({
    allowed: PLACE_FORM,
    read: (text) => {
      const place = parseDevicePlace(text);
      if (place === undefined) throw new WrongValue(`${quoted(text)} is no place of a device`);
      return place;
    },
  });

export const reader = group({
  panel: single({ allowed: 'the name of a panel', read: (text) => text })
    .exactOptional()
    .meta({ byDefault: 'none; this key or `printer` must be given' })
    .describe('The panel that it belongs to: a swipe signs in on the screen there.'),
  printer: printerName()
    .exactOptional()
    .meta({ byDefault: 'none; this key or `panel` must be given' })
    .describe(
      'In place of `panel`: the printer that it stands at, where there is no screen. A swipe prints all that the person holds.',
    ),
  kind: choice(READER_KINDS).describe(
    'What the reader is, or speaks on its serial port. `lines`: a line of text for each card. `stx-etx`: text between STX and ETX. `rdm6300`: 125 kHz modules of that kind. `track-2`: magnetic stripes. `wiegand`: converters that send bits, with parity checked; `wiegand-unchecked` for cards of 26 or 37 bits in another layout. `twn4`, `twn4-crc`: Elatec, Simple Protocol. `rf-ideas`: rf IDEAS on a serial port. `keyboard`: a USB reader that types a number and Enter; `keyboard-without-enter`: one that types the number alone. `pcprox`: rf IDEAS USB readers by their own protocol. `pcsc`: contactless readers that pcscd has (CCID: OMNIKEY, ACR122U). `http`: a network reader that posts to `/readers/NAME` on the web port. `network-lines`: one that sends lines over TCP to `gateway.reader-lines`. `at-terminal`: one that a terminal has (`holdfast terminal --reader-name NAME`); only its `conversion` counts here.',
  ),
  device: devicePlace()
    .exactOptional()
    .meta({ byDefault: 'none; needed by what is plugged in' })
    .describe('Where it is plugged in. `holdfast readers list` shows what there is.'),
  baud: count(300, 921_600)
    .prefault(9600)
    .describe('Bits a second of a serial port. What is only a serial port to the computer (CDC) ignores it.'),
  layout: choice(LAYOUTS).prefault('us').describe('The keyboard layout that a reader which types is set to.'),
  'key-file': absolutePath()
    .exactOptional()
    .meta({ byDefault: 'none; a network reader needs it or `addresses`' })
    .describe(
      'The file whose first line is the key that a network reader proves itself by, 16 characters or more, readable by the service only.',
    ),
  addresses: listOf(network(), 'a list of addresses or networks, such as [10.1.2.9]', 100)
    .default([])
    .meta({ byDefault: 'any with `key-file`' })
    .describe(
      'Whence a network reader sends. Without `key-file` the address is all that it has to show: then it is listed as unauthenticated, belongs to a panel, and each of its swipes wants a PIN.',
    ),
  'plain-http': choice(['refuse', 'allow'])
    .prefault('refuse')
    .describe(
      'Whether a reader of the kind `http` may send without TLS, key and cards for everybody to read.',
    ),
  conversion: conversion()
    .default([])
    .meta({ byDefault: 'none: it gives the number as the directory has it' })
    .describe('How what it reads becomes the number that people have; `holdfast cards solve` finds it.'),
});

export type ReaderConfig = z.output<typeof reader> & { readonly name: string };
