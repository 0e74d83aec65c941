/** A private OpenLDAP server: its own folder, ldaps on a free port of loopback, data from LDIF, nothing of the system's. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeCertificates } from './certificates.ts';
import { freePort, listens, PeerProcess } from './process.ts';
import { programPath } from './require-peer.ts';

const run = promisify(execFile);

/** Programs that this needs, for `peerTest`. */
export const SLAPD_PROGRAMS = ['slapd', 'slapadd', 'openssl'] as const;

export interface Slapd extends AsyncDisposable {
  readonly port: number;
  /** PEM of who signed its certificate, which is for `localhost`. */
  readonly ca: string;
}

export const SUFFIX = 'dc=print,dc=test';
export const ROOT_DN = `cn=admin,${SUFFIX}`;
export const ROOT_PASSWORD = 'slapd-Passw0rd';

export interface SlapdOptions {
  /** Entries for others than the root. */
  readonly sizeLimit?: string;
  /** A further attribute that is searched for. */
  readonly indexed?: string;
  /** As if on a machine of its own: it takes no processor that anything else here wants (sched(7), SCHED_IDLE). */
  readonly elsewhere?: boolean;
}

/** @param ldif what it holds, beginning with the entry of {@link SUFFIX} */
export async function startSlapd(
  ldif: string,
  { sizeLimit = 'unlimited', indexed = 'cn', elsewhere = false }: SlapdOptions = {},
): Promise<Slapd> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-slapd-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const tls = await makeCertificates(join(folder, 'tls'), 'localhost');
  await mkdir(join(folder, 'db'));
  const configuration = join(folder, 'slapd.conf');
  await writeFile(
    configuration,
    `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile ${folder}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload syncprov
sizelimit ${sizeLimit}
TLSCACertificateFile ${tls.caFile}
TLSCertificateFile ${tls.certificateFile}
TLSCertificateKeyFile ${tls.keyFile}
database mdb
suffix "${SUFFIX}"
rootdn "${ROOT_DN}"
rootpw ${ROOT_PASSWORD}
directory ${folder}/db
maxsize 1073741824
dbnosync
index objectClass,entryUUID,entryCSN,uid,${indexed} eq
overlay syncprov
`,
  );
  const data = join(folder, 'data.ldif');
  await writeFile(data, ldif);
  await run(programPath('slapadd'), ['-q', '-w', '-f', configuration, '-l', data]);
  const port = await freePort();
  const urls = `ldaps://127.0.0.1:${port}/`;
  const command = [programPath('slapd'), '-f', configuration, '-h', urls, '-d', '0'];
  const [program = '', ...args] = elsewhere ? [programPath('chrt'), '--idle', '0', ...command] : command;
  const slapd = stack.use(PeerProcess.start(program, args));
  await slapd.until('answering', () => listens(port));
  const resources = stack.move();
  return {
    port,
    ca: await readFile(tls.caFile, 'utf8'),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
