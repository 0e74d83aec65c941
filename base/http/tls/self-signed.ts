/** Makes the certificate that a gateway signs for itself, and the key for it. */
import { KeyObject, webcrypto } from 'node:crypto';
import { Failure } from '../../errors.ts';
import { runOnce } from '../../one-shot.ts';
import { Secret } from '../../secrets/secret.ts';

/** Every print client takes RSA; some printers and older Windows take nothing else. */
export const ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};
export interface CertificateWish {
  /** Host names and addresses, the one that it is shown as first; at least one. */
  readonly names: readonly string[];
  /** Milliseconds since 1970; whole seconds, as a certificate has no fractions. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** A new RSA key as PEM (PKCS #8). Made by Node's threads; takes 0.1–1 s. */
export async function makeKey(): Promise<Secret<string>> {
  const { privateKey } = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  return new Secret(KeyObject.from(privateKey).export({ format: 'pem', type: 'pkcs8' }) as string);
}

/** What `make-certificate.ts` is given. */
export interface CertificateOrder extends CertificateWish {
  readonly key: string;
}

/**
 * A certificate for a TLS server, signed by its own key: PEM.
 * @throws Failure `certificate-not-made`
 */
export async function makeCertificate(key: Secret<string>, wish: CertificateWish): Promise<string> {
  const order: CertificateOrder = { ...wish, key: key.reveal() };
  const script = new URL('./make-certificate.ts', import.meta.url);
  const failed = (complaint: string) =>
    new Failure('certificate-not-made', `the certificate could not be made: ${complaint}`);
  return await runOnce(script, order, failed);
}
