/** Under which addresses clients reach a queue, as far as the gateway can know its own name. */
import { hostname } from 'node:os';
import type { Gateway } from './gateway.ts';

/** Ports that the schemes have by themselves (RFC 3510, RFC 7472). */
const OWN_PORT = 631;

/** The first of `gateway.host-names`, else this machine's own name. */
export function queueUris(
  gateway: Gateway,
  queue: string,
): { readonly plain: string; readonly secure: string } {
  const [name = hostname()] = gateway.config.gateway.hostNames;
  const port = gateway.ippAddresses[0]?.port ?? OWN_PORT;
  const authority = port === OWN_PORT ? name : `${name}:${port}`;
  return { plain: `ipp://${authority}/ipp/${queue}`, secure: `ipps://${authority}/ipp/${queue}` };
}
