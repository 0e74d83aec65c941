/**
 * Makes one certificate, as a process of its own: the packages for it take 15 MB, once in two years, which go with the
 * process. The order comes as JSON on standard input, with the key in it; the certificate goes to standard output.
 */
import 'reflect-metadata';
import { createPrivateKey, createPublicKey, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { json } from 'node:stream/consumers';
import * as x509 from '@peculiar/x509';
import { ALGORITHM, type CertificateOrder } from './self-signed.ts';

/** Longest `commonName` (RFC 5280 Appendix A.1, ub-common-name). */
const COMMON_NAME = 64;

async function make({ key, names, notBefore, notAfter }: CertificateOrder): Promise<string> {
  const keys = await importKeys(key);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: [{ CN: [(names[0] ?? '').slice(0, COMMON_NAME)] }],
      keys,
      signingAlgorithm: ALGORITHM,
      notBefore: new Date(notBefore),
      notAfter: new Date(notAfter),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
          true,
        ),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(
          names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }) as const),
        ),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return `${certificate.toString('pem')}\n`;
}

async function importKeys(key: string): Promise<webcrypto.CryptoKeyPair> {
  const pkcs8 = createPrivateKey(key).export({ format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const [privateKey, publicKey] = await Promise.all([
    webcrypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, false, ['sign']),
    webcrypto.subtle.importKey('spki', spki, ALGORITHM, true, ['verify']),
  ]);
  return { privateKey, publicKey };
}

process.stdout.write(await make((await json(process.stdin)) as CertificateOrder));
