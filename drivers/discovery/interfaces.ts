/** The interfaces of this machine on which queues are made known. */
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import type { Interface } from './responder.ts';

export interface LocalInterface extends Interface {
  /** For joining the group of IPv4. */
  readonly ipv4: string | undefined;
  /** Whether IPv6's group can be joined: it takes a link-local address. */
  readonly ipv6: boolean;
  /** Whether a host of this address is on the same link. */
  isOnLink(address: string): boolean;
}

/** Addresses of one interface that are told at most. */
const MOST_ADDRESSES = 8;

export type Interfaces = Readonly<Record<string, NetworkInterfaceInfo[] | undefined>>;

/**
 * @param wanted names; `all` are those that reach other machines.
 * @param listening addresses that print clients can connect to, or `all`; interfaces without one are left out.
 */
export function chooseInterfaces(
  all: Interfaces,
  wanted: 'all' | readonly string[],
  listening: 'all' | readonly string[],
): LocalInterface[] {
  return Object.entries(all).flatMap(([name, infos = []]) => {
    const isWanted = wanted === 'all' ? infos.every((each) => !each.internal) : wanted.includes(name);
    if (!isWanted) return [];
    const addresses = tellable(infos).filter((address) => isListening(address, listening));
    if (addresses.length === 0) return [];
    return [
      {
        name,
        addresses: addresses.slice(0, MOST_ADDRESSES),
        ipv4: infos.find((each) => each.family === 'IPv4')?.address,
        ipv6: infos.some(isLinkLocal),
        isOnLink: linkOf(name, infos),
      },
    ];
  });
}

function isListening(address: string, listening: 'all' | readonly string[]): boolean {
  if (listening === 'all') return true;
  const everywhere = isIPv4(address) ? '0.0.0.0' : '::';
  return listening.includes(address) || listening.includes(everywhere);
}

const isLinkLocal = ({ family, address }: NetworkInterfaceInfo): boolean =>
  family === 'IPv6' && /^fe[89ab]/i.test(address);

/** A link-local address of IPv6 only where there is no other: it means nothing without the interface. */
function tellable(infos: readonly NetworkInterfaceInfo[]): string[] {
  const reachable = infos.filter((each) => !isLinkLocal(each));
  return (reachable.length > 0 ? reachable : infos).map(({ address }) => address);
}

function linkOf(name: string, infos: readonly NetworkInterfaceInfo[]): (address: string) => boolean {
  const subnets = new BlockList();
  for (const { cidr, family } of infos) {
    const [address = '', prefix] = cidr?.split('/') ?? [];
    if (prefix !== undefined) subnets.addSubnet(address, Number(prefix), family === 'IPv4' ? 'ipv4' : 'ipv6');
  }
  return (source) => {
    const [address = '', scope] = source.split('%');
    if (scope !== undefined) return scope === name;
    return isIPv6(address) ? subnets.check(address, 'ipv6') : isIPv4(address) && subnets.check(address);
  };
}
