/** Under which addresses clients reach a queue, as far as the gateway can know its own name. */
import { hostname } from 'node:os';
import { announcedPort } from './announced-door.ts';
import type { Gateway } from './gateway.ts';

/** Ports that the schemes have by themselves (RFC 3510, RFC 7472). */
export const OWN_PORT = 631;

/** The first of `gateway.host-names`, else the name that is announced, else this machine's own. */
export function reachedAs({ config, announcements }: Gateway): string {
  const [name = announcements.isOn ? announcements.hostName : hostname()] = config.gateway.hostNames;
  return name;
}

export function queueUris(
  gateway: Gateway,
  queue: string,
): { readonly plain: string; readonly secure: string } {
  const name = reachedAs(gateway);
  const port = announcedPort(gateway.ippAddresses) ?? OWN_PORT;
  const authority = port === OWN_PORT ? name : `${name}:${port}`;
  return { plain: `ipp://${authority}/ipp/${queue}`, secure: `ipps://${authority}/ipp/${queue}` };
}

/** Where panels reach the gateway: `https://print.example.org:8632`. */
export function webAddress(gateway: Gateway): string {
  const [address] = gateway.webAddresses;
  return `https://${reachedAs(gateway)}:${address?.port ?? 443}`;
}
