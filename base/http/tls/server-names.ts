/** Under which names and addresses clients reach this machine: what its certificate has to say. */
import { isIP, isIPv4 } from 'node:net';
import { hostname, type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

export interface ServerNamesOptions {
  /** From the configuration. */
  readonly hostNames: readonly string[];
  /** Literal addresses that are listened on; `0.0.0.0` and `::` stand for all. */
  readonly listening: readonly string[];
  /** This machine's own unless told. */
  readonly hostname?: string;
  readonly interfaces?: readonly NetworkInterfaceInfo[];
}

/** Addresses of a machine with hundreds of virtual networks would not fit a handshake. */
const MOST_ADDRESSES = 64;
/** As DNS has them (RFC 1123 §2.1); Kubernetes and people make others. */
const HOST_NAME = /^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?)*$/;

/**
 * Host names first, the configured ones before all others, then addresses. Of the addresses behind `::` only `::1` is
 * named: those of IPv6 networks change by the day, and each change would take a new certificate.
 */
export function serverNames(options: ServerNamesOptions): string[] {
  const own = (options.hostname ?? hostname()).toLowerCase().replace(/\.$/, '');
  const local = own.endsWith('.local') ? [own] : [own, `${own.split('.', 1)[0]}.local`];
  const names = [...options.hostNames.map((name) => name.toLowerCase()), ...local, 'localhost'];
  return [...new Set([...names.filter(isCertifiable), ...addresses(options).slice(0, MOST_ADDRESSES)])];
}

function isCertifiable(name: string): boolean {
  return name.length <= 253 && isIP(name) === 0 && HOST_NAME.test(name);
}

function addresses({ listening, interfaces }: ServerNamesOptions): string[] {
  const every = interfaces ?? Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const own = every.map(({ address }) => address).filter(isIPv4);
  return listening.flatMap((address) => {
    if (address === '0.0.0.0') return ['127.0.0.1', ...own];
    return address === '::' ? ['::1'] : [address];
  });
}
