/** All that somebody needs to add a queue to a computer or phone. */
import { Failure } from '../../base/errors.ts';
import { printable } from '../../base/text.ts';
import { announcedPort } from '../announced-door.ts';
import type { Gateway } from '../gateway.ts';
import { OWN_PORT, reachedAs } from '../queue-uris.ts';

/** `claimed`: everybody; `password`: asked for at each job; `token`: a secret address. */
export type Entrance = 'claimed' | 'password' | 'token';

export interface Connection {
  readonly queue: string;
  /** What clients call it. */
  readonly name: string;
  /** Whether clients in the same network find it by themselves. */
  readonly announced: boolean;
  readonly entrance: Entrance;
  readonly host: string;
  /** Whether other networks do not know the host: its name is one of multicast DNS. */
  readonly 'only-local': boolean;
  readonly port: number;
  /** `ipp/print` */
  readonly path: string;
  /** `ipps://print.example.org/ipp/print` */
  readonly secure: string;
  /** Null where TLS is needed. */
  readonly plain: string | null;
  /** SHA-256 of the certificate. */
  readonly fingerprint: string;
  /** Whether clients have to be made to trust the certificate. */
  readonly 'self-signed': boolean;
}

/**
 * @param name of a queue, or empty for all
 * @param token the secret of a token, for its address
 * @throws Failure `no-such-queue`
 */
export function connectionsTo(
  gateway: Gateway,
  name: string,
  entrance: Entrance,
  token: string,
): Connection[] {
  const queues = gateway.config.queues.filter((queue) => name === '' || queue.name === name);
  if (queues.length === 0) throw new Failure('no-such-queue', `there is no queue "${printable(name, 63)}"`);
  const host = reachedAs(gateway);
  const port = announcedPort(gateway.ippAddresses) ?? OWN_PORT;
  const { fingerprint, selfSigned } = gateway.certificate.facts;
  const { encryption } = gateway.config.gateway.ipp;
  return queues.map((queue) => {
    const wanted = queue.authentication === 'required' && entrance === 'claimed' ? 'password' : entrance;
    const end = { claimed: '', password: '/auth', token: `/${token}` }[wanted];
    // One address of each queue is announced; who chose another has to type it.
    const found = queue.authentication === 'required' ? 'password' : 'claimed';
    const path = `ipp/${queue.name}${end}`;
    const address = `${port === OWN_PORT ? host : `${host}:${port}`}/${path}`;
    const mayBePlain =
      encryption === 'offered' &&
      (wanted === 'claimed' || (wanted === 'token' && queue.tokensWithoutTls === 'allow'));
    return {
      queue: queue.name,
      name: gateway.announcements.nameOf(queue),
      announced: gateway.announcements.isAnnounced(queue.name) && wanted === found,
      entrance: wanted,
      host,
      'only-local': host.toLowerCase().endsWith('.local'),
      port,
      path,
      secure: `ipps://${address}`,
      plain: mayBePlain ? `ipp://${address}` : null,
      fingerprint,
      'self-signed': selfSigned,
    };
  });
}

/** What to tell whoever gives these addresses to others; empty when they work everywhere. */
export function warningsFor(connections: readonly Connection[]): string[] {
  const host = connections.find((each) => each['only-local'])?.host;
  return host === undefined
    ? []
    : [
        `Warning: ${host} is known only in the gateway's own network. Elsewhere these addresses do not work, nor profiles with them: set gateway.host-names to a name that DNS knows.`,
      ];
}
