/** What a printer that was found is to us: known by proof, known by address, a stranger, or somebody who says he is another. */
import type { PrinterUri } from '../config/printer-uri.ts';
import type { FoundDevice } from '../drivers/discovery/found.ts';
import type { Pin } from '../drivers/discovery/pins.ts';
import type { ProbeAnswer } from '../drivers/discovery/probe.ts';
import type { FleetPrinter } from './pinned-printers.ts';

/**
 * - `pinned`: it has the pinned key; or, where there is none, the pinned address and UUID.
 * - `configured`: it stands at the address of a printer of the configuration.
 * - `impostor`: it announces the UUID or the name of a pinned printer, or stands at its address, and is not that printer.
 * - `quarantine`: nobody has said that it is one of ours. It gets no job.
 */
export type FoundState = 'quarantine' | 'pinned' | 'configured' | 'impostor';

export interface Judgement {
  readonly state: FoundState;
  /** Of the printer that it is, or says that it is. */
  readonly printer?: string;
}

export interface Known {
  /** Of the configuration and pinned. */
  readonly printers: readonly FleetPrinter[];
  readonly pins: readonly Pin[];
}

export function judge(device: FoundDevice, answer: ProbeAnswer, { printers, pins }: Known): Judgement {
  const proved = pins.find((pin) => pin.key !== undefined && pin.key === answer.key);
  if (proved !== undefined) return { state: 'pinned', printer: proved.name };
  const here = printers.find(({ uri }) => isAt(device, uri));
  const pinHere = pins.find(({ name }) => name === here?.name);
  const pin = pinHere ?? pins.find((each) => claims(device, each));
  if (pin?.key !== undefined) {
    // Silent for now, at the right place: asleep.
    const isSilent = answer.key === undefined && answer.trouble !== undefined && !isPlain(device);
    if (isSilent) return pinHere === undefined ? QUARANTINE : { state: 'pinned', printer: pin.name };
    return { state: 'impostor', printer: pin.name };
  }
  if (pin !== undefined) {
    const isIt = pinHere !== undefined && (pin.uuid === undefined || uuidOf(device, answer) === pin.uuid);
    return { state: isIt ? 'pinned' : 'impostor', printer: pin.name };
  }
  return here === undefined ? QUARANTINE : { state: 'configured', printer: here.name };
}

const QUARANTINE: Judgement = { state: 'quarantine' };

/** Whether it announces what is pinned. */
export function claims(device: FoundDevice, pin: Pin): boolean {
  const byUuid = pin.uuid !== undefined && device.uuid === pin.uuid;
  return byUuid || (pin.announcedAs !== undefined && device.name === pin.announcedAs);
}

/** Whether one of its services is at that address. */
export function isAt({ address, services }: FoundDevice, uri: PrinterUri): boolean {
  return 'host' in uri && uri.host === address && services.some(({ port }) => port === uri.port);
}

/** Could be asked, and has nothing to prove itself by. */
const isPlain = ({ uri }: FoundDevice): boolean => uri !== undefined && !uri.startsWith('ipps:');

/** What it answered counts more than what was announced. */
function uuidOf({ uuid }: FoundDevice, { description }: ProbeAnswer): string | undefined {
  return description?.uuid === undefined ? uuid : bareUuid(description.uuid);
}

/** Without `urn:uuid:`, in lower case. */
export const bareUuid = (uuid: string): string => uuid.toLowerCase().replace(/^urn:uuid:/, '');
