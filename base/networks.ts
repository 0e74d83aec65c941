/** Lists of addresses and networks: their one form, and whether a client's address is on one. */
import { BlockList, isIP, isIPv4, isIPv6, SocketAddress } from 'node:net';
import { Failure } from './errors.ts';

/**
 * An address or a network in CIDR form, IPv6 in its shortest form: `10.1.2.4`, `10.1.0.0/16`, `fd00::/8`.
 * @throws Failure `bad-network`; its message does not quote the text
 */
export function canonicalNetwork(text: string): string {
  const [, address = '', prefix] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  if (isIP(address) === 0 || address.includes('%')) throw new Failure('bad-network', 'is no address');
  const short = shortestAddress(address);
  if (isMapped(short)) {
    throw new Failure('bad-network', 'is an IPv4 address in the form of IPv6');
  }
  if (prefix === undefined) return short;
  const bits = isIPv4(address) ? 32 : 128;
  if (Number(prefix) > bits) throw new Failure('bad-network', `has a prefix above ${bits}`);
  return `${short}/${Number(prefix)}`;
}

/** Bits that an address and a network in that form leave no choice of: 32 or 128 for an address. */
export function prefixLength(network: string): number {
  const [address = '', prefix] = network.split('/');
  return Number(prefix ?? (isIPv4(address) ? 32 : 128));
}

export function shortestAddress(address: string): string {
  return isIPv6(address) ? new SocketAddress({ address, family: 'ipv6' }).address : address;
}

/**
 * What stands for an address wherever something is counted by address: IPv4 as it is, IPv6 by its /64. Any computer has such
 * a network for itself, or may make itself as many addresses in it as it likes (RFC 8981), so one of them tells nothing.
 * What is no address stands for itself.
 */
export function addressKey(address: string): string {
  if (!address.includes(':')) return address;
  const [plain = '', zone] = address.split('%', 2);
  if (!isIPv6(plain)) return address;
  const short = shortestAddress(plain);
  if (isMapped(short)) return short.slice(MAPPED.length);
  const [head = [], tail = []] = short.split('::').map((half) => half.split(':'));
  const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  const network = [...head, ...zeros, ...tail].slice(0, 4).map((group) => group || '0');
  return `${network.join(':')}::/64${zone === undefined ? '' : `%${zone}`}`;
}

const MAPPED = '::ffff:';
const isMapped = (short: string): boolean => short.startsWith(MAPPED) && short.includes('.');

/** True for an address of the loopback networks, which nobody beyond this machine can send from. */
export function isLoopback(address: string): boolean {
  return address === '::1' || (isIPv4(address) && address.startsWith('127.'));
}

/**
 * @param address as the socket told; an IPv6 zone (`%eth0`) does not count.
 * @param entries addresses and networks in CIDR form, each for its own family only. One that can't be read lets nobody in.
 */
export function addressFits(address: string, entries: readonly string[]): boolean {
  const plain = address.split('%', 1)[0] ?? '';
  if (isIP(plain) === 0) return false;
  const family = familyOf(plain);
  const list = new BlockList();
  for (const entry of entries) addTo(list, entry, family);
  return list.check(plain, family);
}

/** `BlockList` itself would find every IPv4 address in `::/0`. */
function addTo(list: BlockList, entry: string, family: Family): void {
  const [network = '', prefix, ...more] = entry.split('/');
  if (isIP(network) === 0 || familyOf(network) !== family || more.length > 0) return;
  if (prefix === undefined) list.addAddress(network, family);
  else if (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 'ipv6' ? 128 : 32)) {
    list.addSubnet(network, Number(prefix), family);
  }
}

type Family = 'ipv4' | 'ipv6';

const familyOf = (address: string): Family => (isIPv6(address) ? 'ipv6' : 'ipv4');
