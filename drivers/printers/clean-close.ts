/** Asks Linux how a connection ended. A stream's end alone can be one that the peer sent before it read anything. */
import { readFile } from 'node:fs/promises';
import { isIPv6, type Socket } from 'node:net';
import { endianness } from 'node:os';

/** include/net/tcp_states.h, as proc(5) writes them: both sides have closed, and not all is acknowledged yet. */
const STILL_CLOSING = ['04', '05', '09', '0B'];
/** We closed first, the peer acknowledged every octet and our end, and then closed itself. */
const TIME_WAIT = '06';

export type Closing =
  /** Every octet and our end were acknowledged before the peer's end. */
  | 'clean'
  /** Not known yet; ask again. */
  | 'under-way'
  /** Reset, or closed by the peer first. */
  | 'broken';

/** The four numbers by which the system knows a connection; to be taken while it is open. */
export interface ConnectionEnds {
  readonly isIPv6: boolean;
  /** As in /proc/net/tcp: `0100007F:1F90 0100007F:9C40`. */
  readonly text: string;
}

/** @returns undefined when the socket is no connection any more. */
export function endsOf(socket: Socket): ConnectionEnds | undefined {
  const { localAddress, localPort, remoteAddress, remotePort } = socket;
  if (localAddress === undefined || remoteAddress === undefined) return undefined;
  const text = `${hexOf(localAddress)}:${portOf(localPort)} ${hexOf(remoteAddress)}:${portOf(remotePort)}`;
  return { isIPv6: isIPv6(localAddress), text };
}

/**
 * To be asked after the peer's end was read and before the socket is destroyed. Where the system has no such table (no
 * /proc) it says `clean`: then the order of the two ends is all that is known.
 */
export async function closingOf(ends: ConnectionEnds): Promise<Closing> {
  const path = ends.isIPv6 ? '/proc/self/net/tcp6' : '/proc/self/net/tcp';
  const table = await readFile(path, 'latin1').catch(() => undefined);
  if (table === undefined) return 'clean';
  const at = table.indexOf(` ${ends.text} `);
  if (at === -1) return 'broken';
  const state = table.slice(at + ends.text.length + 2, at + ends.text.length + 4);
  if (state === TIME_WAIT) return 'clean';
  return STILL_CLOSING.includes(state) ? 'under-way' : 'broken';
}

const portOf = (port = 0): string => port.toString(16).toUpperCase().padStart(4, '0');

/** The address in words of 32 bits, each in the machine's own order. */
function hexOf(address: string): string {
  const octets = isIPv6(address) ? octetsOfIPv6(address) : address.split('.').map(Number);
  let hex = '';
  for (let word = 0; word < octets.length; word += 4) {
    const four = Buffer.from(octets.slice(word, word + 4));
    hex += (endianness() === 'LE' ? four.reverse() : four).toString('hex').toUpperCase();
  }
  return hex;
}

/** @param address as the system writes it: `fe80::1%eth0`, `::ffff:10.0.0.1`. */
function octetsOfIPv6(address: string): number[] {
  const [plain = ''] = address.split('%', 1);
  const words = plain.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...four: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = four.slice(0, 4).map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = [], tail = []] = words.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail].flatMap((word) => {
    const value = Number.parseInt(word, 16);
    return [value >> 8, value & 0xff];
  });
}
