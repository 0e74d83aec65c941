/** Which Host headers are ours. A page that rebinds its DNS name to our address still sends its own name. */
import { isIP, isIPv6 } from 'node:net';
import { hostname } from 'node:os';

/** A name or IPv4 address, or an IPv6 address in brackets; a port may follow (RFC 3986 §3.2.2). No user, no escapes. */
const HOST = /^(?:\[([^[\]]{2,80})\]|([A-Za-z0-9_.-]{1,253}))(?::\d{0,5})?$/;
/** What may stand behind a link-local address (RFC 6874), also as CUPS writes it: `fe80::1%25eth0`, `v1.fe80::1+eth0`. */
const ZONE = /[%+][A-Za-z0-9._~-]{1,32}$/;

/** Names under which this gateway may be addressed; literal addresses always may. */
export function hostCheck(names: readonly string[]): (host: string) => boolean {
  const own = hostname().toLowerCase();
  const allowed = new Set(['localhost', own, `${own}.local`, ...names.map((name) => name.toLowerCase())]);
  return (host) => {
    const [, address, name] = HOST.exec(host) ?? [];
    if (address !== undefined) return isIPv6(address.replace(/^v1\./, '').replace(ZONE, ''));
    return name !== undefined && (isIP(name) !== 0 || allowed.has(name.toLowerCase().replace(/\.$/, '')));
  };
}
