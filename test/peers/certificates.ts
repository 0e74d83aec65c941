/** A throw-away certificate authority and one server certificate of it, by openssl. */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programPath } from './require-peer.ts';

const run = promisify(execFile);

export interface TestCertificates {
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** @param host the only name in the certificate, beside the addresses */
export async function makeCertificates(
  folder: string,
  host: string,
  addresses: readonly string[] = [],
): Promise<TestCertificates> {
  await mkdir(folder, { recursive: true });
  const openssl = (...args: string[]) => run(programPath('openssl'), args, { cwd: folder });
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  await openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '30',
    '-subj',
    '/CN=Test CA',
  );
  await openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', `/CN=${host}`);
  const names = [`DNS:${host}`, ...addresses.map((each) => `IP:${each}`)].join(',');
  await writeFile(join(folder, 'extensions'), `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`);
  const ca = [
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '30',
    '-extfile',
    'extensions',
  ];
  await openssl('x509', '-req', '-in', 'server.csr', ...ca, '-out', 'server.pem');
  return {
    caFile: join(folder, 'ca.pem'),
    certificateFile: join(folder, 'server.pem'),
    keyFile: join(folder, 'server.key'),
  };
}
