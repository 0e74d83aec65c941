/** Whether a gateway is the one that the terminal was enrolled with: by an authority, or by its public key. */
import { createHash } from 'node:crypto';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { Failure } from '../../base/errors.ts';

/** PEM of an authority, or SHA-256 of the gateway's public key in hexadecimal; neither before the first connection. */
export interface Trust {
  readonly ca?: string;
  readonly publicKey?: string;
}

/** For `tls.connect`: with an authority, Node checks the certificate; else {@link checkGateway} has to look. */
export function tlsOptions({ ca }: Trust): ConnectionOptions {
  return ca === undefined ? { rejectUnauthorized: false } : { ca };
}

/**
 * Before a secret is said. Gives the SHA-256 of the gateway's public key (SPKI), which stays when its certificate is
 * renewed. To be called once for a connection: Node tells the peer's certificate once.
 * @throws Failure `gateway-changed`, `gateway-without-certificate`
 */
export function checkGateway(socket: TLSSocket, { ca, publicKey }: Trust): string {
  const key = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' });
  if (key === undefined)
    throw new Failure('gateway-without-certificate', 'the gateway showed no certificate');
  const found = createHash('sha256').update(key).digest('hex');
  if (ca !== undefined || publicKey === undefined || found === publicKey) return found;
  throw new Failure('gateway-changed', 'the gateway shows another key than when this terminal was enrolled', {
    advice: `If it was set up anew, delete the terminal's identity and enrol it again. Its key now: ${found}`,
  });
}
