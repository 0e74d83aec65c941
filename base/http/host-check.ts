/** Which Host headers are ours. A page that rebinds its DNS name to our address still sends its own name. */
import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** Names under which this gateway may be addressed; literal addresses always may. */
export function hostCheck(names: readonly string[]): (host: string) => boolean {
  const own = hostname().toLowerCase();
  const allowed = new Set(['localhost', own, `${own}.local`, ...names.map((name) => name.toLowerCase())]);
  return (host) => {
    const name = hostWithoutPort(host);
    return isIP(name) !== 0 || allowed.has(name.toLowerCase().replace(/\.$/, ''));
  };
}

/** `[::1]:631` → `::1`, `print.example.org:631` → `print.example.org`. */
export function hostWithoutPort(host: string): string {
  if (host.startsWith('[')) return host.slice(1, host.indexOf(']') === -1 ? undefined : host.indexOf(']'));
  const colon = host.lastIndexOf(':');
  return colon === -1 ? host : host.slice(0, colon);
}
