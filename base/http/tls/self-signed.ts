/** Makes the certificate that a gateway signs for itself, and the key for it. */
import { createPrivateKey, createPublicKey, KeyObject, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { Secret } from '../../secrets/secret.ts';

/** Every print client takes RSA; some printers and older Windows take nothing else. */
const ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};
/** Longest `commonName` (RFC 5280 Appendix A.1, ub-common-name). */
const COMMON_NAME = 64;

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

/** A certificate for a TLS server, signed by its own key: PEM. */
export async function makeCertificate(key: Secret<string>, wish: CertificateWish): Promise<string> {
  // The two packages take 15 MB and 0.1 s to load, once in two years.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const keys = await importKeys(key);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: [{ CN: [(wish.names[0] ?? '').slice(0, COMMON_NAME)] }],
      keys,
      signingAlgorithm: ALGORITHM,
      notBefore: new Date(wish.notBefore),
      notAfter: new Date(wish.notAfter),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
          true,
        ),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(
          wish.names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }) as const),
        ),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return `${certificate.toString('pem')}\n`;
}

async function importKeys(key: Secret<string>): Promise<webcrypto.CryptoKeyPair> {
  const pkcs8 = createPrivateKey(key.reveal()).export({ format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key.reveal()).export({ format: 'der', type: 'spki' });
  const [privateKey, publicKey] = await Promise.all([
    webcrypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, false, ['sign']),
    webcrypto.subtle.importKey('spki', spki, ALGORITHM, true, ['verify']),
  ]);
  return { privateKey, publicKey };
}
