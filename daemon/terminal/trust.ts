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

/** SHA-256 of the server's public key (SPKI): it stays when the certificate is renewed. */
export function publicKeyOf(socket: TLSSocket): string {
  const key = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' });
  if (key === undefined)
    throw new Failure('gateway-without-certificate', 'the gateway showed no certificate');
  return createHash('sha256').update(key).digest('hex');
}

/** Before a secret is said. @throws Failure `gateway-changed` */
export function checkGateway(socket: TLSSocket, { ca, publicKey }: Trust): void {
  if (ca !== undefined || publicKey === undefined) return;
  const found = publicKeyOf(socket);
  if (found === publicKey) return;
  throw new Failure('gateway-changed', 'the gateway shows another key than when this terminal was enrolled', {
    advice: `If it was set up anew, delete the terminal's identity and enrol it again. Its key now: ${found}`,
  });
}
