/** The addresses of a queue as a client is told them: three parallel lists of one length (RFC 8011 §5.4.1–5.4.3). */
import type { Queue } from '../queue.ts';
import type { Entrance } from './entrance.ts';

export interface QueueAddress {
  readonly uri: string;
  /** `uri-security-supported` */
  readonly security: 'none' | 'tls';
  /** `uri-authentication-supported` */
  readonly authentication: 'requesting-user-name' | 'basic';
}

/** How a client reaches the gateway. */
export interface Reach {
  /** `localhost:8631` */
  readonly authority: string;
  /** It came over TLS. */
  readonly secure: boolean;
  /** Nothing is answered without TLS. */
  readonly tlsRequired: boolean;
}

/**
 * The one that the client came by stands first, as some take no other. Who came by a token is told that address alone: at
 * the others it would be somebody else. Nobody else is told of it.
 */
export function addressesOf(
  queue: Queue,
  entrance: Pick<Entrance, 'kind' | 'suffix'>,
  { authority, secure, tlsRequired }: Reach,
): QueueAddress[] {
  const plain = { uri: uriOf('ipp', authority, queue), security: 'none', authentication: CLAIM } as const;
  const claimed = { uri: uriOf('ipps', authority, queue), security: 'tls', authentication: CLAIM } as const;
  const auth = {
    uri: `${uriOf('ipps', authority, queue)}/auth`,
    security: 'tls',
    authentication: 'basic',
  } as const;
  if (entrance.kind === 'token') {
    const here = secure ? claimed : plain;
    return [{ ...here, uri: here.uri + entrance.suffix }];
  }
  const either = secure ? [claimed, plain] : [plain, claimed];
  const open = either.filter(
    (each) => queue.authentication === 'optional' && (each === claimed || !tlsRequired),
  );
  return entrance.kind === 'auth' ? [auth, ...open] : [...open, auth];
}

const CLAIM = 'requesting-user-name';

/** `ipp://localhost:8631/ipp/print` */
export function uriOf(scheme: 'ipp' | 'ipps', authority: string, { name }: Queue): string {
  return `${scheme}://${authority}/ipp/${name}`;
}
