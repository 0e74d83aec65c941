/** Makes pins of what was found, named or imported; what is wrong is said before anything is kept. */

import { ZodError } from 'zod';
import { Failure } from '../base/errors.ts';
import { displayable, printable, shortenOctets } from '../base/text.ts';
import { isName } from '../config/groups.ts';
import { type PrinterUri, parsePrinterUri } from '../config/printer-uri.ts';
import { WrongValue } from '../config/values.ts';
import type { Pin, Pins } from '../drivers/discovery/pins.ts';
import type { ProbeAnswer } from '../drivers/discovery/probe.ts';
import type { FoundPrinter } from './found-printers.ts';
import { bareUuid } from './found-state.ts';
import type { LiveConfig } from './live-config.ts';
import { toPrinter } from './pinned-printers.ts';

export interface PinRooms {
  readonly live: Pick<LiveConfig, 'current' | 'printers'>;
  readonly pins: Pick<Pins, 'all' | 'get'>;
  /** Whether jobs sent there would come back to this gateway. */
  isOurPlace(host: string, port: number): boolean;
}

/** @throws Failure `bad-pin` for a name that no new printer can have */
export function checkNewName({ live, pins }: PinRooms, name: string): void {
  if (!isName(name) || name === 'all') {
    throw bad(
      `"${printable(name, 63)}" is no name of a printer`,
      'It is 1 to 63 letters (a to z), digits, ".", "_" and "-", and begins with a letter or digit; "all" stands for every printer',
    );
  }
  const there = [...live.printers, ...pins.all()].find(
    (each) => each.name.toLowerCase() === name.toLowerCase(),
  );
  if (there !== undefined) throw bad(`there is a printer "${there.name}" already`);
}

/** @throws Failure `bad-pin` for an address that no printer of a network can have */
export function checkUri({ isOurPlace }: PinRooms, text: string): PrinterUri {
  let uri: PrinterUri;
  try {
    uri = parsePrinterUri(text);
  } catch (error) {
    if (error instanceof WrongValue) throw bad(`the address ${error.message}`);
    throw error;
  }
  if (uri.scheme !== 'ipp' && uri.scheme !== 'ipps' && uri.scheme !== 'socket') {
    throw bad('the address is none of ipps:, ipp: and socket:', 'Other printers stand in the configuration');
  }
  if (isOurPlace(uri.host, uri.port)) throw bad('the address leads back to this gateway');
  return uri;
}

/** @throws Failure `bad-pin` for what no printer of the configuration could have */
export function checkPin(rooms: PinRooms, pin: Pin & { readonly uri: string }): Pin {
  checkUri(rooms, pin.uri);
  try {
    toPrinter(pin);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const [issue] = error.issues;
    throw bad(`${issue?.path.join('.') ?? 'the printer'} ${issue?.message ?? 'is wrong'}`);
  }
  return pin;
}

/** @throws Failure `bad-pin` when there is nothing to know it by */
export function pinOfFound(
  rooms: PinRooms,
  name: string,
  { device, answer }: FoundPrinter,
  now: number,
): Pin & { readonly uri: string } {
  const { uri, txt } = device;
  if (uri === undefined) throw bad('it cannot be printed to', answer.trouble);
  if (uri.startsWith('ipps:') && answer.key === undefined) {
    throw bad(`it did not show its key: ${answer.trouble ?? 'no answer'}`, 'Switch it on and try again');
  }
  const isSocket = uri.startsWith('socket:');
  if (answer.key === undefined && !isSocket && answer.description === undefined) {
    throw bad(`it did not say who it is: ${answer.trouble ?? 'no answer'}`, 'Switch it on and try again');
  }
  // A socket cannot be asked; of any other only what it answers counts, as that is what it is asked for later.
  const announced = { key: undefined, uuid: device.uuid, deviceId: txt.deviceId };
  const identity = identityOf(isSocket ? announced : identityIn(answer));
  if (Object.keys(identity).length === 0) {
    throw bad(
      'it has neither TLS nor a UUID nor a device id, so nothing tells it from another',
      'A printer that is taken at its word stands under printers: of the configuration',
    );
  }
  const formats = isSocket ? [...txt.formats] : undefined;
  if (formats?.length === 0) {
    throw bad('it does not tell which formats it takes', 'Import it with FORMATS, or configure it');
  }
  const pin = {
    name,
    uri,
    announcedAs: device.name,
    info: shown(device.name) || name,
    ...(txt.note === undefined ? {} : { location: shown(txt.note) }),
    ...identity,
    ...(formats === undefined ? {} : { formats }),
    pinnedAt: now,
  };
  checkPin(rooms, pin);
  return pin;
}

/** As the configuration wants texts that people see: one line of at most 127 octets. */
const shown = (text: string): string => shortenOctets(displayable(text, 127), 127).trim();

export interface DeviceIdentity {
  readonly key: string | undefined;
  readonly uuid: string | undefined;
  readonly deviceId: string | undefined;
}

/** What a pin holds of it; a device id only where there is nothing better. */
export function identityOf({ key, uuid, deviceId }: DeviceIdentity): Pick<Pin, 'key' | 'uuid' | 'deviceId'> {
  const hasUuid = uuid !== undefined && UUID.test(uuid);
  return {
    ...(key === undefined ? {} : { key }),
    ...(hasUuid ? { uuid } : {}),
    ...(hasUuid || deviceId === undefined || deviceId.length > LONGEST_DEVICE_ID ? {} : { deviceId }),
  };
}

/** PWG 5100.13: `printer-device-id` is a text of 1023 octets at most. */
const LONGEST_DEVICE_ID = 1023;

/** Octets of a file of printers: reading it takes no time that anybody notices. */
export const LARGEST_PRINTER_FILE = 1024 * 1024;

export const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What an answer says of who it is. */
export const identityIn = ({ key, description }: ProbeAnswer): DeviceIdentity => ({
  key,
  uuid: description?.uuid === undefined ? undefined : bareUuid(description.uuid),
  deviceId: description?.deviceId,
});

export const bad = (message: string, advice?: string): Failure =>
  new Failure('bad-pin', message, advice === undefined ? {} : { advice });
