/** A certificate for localhost, made once for all tests of a file. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TlsIdentity } from '../../../../base/http/tls/identity.ts';
import { makeCertificate, makeKey } from '../../../../base/http/tls/self-signed.ts';
import { Secret } from '../../../../base/secrets/secret.ts';
import { Days } from '../../../../base/units.ts';

let made: Promise<TlsIdentity> | undefined;

export function sampleIdentity(): Promise<TlsIdentity> {
  made ??= makeIdentity(['localhost', '127.0.0.1']);
  return made;
}

export async function makeIdentity(names: readonly string[]): Promise<TlsIdentity> {
  const now = Math.floor(Date.now() / 1000) * 1000;
  const key = await makeKey();
  const certificate = await makeCertificate(key, {
    names,
    notBefore: now - Days(1),
    notAfter: now + Days(30),
  });
  return { key, certificate };
}

/** As many authorities still issue them; made by OpenSSL. */
export function rsaIdentity(): Promise<TlsIdentity> {
  madeOfRsa ??= makeRsaIdentity();
  return madeOfRsa;
}

let madeOfRsa: Promise<TlsIdentity> | undefined;

async function makeRsaIdentity(): Promise<TlsIdentity> {
  const asked =
    '-x509 -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout - -out -';
  const { stdout } = await promisify(execFile)('openssl', ['req', ...asked.split(' ')]);
  const [key = '', certificate = ''] = stdout.split(/(?=-----BEGIN CERTIFICATE)/);
  return { key: new Secret(key), certificate };
}
