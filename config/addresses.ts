/** Addresses in a configuration: where to listen, whence panels connect, under which names clients come. */
import { isIPv4, isIPv6 } from 'node:net';
import { Failure } from '../base/errors.ts';
import { canonicalNetwork, shortestAddress } from '../base/networks.ts';
import { single, WrongValue } from './values.ts';
import { quoted } from './wording.ts';

export interface ListenAddress {
  /** A literal address; IPv6 without brackets, in its shortest form. */
  readonly host: string;
  readonly port: number;
}

/** Port of IPP (RFC 8010 §5). */
export const IPP_PORT = 631;
export const WEB_PORT = 8632;
/** For network readers that send lines. */
export const READER_PORT = 8633;
/** Addresses that one listener can have. */
export const MOST_LISTENING = 16;

/** Every address of this machine, in the form of the file. */
export const everyAddress = (port: number): string[] => [`0.0.0.0:${port}`, `[::]:${port}`];

const LISTEN = /^(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+)):(\d{1,5})$/;

export function parseListenAddress(text: string): ListenAddress {
  const [, six, four, port] = LISTEN.exec(text) ?? [];
  const host = six ?? four ?? '';
  if (port === undefined || !(six === undefined ? isIPv4(host) : isIPv6(host))) {
    throw new WrongValue(`${quoted(text)} is no address with a port`);
  }
  if (Number(port) > 65535) throw new WrongValue(`${quoted(text)} has a port above 65535`);
  return { host: shortestAddress(host), port: Number(port) };
}

export const listenAddress = () =>
  single({
    allowed: 'an address and a port, such as 0.0.0.0:631, "[::]:631" or 10.1.2.3:631',
    json: { pattern: LISTEN.source },
    read: parseListenAddress,
  });

/** An address or a network, IPv6 in its shortest form: `10.1.2.4`, `10.1.0.0/16`, `fd00::/8`. */
export const network = () =>
  single({
    allowed: 'an address or a network, such as 10.1.2.4, 10.1.2.0/24 or "fd00::/8"',
    read: (text) => {
      try {
        return canonicalNetwork(text);
      } catch (error) {
        throw error instanceof Failure ? new WrongValue(`${quoted(text)} ${error.message}`) : error;
      }
    },
  });

const LABEL = '[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?';
const HOST_NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);

/** A name, not an address: its last part has a letter (else `10.1.2` would be looked up as 10.1.0.2). */
export function isHostName(text: string): boolean {
  return text.length <= 253 && HOST_NAME.test(text) && !/(?:^|\.)\d+$/.test(text);
}

export const hostName = () =>
  single({
    allowed: 'a name without scheme and port, such as print.example.org (addresses need no entry)',
    json: { pattern: HOST_NAME.source, maxLength: 253 },
    read: (text) => {
      if (!isHostName(text)) throw new WrongValue(`${quoted(text)} is no host name`);
      return text.toLowerCase();
    },
  });
