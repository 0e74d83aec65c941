/** A private cupsd as a print client: its own folder, a free port of loopback, nothing of the system's. Needs root. */
import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, PeerProcess } from './process.ts';
import { programPath } from './require-peer.ts';

const run = promisify(execFile);

/** Programs that {@link startCups} needs, for `peerTest`. */
export const CUPS_PROGRAMS = ['cupsd', 'lpadmin', 'lp', 'lpstat'] as const;

export interface Cups extends AsyncDisposable {
  readonly port: number;
  /** Runs one of CUPS's commands against it; resolves to what it wrote. Rejects with its stderr in the message. */
  command(name: 'lpadmin' | 'lp' | 'lpstat' | 'cancel' | 'lpoptions', ...args: string[]): Promise<string>;
  /** The end of its error log. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** cupsd changes to this user, which must be able to read its folders (Debian's). */
const GROUP = 'lp';

/** @param more for its environment and that of its commands. */
export async function startCups(more: Readonly<Record<string, string>> = {}): Promise<Cups> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-cups-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  await writeConfiguration(folder, port);
  const files = ['-c', join(folder, 'etc/cupsd.conf'), '-s', join(folder, 'etc/cups-files.conf')];
  const daemon = PeerProcess.start(programPath('cupsd'), ['-f', ...files], more);
  stack.use(daemon);
  const environment = { ...process.env, ...more, CUPS_SERVER: `127.0.0.1:${port}`, LC_ALL: 'C.UTF-8' };
  const command: Cups['command'] = async (name, ...args) => {
    const { stdout } = await run(programPath(name), args, { env: environment });
    return stdout;
  };
  await daemon.until('running', async () => {
    const answer = await command('lpstat', '-r').catch(() => '');
    return answer.includes('is running');
  });
  const resources = stack.move();
  return {
    port,
    command,
    log: async () => (await readFile(join(folder, 'log/error_log'), 'utf8').catch(() => '')).slice(-4000),
    stop: () => resources.disposeAsync(),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function writeConfiguration(folder: string, port: number): Promise<void> {
  const { stdout } = await run('getent', ['group', GROUP]);
  const group = Number(stdout.split(':')[2]);
  const modes = { etc: 0o755, log: 0o755, run: 0o755, cache: 0o775, spool: 0o710, 'spool/tmp': 0o1770 };
  await chmod(folder, 0o711);
  for (const [name, mode] of Object.entries(modes)) {
    const path = join(folder, name);
    await mkdir(path, { recursive: true });
    await chmod(path, mode);
    await chown(path, 0, group);
  }
  await writeFile(
    join(folder, 'etc/cups-files.conf'),
    `ServerRoot ${folder}/etc
RequestRoot ${folder}/spool
CacheDir ${folder}/cache
StateDir ${folder}/run
TempDir ${folder}/spool/tmp
AccessLog ${folder}/log/access_log
ErrorLog ${folder}/log/error_log
PageLog ${folder}/log/page_log
User lp
Group lp
SystemGroup root
`,
  );
  await writeFile(
    join(folder, 'etc/cupsd.conf'),
    `LogLevel info
Listen 127.0.0.1:${port}
ServerName localhost
Browsing No
WebInterface No
DefaultAuthType None
MaxLogSize 0
<Location />
  Order allow,deny
  Allow localhost
</Location>
<Location /admin>
  Order allow,deny
  Allow localhost
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
`,
  );
}
