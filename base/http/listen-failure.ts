/** Why an address cannot be listened on, for an administrator. */
import { Failure, messageOf, systemCode } from '../errors.ts';
import type { InheritedSocket, ListenAddress } from './listener.ts';

/** @returns Failure `port-taken`, `address-not-here`, `port-not-allowed`, `cannot-listen` */
export function listenFailure(address: ListenAddress | InheritedSocket, cause: Error): Failure {
  if ('descriptor' in address) {
    const message = `descriptor ${address.descriptor}, which the service manager handed over, is no socket to listen on`;
    return new Failure('cannot-listen', `${message}: ${messageOf(cause)}`, { cause });
  }
  const where = `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
  switch (systemCode(cause)) {
    case 'EADDRINUSE':
      return new Failure('port-taken', `${where} is in use by another program`, {
        advice: 'Stop that one, or choose another port',
        cause,
      });
    case 'EADDRNOTAVAIL':
      return new Failure('address-not-here', `this machine has no address ${address.host}`, { cause });
    case 'EACCES':
      return new Failure('port-not-allowed', `this user may not listen on ${where}`, {
        advice: 'Ports below 1024 need the right to bind them, or a socket of systemd (see docs/install.md)',
        cause,
      });
    default:
      return new Failure('cannot-listen', `cannot listen on ${where}: ${messageOf(cause)}`, { cause });
  }
}
