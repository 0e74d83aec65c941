/** A private avahi-daemon on loopback: what Linux clients find printers with. Needs root. */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startBus } from './bus.ts';
import { PeerProcess } from './process.ts';
import { programPath } from './require-peer.ts';

const run = promisify(execFile);

/** Programs that {@link startAvahi} needs, for `peerTest`. */
export const AVAHI_PROGRAMS = ['avahi-daemon', 'avahi-browse', 'dbus-daemon', 'unshare'] as const;

/** Its PID file has one place, so that a machine has one avahi; in a mount namespace of its own it has another. */
const OWN_RUN_FOLDER =
  'mkdir -p /run/avahi-daemon && mount -t tmpfs none /run/avahi-daemon && exec "$0" "$@"';

/** A service as avahi resolved it. */
export interface Found {
  readonly name: string;
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly txt: readonly string[];
}

export interface Avahi extends AsyncDisposable {
  /** For programs that are to ask it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Services of a type, such as `_ipps._tcp` or `_universal._sub._ipp._tcp`, found and resolved now. */
  browse(type: string): Promise<Found[]>;
}

export async function startAvahi(): Promise<Avahi> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-avahi-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  // cupsd's user looks for the bus here.
  await chmod(folder, 0o755);
  const bus = await startBus(folder);
  stack.use(bus.process);
  const environment = { DBUS_SYSTEM_BUS_ADDRESS: bus.address };
  const configuration = join(folder, 'avahi.conf');
  await writeFile(
    configuration,
    `[server]
host-name=holdfast-test-${process.pid}
use-ipv6=no
allow-interfaces=lo
enable-dbus=yes
`,
  );
  const flags = ['-f', configuration, '--no-drop-root', '--no-chroot', '--no-rlimits'];
  const daemon = PeerProcess.start(
    programPath('unshare'),
    ['--mount', 'sh', '-c', OWN_RUN_FOLDER, programPath('avahi-daemon'), ...flags],
    environment,
  );
  stack.use(daemon);
  await daemon.until('start', () => daemon.output.includes('Server startup complete'));
  const resources = stack.move();
  return {
    environment,
    async browse(type) {
      const { stdout } = await run(
        programPath('avahi-browse'),
        ['--resolve', '--terminate', '--parsable', type],
        {
          env: { ...process.env, ...environment, LC_ALL: 'C.UTF-8' },
        },
      );
      return stdout.split('\n').flatMap(found);
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** `=;lo;IPv4;Print\\032anywhere;Internet Printer;local;host.local;127.0.0.1;631;"a=b" "c=d"` */
function found(line: string): Found[] {
  const [kind, , , name = '', , , host = '', address = '', port = '', ...rest] = line.split(';');
  if (kind !== '=') return [];
  const txt = [...rest.join(';').matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? '');
  return [{ name: unescaped(name), host, address, port: Number(port), txt }];
}

/** `\\032` is an octet in decimal. */
function unescaped(text: string): string {
  const octets = text.replace(/\\(\d{3})|\\(.)/g, (_, code?: string, plain?: string) =>
    code === undefined ? (plain ?? '') : String.fromCharCode(Number(code)),
  );
  return octets;
}
