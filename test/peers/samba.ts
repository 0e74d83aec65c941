/** A Samba domain controller on an address of its own of loopback: LDAP only, nothing of the system's. Needs root. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, lstat, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'ldapts';
import { makeCertificates, type TestCertificates } from './certificates.ts';
import { listens, PeerProcess } from './process.ts';
import { programPath } from './require-peer.ts';

const run = promisify(execFile);

/** Programs that this needs, for `peerTest`. */
export const SAMBA_PROGRAMS = ['samba', 'samba-tool', 'ldbmodify', 'openssl'] as const;

export const ADMINISTRATOR_PASSWORD = 'Adm1n-Passw0rd';

/**
 * An address of loopback that is this process's own: two runs of the tests on one machine, each with its controllers on port
 * 636, must not meet each other's.
 * @param second octet, 2 to 255: each controller's own among all test files
 */
export const ownAddress = (second: number): string =>
  `127.${second}.${(process.pid >> 8) & 255}.${process.pid & 255 || 1}`;

/** A provisioned domain that is copied for each test: provisioning takes seconds, a copy milliseconds. */
export interface Forest extends AsyncDisposable {
  readonly certificates: TestCertificates;
  /** `print.test` */
  readonly realm: string;
  readonly context: string;
  /** Starts a copy. @param address of 127.0.0.0/8, its own for each controller that runs at a time */
  start(address: string): Promise<Controller>;
  /** Starts one again that was stopped or killed. */
  restart(stopped: Controller): Promise<Controller>;
  /** Starts a second controller of the same domain: the same entries, an invocationId of its own. @param of stopped */
  replicate(of: Controller, address: string): Promise<Controller>;
}

export interface Controller extends AsyncDisposable {
  readonly folder: string;
  readonly address: string;
  readonly context: string;
  readonly realm: string;
  /** Signed in as Administrator, until the controller stops. */
  readonly admin: Client;
  /** With SIGKILL, in the middle of whatever it does. */
  kill(): void;
  stop(): Promise<void>;
}

/**
 * @param realm each domain of a test its own
 * @param addresses that stand in the certificate beside the name `dc1` of the realm
 */
export async function provision(realm = 'print.test', addresses: readonly string[] = []): Promise<Forest> {
  const root = await mkdtemp(join(tmpdir(), 'holdfast-samba-'));
  const origin = await provisioned(realm);
  const certificates = await makeCertificates(join(root, 'tls'), `dc1.${realm}`, addresses);
  const domain = realm.split('.')[0]?.toUpperCase() ?? '';
  const context = realm
    .split('.')
    .map((label) => `DC=${label}`)
    .join(',');
  let copies = 0;
  return {
    certificates,
    realm,
    context,
    async start(address) {
      const folder = join(root, `copy-${++copies}`);
      await cp(origin, folder, { recursive: true });
      return await startController({ folder, address, realm, context, domain, certificates });
    },
    restart: ({ folder, address }) =>
      startController({ folder, address, realm, context, domain, certificates }),
    async replicate(of, address) {
      const folder = join(root, `copy-${++copies}`);
      const filter = async (path: string) => !(await lstat(path)).isSocket();
      await cp(of.folder, folder, { recursive: true, filter });
      const site = 'CN=Default-First-Site-Name,CN=Sites,CN=Configuration';
      const ldif = join(root, 'invocation.ldif');
      await writeFile(
        ldif,
        `dn: CN=NTDS Settings,CN=DC1,CN=Servers,${site},${context}
changetype: modify
replace: invocationId
invocationId:: ${randomBytes(16).toString('base64')}
`,
      );
      await run(programPath('ldbmodify'), ['--relax', '-H', join(folder, 'private/sam.ldb'), ldif]);
      return await startController({ folder, address, realm, context, domain, certificates });
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

/** Beside what else was made of the program: `npm ci` takes it away. */
const MADE = join(import.meta.dirname, '../../node_modules/.cache/holdfast-samba');

/**
 * The folder of a new domain, which nobody writes to: made by the first test file that wants it, which takes some ten
 * seconds of a processor, while the others wait.
 */
async function provisioned(realm: string): Promise<string> {
  const { stdout: version } = await run(programPath('samba'), ['--version']);
  const made = join(MADE, `${version.trim().replace(/[^\w.-]+/g, '-')}-${realm}`);
  await mkdir(MADE, { recursive: true });
  const deadline = performance.now() + MAKING_TIME;
  while (!existsSync(made) && performance.now() < deadline) {
    const isOurs = await mkdir(`${made}.lock`).then(
      () => true,
      () => false,
    );
    if (!isOurs) {
      await wait(100);
      continue;
    }
    try {
      if (!existsSync(made)) await makeDomain(realm, made);
    } finally {
      await rm(`${made}.lock`, { recursive: true, force: true });
    }
  }
  // Who held the lock was killed.
  if (!existsSync(made)) await makeDomain(realm, made);
  return made;
}

/** Milliseconds that another test file may take to make it. */
const MAKING_TIME = 60_000;

async function makeDomain(realm: string, made: string): Promise<void> {
  const folder = await mkdtemp(join(MADE, 'making-'));
  const options = [
    `--targetdir=${folder}`,
    `--realm=${realm.toUpperCase()}`,
    `--domain=${realm.split('.')[0]?.toUpperCase()}TEST`,
    '--server-role=dc',
    '--dns-backend=NONE',
    `--adminpass=${ADMINISTRATOR_PASSWORD}`,
    '--host-name=dc1',
    '--host-ip=127.0.0.10',
  ];
  await run(programPath('samba-tool'), ['domain', 'provision', ...options]);
  // As one step; or somebody else was quicker.
  await rename(folder, made).catch(() => rm(folder, { recursive: true, force: true }));
}

interface Start extends Pick<Controller, 'address' | 'context' | 'realm' | 'folder'> {
  readonly domain: string;
  readonly certificates: TestCertificates;
}

async function startController({ folder, address, realm, context, domain, certificates }: Start) {
  await using stack = new AsyncDisposableStack();
  for (const name of ['run', 'cache']) await mkdir(join(folder, name), { recursive: true });
  const file = join(folder, 'etc/smb.conf');
  await writeFile(
    file,
    `[global]
workgroup = ${domain}TEST
realm = ${realm.toUpperCase()}
netbios name = DC1
server role = active directory domain controller
server services = ldap
dcerpc endpoint servers =
interfaces = ${address}/8
bind interfaces only = yes
private dir = ${folder}/private
state directory = ${folder}/state
cache directory = ${folder}/cache
lock directory = ${folder}
pid directory = ${folder}/run
ncalrpc dir = ${folder}/run/ncalrpc
winbindd socket directory = ${folder}/run/winbindd
ntp signd socket directory = ${folder}/run/ntp
log file = ${folder}/run/log.%m
tls keyfile = ${certificates.keyFile}
tls certfile = ${certificates.certificateFile}
tls cafile = ${certificates.caFile}
tls verify peer = no_check
ldb:nosync = yes
`,
  );
  const options = ['--foreground', '--no-process-group', '--model=single', '-s', file];
  const samba = stack.use(PeerProcess.start(programPath('samba'), options));
  await samba.until('answering', () => listens(636, address));
  const admin = new Client({
    url: `ldaps://${address}`,
    timeout: 30_000,
    tlsOptions: { ca: await readFile(certificates.caFile), servername: `dc1.${realm}` },
  });
  stack.defer(() => admin.unbind().catch(() => {}));
  await admin.bind(`Administrator@${realm}`, ADMINISTRATOR_PASSWORD);
  const resources = stack.move();
  const stop = () => resources.disposeAsync();
  const kill = () => samba.kill();
  return { folder, address, context, realm, admin, kill, stop, [Symbol.asyncDispose]: stop };
}

/** Gives a user DS-Replication-Get-Changes, and no other right. */
export async function allowDirSync({ folder, admin, context }: Controller, user: string): Promise<void> {
  const { searchEntries } = await admin.search(user, { scope: 'base', attributes: ['objectSid'] });
  const octets = searchEntries[0]?.['objectSid'] as Buffer;
  const parts = Array.from({ length: octets[1] ?? 0 }, (_, at) => octets.readUInt32LE(8 + at * 4));
  const right = '1131f6aa-9c07-11d1-f79f-00c04fc2dcd2';
  const sddl = `(OA;;CR;${right};;S-1-${octets.readUIntBE(2, 6)}-${parts.join('-')})`;
  const options = ['-H', join(folder, 'private/sam.ldb'), `--objectdn=${context}`, `--sddl=${sddl}`];
  await run(programPath('samba-tool'), ['dsacl', 'set', ...options, '-s', join(folder, 'etc/smb.conf')]);
}

/** A password as `unicodePwd` takes it (MS-ADTS §3.1.1.3.1.5.1); octets in a string, as ldapts sends them. */
export const unicodePassword = (password: string): Buffer => Buffer.from(`"${password}"`, 'utf16le');
