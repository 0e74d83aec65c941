/** `npm start`: the whole product on loopback, with no hardware and no configuration, and something to try. */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Failure } from '../../base/errors.ts';
import type { ListenAddress } from '../../base/http/listener.ts';
import { openLog } from '../../base/log.ts';
import { parseConfig } from '../../config/load.ts';
import { Gateway } from '../gateway.ts';
import { runUntilStopped } from '../run-until-stopped.ts';
import { holdSample } from './hold-sample.ts';

export interface DemoOptions {
  readonly stateDirectory: string;
  readonly ippPort: string;
  readonly webPort: string;
}

const STDERR = 2;
/** A socket's address holds 107 octets (unix(7)). */
const LONGEST_SOCKET_PATH = 107;

/** What driverless clients send, and PostScript, which only the queue without a hold takes: a folder runs no programs. */
const FORMATS = ['application/pdf', 'image/jpeg', 'image/pwg-raster', 'image/urf', 'application/postscript'];

/** In the demo only; there is no default person and no default code anywhere else. */
const PEOPLE = 'EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME,CODE\ndemo@example.org,CREATE,demo,Demo Person,2468\n';

/** Resolves when the demo has stopped. @throws Failure when it cannot start. */
export async function demo(options: DemoOptions): Promise<void> {
  const stateDirectory = resolve(options.stateDirectory);
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
  const log = openLog({ level: 'info', format: 'text', descriptor: STDERR });
  const { config } = parseConfig(configOf(stateDirectory, options), 'demo');
  await runUntilStopped({
    log,
    start: () => Gateway.start(config, log),
    prepare: fill,
    announce: (gateway) => process.stdout.write(welcome(gateway, stateDirectory)),
    reload: async () => log.info('the demo has no configuration to reload'),
  });
}

/** Something to try: a person, and a job of theirs. */
async function fill(gateway: Gateway): Promise<void> {
  if (gateway.identity.byUserName('demo') === undefined) {
    const outcome = await gateway.identity.importPeople(Buffer.from(PEOPLE));
    if (!outcome.applied) throw new Failure('demo-people', 'the demo person could not be made');
  }
  await holdSample(gateway, 'demo');
}

function configOf(stateDirectory: string, { ippPort, webPort }: DemoOptions): string {
  const listen = (port: string) => {
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65535)
      throw new Failure('bad-port', `"${port}" is not a port`);
    return JSON.stringify(loopback().map((host) => (isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`)));
  };
  return `
gateway:
  name: Holdfast demo
  state-directory: ${JSON.stringify(stateDirectory)}
  control-socket: ${JSON.stringify(controlSocket(stateDirectory))}
  ipp: { listen: ${listen(ippPort)} }
  web: { listen: ${listen(webPort)} }
  discovery: { announce: false }
queues:
  print: { info: Holdfast demo, printers: [virtual], claimed-names: trust, unowned-jobs: claimable }
  direct: { info: Holdfast demo (at once), printers: [virtual], release: immediately, unowned-jobs: claimable, allowed-formats: [application/postscript] }
printers:
  virtual: { uri: ${JSON.stringify(folderUri(join(stateDirectory, 'output')))}, info: Virtual printer, location: a folder, formats: [${FORMATS.join(', ')}] }
panels:
  demo: { printer: virtual, addresses: [127.0.0.0/8, "::1"], sign-in: [code] }
`;
}

/** Whatever the folder's name: `#`, `?` and `%` mean something in a URI. */
function folderUri(path: string): string {
  return `file://${path.split('/').map(encodeURIComponent).join('/')}`;
}

/** 127.0.0.1, and ::1 where this machine has it. */
function loopback(): string[] {
  const hasIPv6 = Object.values(networkInterfaces()).some((each) =>
    each?.some(({ address }) => address === '::1'),
  );
  return hasIPv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1'];
}

/** Beside the state, unless its path is too long for a socket. */
function controlSocket(stateDirectory: string): string {
  const path = join(stateDirectory, 'control.sock');
  if (Buffer.byteLength(path) <= LONGEST_SOCKET_PATH) return path;
  return join(
    tmpdir(),
    `holdfast-${createHash('sha256').update(stateDirectory).digest('hex').slice(0, 16)}.sock`,
  );
}

function welcome(gateway: Gateway, stateDirectory: string): string {
  const at = ([address]: readonly ListenAddress[]) => `localhost:${address?.port}`;
  const ipp = at(gateway.ippAddresses);
  return `
Holdfast is up. A document is waiting for you.

  1. Open the panel      http://${at(gateway.webAddresses)}/panel/demo
  2. Type the code       2468
  3. Print it, and find it in
                         ${join(stateDirectory, 'output')}

Print something yourself (CUPS, as root or a member of lpadmin):

  lpadmin -p holdfast -E -v ipp://${ipp}/ipp/print -m everywhere
  lp -d holdfast FILE.pdf

  It lies under "Unknown sender", as nobody here has your user name; with -U demo it is Demo Person's.

  ipp://${ipp}/ipp/print    holds a job until you take it at the panel
  ipp://${ipp}/ipp/direct   prints at once

Commands (from this folder, in another terminal):

  export HOLDFAST_SOCKET=${gateway.config.gateway.controlSocket}
  npx holdfast jobs list

Ctrl-C stops it; nothing is lost.

`;
}
