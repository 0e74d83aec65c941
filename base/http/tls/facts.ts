/** What a certificate says, as values. */
import { createHash, type KeyObject, X509Certificate } from 'node:crypto';

export interface CertificateFacts {
  /** Host names and addresses that it is valid for, IPv6 in its shortest form. */
  readonly names: readonly string[];
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SHA-256 of the certificate, as 32 pairs of capital hexadecimal digits with colons. */
  readonly fingerprint: string;
  /** SHA-256 of its public key (SubjectPublicKeyInfo) in base64: stays when a certificate is renewed with its key. */
  readonly keyPin: string;
  readonly subject: string;
  readonly issuer: string;
  /** Whether nobody but itself vouches for it. */
  readonly selfSigned: boolean;
}

/** The certificates of a PEM file in their order; whatever stands between them is passed over. */
export function certificatesIn(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

/** Of the first certificate of a PEM file. @throws Error when it is none */
export function factsOf(pem: string): CertificateFacts {
  const certificate = new X509Certificate(pem);
  return {
    names: namesIn(certificate.subjectAltName ?? ''),
    notBefore: certificate.validFromDate.getTime(),
    notAfter: certificate.validToDate.getTime(),
    fingerprint: certificate.fingerprint256,
    keyPin: keyPinOf(certificate.publicKey),
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    selfSigned: certificate.verify(certificate.publicKey),
  };
}

/** RFC 7469 §2.4 */
function keyPinOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ format: 'der', type: 'spki' }))
    .digest('base64');
}

/** Node writes `DNS:a, IP Address:1.2.3.4`, and values that could be misread in quotes, as JSON does. */
function namesIn(text: string): string[] {
  const found = text.matchAll(/(?:^|, )(DNS|IP Address):("(?:[^"\\]|\\.)*"|[^,]*)/g);
  return [...found].map(([, kind, value = '']) => (kind === 'DNS' ? value.toLowerCase() : shortest(value)));
}

function shortest(address: string): string {
  if (!address.includes(':')) return address;
  return URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1) ?? address;
}

const oneLine = (name: string): string => name.replaceAll('\n', ', ');
