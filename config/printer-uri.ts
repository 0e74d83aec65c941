/** Where a printer is: `ipp://host/ipp/print`, `socket://host`, `file:///folder`. */
import { isIPv4, isIPv6 } from 'node:net';
import { normalize } from 'node:path';
import { printable } from '../base/text.ts';
import { isHostName } from './addresses.ts';
import { single, WrongValue } from './values.ts';
import { didYouMean, quoted } from './wording.ts';

export type PrinterUri =
  | {
      readonly scheme: 'ipp' | 'ipps';
      /** A name or a literal address; IPv6 without brackets. */
      readonly host: string;
      readonly port: number;
      /** Begins with a slash; percent-encoded as written. */
      readonly path: string;
    }
  | { readonly scheme: 'socket'; readonly host: string; readonly port: number }
  /** A printer at a USB port of this machine. Without a serial number and a port: the first of that make and model. */
  | {
      readonly scheme: 'usb';
      readonly make: string;
      readonly model: string;
      readonly serialNumber?: string;
      /** `1-1.4` is bus 1, port 1, and port 4 of the hub there. */
      readonly port?: string;
    }
  /** `path` is an absolute folder, decoded. */
  | { readonly scheme: 'file'; readonly path: string };

const SCHEMES = ['ipp', 'ipps', 'socket', 'usb', 'file'] as const;
/** RFC 8010 §5; AppSocket has no standard, every printer listens there. */
const DEFAULT_PORTS = { ipp: 631, ipps: 631, socket: 9100 } as const;

const URI = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)(\/[^?#]*)?([?#].*)?$/;
const AUTHORITY = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/;
/** What RFC 3986 §3.3 allows in a path. */
const PATH = /^(?:[A-Za-z0-9/._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*$/;

/**
 * The text itself is in no error: it may hold a password.
 * @throws WrongValue
 */
export function parsePrinterUri(text: string): PrinterUri {
  if (text.length > 1023) throw new WrongValue('is longer than 1023 characters');
  const [, schemeText = '', authority = '', path = '', rest] = URI.exec(text) ?? [];
  if (schemeText === '') throw new WrongValue('is no URI');
  const scheme = SCHEMES.find((each) => each === schemeText.toLowerCase());
  if (scheme === undefined) throw new WrongValue(unknownScheme(schemeText));
  if (authority.includes('@')) {
    throw new WrongValue('holds a user name or password, and no secret may stand in this file');
  }
  if (scheme === 'usb') return usbUri(authority, path, rest ?? '');
  if (rest !== undefined) throw new WrongValue('has a part after "?" or "#"');
  if (!PATH.test(path)) throw new WrongValue('has characters in its path that must be percent-encoded');
  if (scheme === 'file') return fileUri(authority, path);
  const place = { host: hostOf(authority), port: portOf(authority, DEFAULT_PORTS[scheme]) };
  if (scheme === 'socket') {
    if (path !== '' && path !== '/') throw new WrongValue('has a path, which a socket has not');
    return { scheme, ...place };
  }
  if (path === '' || path === '/') throw new WrongValue('lacks its path, often /ipp/print');
  return { scheme, ...place, path };
}

export const printerUri = () =>
  single({
    allowed:
      'ipp://HOST/PATH, ipps://HOST/PATH (port 631 unless :PORT follows the host), socket://HOST (port 9100), usb://MAKE/MODEL?serial=NUMBER or file:///FOLDER',
    json: { pattern: `^(${SCHEMES.join('|')})://`, examples: ['ipp://10.1.2.3/ipp/print'] },
    read: parsePrinterUri,
  });

function unknownScheme(scheme: string): string {
  if (/^https?$/i.test(scheme)) return `begins with ${quoted(scheme)}; IPP over it is written ipp: or ipps:`;
  return `has the unknown scheme ${quoted(scheme)}${didYouMean(scheme, SCHEMES)}`;
}

function hostOf(authority: string): string {
  const [, six, other = ''] = AUTHORITY.exec(authority) ?? [];
  if (six !== undefined ? !isIPv6(six) : !isIPv4(other) && !isHostName(other)) {
    throw new WrongValue('has no valid host');
  }
  return (six ?? other).toLowerCase();
}

function portOf(authority: string, byDefault: number): number {
  const digits = AUTHORITY.exec(authority)?.[3];
  const port = digits === undefined ? byDefault : Number(digits);
  if (port < 1 || port > 65535) throw new WrongValue('has a port outside 1 to 65535');
  return port;
}

const USB_PORT = /^\d{1,3}-\d{1,3}(?:\.\d{1,3}){0,6}$/;

/** As CUPS writes it: `usb://HP/LaserJet%20400?serial=VNB3X`; `port=1-1.4` instead of the serial number names the port. */
function usbUri(make: string, path: string, rest: string): PrinterUri {
  const uri = { scheme: 'usb', make: usbText(make), model: usbText(path.slice(1)) } as const;
  if (uri.make === '' || uri.model === '') throw new WrongValue('lacks the make or the model of the printer');
  if (rest === '') return uri;
  const [, key, value = ''] = /^\?(serial|port)=([^&#]+)$/.exec(rest) ?? [];
  if (key === 'serial') return { ...uri, serialNumber: usbText(value) };
  if (key !== 'port') throw new WrongValue('has something other than serial=NUMBER or port=PORT after "?"');
  if (!USB_PORT.test(value)) throw new WrongValue('names no USB port, such as 1-1.4');
  return { ...uri, port: value };
}

/** At most what a USB descriptor holds. */
function usbText(encoded: string): string {
  let text: string;
  try {
    text = decodeURIComponent(encoded);
  } catch {
    throw new WrongValue('has percent-encoded octets that are no UTF-8');
  }
  if (printable(text, 126) !== text) throw new WrongValue('has control characters, or is too long');
  return text;
}

function fileUri(authority: string, path: string): PrinterUri {
  if (authority !== '' && authority !== 'localhost') {
    throw new WrongValue('names a host; a folder of this machine has three slashes');
  }
  let folder: string;
  try {
    folder = decodeURIComponent(path);
  } catch {
    throw new WrongValue('has percent-encoded octets that are no UTF-8');
  }
  if (printable(folder, 4096) !== folder) throw new WrongValue('has control characters in its path');
  if (path === '' || normalize(folder) === '/') throw new WrongValue('lacks its folder');
  return { scheme: 'file', path: normalize(folder).replace(/\/$/, '') };
}
