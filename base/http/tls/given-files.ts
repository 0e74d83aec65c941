/** Reads a certificate and its key from an administrator's files, and says what is wrong with them. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { Failure, messageOf } from '../../errors.ts';
import { Secret } from '../../secrets/secret.ts';
import { KiB } from '../../units.ts';
import { certificatesIn, factsOf } from './facts.ts';
import type { TlsIdentity } from './identity.ts';

/** Absolute paths of PEM files. */
export interface GivenFiles {
  /** The server's certificate, followed by those that lead to its issuer. */
  readonly certificate: string;
  readonly key: string;
}

/** Of each file. */
const LIMIT = KiB(128);
const MOST_CERTIFICATES = 10;
const OTHERS_MAY_READ = 0o004;
const SMALLEST_RSA = 2048;
const CURVES = ['prime256v1', 'secp384r1', 'secp521r1'];
/** RFC 5280 §4.2.1.12: serverAuth, anyExtendedKeyUsage. */
const SERVER_PURPOSES = ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'];

/** @throws Failure `tls-file-unreadable`, `tls-file-wrong`, `tls-key-exposed`, `tls-key-does-not-fit`, `tls-certificate-weak` */
export async function readGiven(files: GivenFiles): Promise<TlsIdentity> {
  const chain = certificatesOf(files.certificate, (await readPem(files.certificate)).text);
  const { text, mode } = await readPem(files.key);
  if ((mode & OTHERS_MAY_READ) !== 0) {
    throw new Failure('tls-key-exposed', `${files.key} may be read by everybody on this machine`, {
      advice: `Run "chmod o= ${files.key}", and take another key if others may have read this one`,
    });
  }
  const key = keyOf(files.key, text);
  checkFit(files, chain, key);
  checkStrength(files.certificate, chain);
  return { certificate: `${chain.join('\n')}\n`, key: new Secret(text) };
}

/** @throws Failure `tls-certificate-expired`, `tls-certificate-early` */
export function checkTime(path: string, { certificate }: TlsIdentity, now: number): void {
  const { notBefore, notAfter } = factsOf(certificate);
  const day = (time: number) => new Date(time).toISOString().slice(0, 10);
  if (now >= notAfter) {
    throw new Failure(
      'tls-certificate-expired',
      `the certificate in ${path} has expired on ${day(notAfter)}`,
    );
  }
  if (now < notBefore) {
    throw new Failure(
      'tls-certificate-early',
      `the certificate in ${path} is valid from ${day(notBefore)} on`,
      {
        advice: `Look at this machine's clock: it says ${day(now)}`,
      },
    );
  }
}

/** The names that clients use and the certificate does not have; empty when it has one at least. */
export function namesMissing({ certificate }: TlsIdentity, names: readonly string[]): readonly string[] {
  const x509 = new X509Certificate(certificate);
  return names.some((name) => x509.checkHost(name) !== undefined) ? [] : names;
}

async function readPem(path: string): Promise<{ text: string; mode: number }> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const { size, mode } = await file.stat();
    if (size > LIMIT) throw new Failure('tls-file-wrong', `it has ${size} octets; at most ${LIMIT} are read`);
    return { text: (await file.read(Buffer.alloc(size), 0)).buffer.toString('latin1'), mode };
  } catch (cause) {
    throw new Failure('tls-file-unreadable', `${path} cannot be read: ${messageOf(cause)}`, { cause });
  } finally {
    await file?.close();
  }
}

function certificatesOf(path: string, text: string): string[] {
  const found = certificatesIn(text);
  if (found.length === 0) {
    throw new Failure('tls-file-wrong', `${path} has no certificate in PEM ("-----BEGIN CERTIFICATE-----")`);
  }
  if (found.length > MOST_CERTIFICATES) {
    throw new Failure(
      'tls-file-wrong',
      `${path} has ${found.length} certificates; at most ${MOST_CERTIFICATES}`,
      {
        advice: "Only the server's own and those that lead to its issuer belong there",
      },
    );
  }
  for (const [index, pem] of found.entries()) {
    try {
      new X509Certificate(pem);
    } catch (cause) {
      throw new Failure('tls-file-wrong', `certificate ${index + 1} in ${path} cannot be read`, { cause });
    }
  }
  return found;
}

/** Nothing of the key is ever in an error. */
function keyOf(path: string, text: string): KeyObject {
  if (/BEGIN ENCRYPTED PRIVATE KEY|^Proc-Type: 4,ENCRYPTED/m.test(text)) {
    throw new Failure('tls-file-wrong', `the key in ${path} is encrypted`, {
      advice: 'The gateway has to start without being asked: store it plainly, readable by the service only',
    });
  }
  try {
    return createPrivateKey(text);
  } catch {
    throw new Failure('tls-file-wrong', `${path} has no private key in PEM ("-----BEGIN PRIVATE KEY-----")`);
  }
}

function checkFit(files: GivenFiles, chain: readonly string[], key: KeyObject): void {
  const place = chain.findIndex((pem) => new X509Certificate(pem).checkPrivateKey(key));
  if (place === 0) return;
  const advice =
    place > 0
      ? `It is of certificate ${place + 1} there: the server's own has to be the first`
      : 'Both have to come from the same request';
  throw new Failure('tls-key-does-not-fit', `the key in ${files.key} is not that of ${files.certificate}`, {
    advice,
  });
}

function checkStrength(path: string, chain: readonly string[]): void {
  for (const [index, pem] of chain.entries()) {
    const certificate = new X509Certificate(pem);
    const weakness = weaknessOf(certificate, index === 0);
    if (weakness === undefined) continue;
    throw new Failure('tls-certificate-weak', `certificate ${index + 1} in ${path} ${weakness}`, {
      advice:
        'Clients refuse it; ask for one with RSA of 2048 bits or P-256, signed with SHA-256, for a server',
    });
  }
}

function weaknessOf(certificate: X509Certificate, own: boolean): string | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.publicKey;
  const { modulusLength = 0, namedCurve = '' } = details ?? {};
  if (type === 'rsa' && modulusLength < SMALLEST_RSA) return `has a key of only ${modulusLength} bits`;
  if (type === 'ec' && !CURVES.includes(namedCurve)) return `is on the curve ${namedCurve}`;
  if (own && type !== 'rsa' && type !== 'ec') return `has a key of the kind ${type}`;
  const selfSigned = certificate.verify(certificate.publicKey);
  if (!selfSigned && /sha1|md5/i.test(certificate.signatureAlgorithm ?? ''))
    return 'is signed with SHA-1 or MD5';
  const purposes: readonly string[] | undefined = certificate.keyUsage;
  if (own && purposes !== undefined && !purposes.some((each) => SERVER_PURPOSES.includes(each)))
    return 'is not for servers';
  return undefined;
}
