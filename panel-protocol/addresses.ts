/** Whether a client's address is on a panel's list. */
import { BlockList, isIP, isIPv6 } from 'node:net';

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
