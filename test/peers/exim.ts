/** Exim as a mail server of a test's own: TLS, a login, one address that is refused (gone@), one deferred (grey@), and two that can be slow. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ExecutionContext } from 'ava';
import { temporaryFolder } from '../temporary-folder.ts';
import { freePort, PeerProcess } from './process.ts';
import { programPath } from './require-peer.ts';

export const EXIM_PROGRAMS = ['exim4', 'openssl'];
export const EXIM_USER = 'print';
export const EXIM_PASSWORD = 's3cret';

export interface Exim {
  /** STARTTLS. */
  readonly port: number;
  /** TLS from the first octet. */
  readonly tlsPort: number;
  /** The authority of its certificate, which is for `localhost`. */
  readonly ca: string;
  /** The file of {@link EXIM_PASSWORD}. */
  readonly passwordFile: string;
  /** Mails that have come for an address, as they lie in the mailbox. */
  received(recipient: string): Promise<string[]>;
  /** While true `grey@` is deferred. */
  setGrey(grey: boolean): Promise<void>;
  /** While true the server says nothing for a minute about `slow1@` and `slow2@`. */
  setSlow(slow: boolean): Promise<void>;
}

/** @param t must run as root: Exim delivers as a user of its own. */
export async function startExim(t: ExecutionContext): Promise<Exim> {
  const folder = await temporaryFolder(t);
  const [port, tlsPort] = [await freePort(), await freePort()];
  await chmod(folder, 0o755);
  const state = join(folder, 'exim');
  const mail = join(folder, 'mail');
  await mkdir(join(state, 'spool'), { recursive: true });
  await mkdir(mail);
  const run = promisify(execFile);
  const [key, ca, grey] = [join(state, 'dc.key'), join(state, 'dc.pem'), join(state, 'grey')];
  const slow = join(state, 'slow');
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-keyout', key, '-out', ca];
  await run(programPath('openssl'), ['req', '-x509', '-nodes', ...made, ...subject]);
  const config = join(folder, 'exim.conf');
  await writeFile(config, configuration({ folder, port, tlsPort, grey, slow }), { mode: 0o644 });
  await writeFile(grey, '');
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, `${EXIM_PASSWORD}\n`, { mode: 0o600 });
  await run('chown', ['-R', 'Debian-exim:Debian-exim', state, mail]);
  const process = PeerProcess.start(programPath('exim4'), ['-C', config, '-bdf', '-q1m']);
  t.teardown(() => process.stop());
  await process.until('both ports', async () => (await opens(port)) && (await opens(tlsPort)));
  return {
    port,
    tlsPort,
    ca,
    passwordFile,
    async received(recipient) {
      const files = await readdir(join(mail, 'new')).catch(() => []);
      const mails = await Promise.all(files.map((file) => readFile(join(mail, 'new', file), 'utf8')));
      return mails.filter((each) => each.includes(`Envelope-to: ${recipient}\n`));
    },
    async setGrey(on) {
      await (on ? writeFile(grey, '') : rm(grey, { force: true }));
    },
    async setSlow(on) {
      await (on ? writeFile(slow, '') : rm(slow, { force: true }));
    },
  };
}

function opens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

function configuration({
  folder,
  port,
  tlsPort,
  grey,
  slow,
}: {
  readonly folder: string;
  readonly port: number;
  readonly tlsPort: number;
  readonly grey: string;
  readonly slow: string;
}): string {
  return `
exim_path = ${programPath('exim4')}
spool_directory = ${folder}/exim/spool
log_file_path = ${folder}/exim/%slog
pid_file_path = ${folder}/exim/exim.pid
primary_hostname = mx.print.test
keep_environment =
local_interfaces = <; 127.0.0.1
daemon_smtp_ports = ${port} : ${tlsPort}
tls_on_connect_ports = ${tlsPort}
tls_certificate = ${folder}/exim/dc.pem
tls_privatekey = ${folder}/exim/dc.key
tls_advertise_hosts = *
auth_advertise_hosts = \${if eq{$tls_in_cipher}{}{}{*}}
message_size_limit = 1M
host_lookup =
rfc1413_query_timeout = 0s
deliver_drop_privilege = true
never_users =
acl_smtp_rcpt = rcpt
begin acl
rcpt:
  deny    message = no such user
          local_parts = gone
  defer   message = greylisted, try later
          local_parts = grey
          condition = \${if exists{${grey}}}
  warn    local_parts = slow1 : slow2
          condition = \${if exists{${slow}}}
          delay = 1m
  accept  authenticated = *
  deny    message = relay not permitted
begin routers
all:
  driver = accept
  transport = keep
begin transports
keep:
  driver = appendfile
  directory = ${folder}/mail
  maildir_format
  user = Debian-exim
  group = Debian-exim
  envelope_to_add
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{${EXIM_USER}}}{eq{$auth3}{${EXIM_PASSWORD}}}}}
  server_set_id = $auth2
begin retry
* * F,1h,1m
`;
}
