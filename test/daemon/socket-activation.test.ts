// Sockets that systemd has opened: by systemd's own program for trying that out.

import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { freePort, listens, PeerProcess } from '../peers/process.ts';
import { peerTest, programPath } from '../peers/require-peer.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { FLAGS, SETTINGS } from './gateway-process.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const LAUNCHER = join(ROOT, 'daemon/launcher.mjs');
const IN_ONE_PROCESS = Object.entries(SETTINGS).map((each) => each.join('='));
const peer = peerTest(test, ['systemd-socket-activate']);

async function activated(t: ExecutionContext, name: string, variables: readonly string[]) {
  const folder = await temporaryFolder(t);
  const config = join(folder, 'holdfast.yaml');
  await writeFile(
    config,
    `
gateway:
  state-directory: ${folder}/state
  control-socket: ${folder}/control.sock
  ipp: { listen: systemd }
  web: { listen: ["127.0.0.1:0"] }
  discovery: { announce: false }
queues: { print: { unowned-jobs: claimable } }
printers: { folder: { uri: "file:///nonexistent/holdfast-test" } }
limits: { free-disk-floor: 1 MiB }
`,
  );
  const port = await freePort();
  const environment = [`NODE_COMPILE_CACHE=${join(ROOT, 'node_modules/.cache/holdfast')}`, ...variables];
  const process_ = PeerProcess.start(programPath('systemd-socket-activate'), [
    ...['-l', `127.0.0.1:${port}`, `--fdname=${name}`],
    ...environment.flatMap((each) => ['-E', each]),
    ...[process.execPath, ...FLAGS, LAUNCHER, 'serve', '--config', config],
  ]);
  t.teardown(() => process_.stop());
  await process_.until('socket', () => listens(port));
  return { port, process: process_ };
}

for (const [name, variables] of [
  ['in one process, as its unit starts it', IN_ONE_PROCESS],
  ['behind the launcher', []],
] as const) {
  peer(`clients that come before the gateway is up are answered: ${name}`, async (t) => {
    const { port, process: started } = await activated(t, 'ipp', variables);
    const answer = await new Promise<string>((done, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      });
      socket.once('data', (chunk: Buffer) => done(String(chunk))).once('error', reject);
    });
    t.regex(answer, /^HTTP\/1\.1 200 OK/);
    await started.until('up', () => started.output.includes(`"ipp":["127.0.0.1:${port}"]`));
    await started.stop();
    t.is(await started.exit(), 0, started.output);
  });
}

peer('a socket of another name is told', async (t) => {
  const { process: started } = await activated(t, 'cups', IN_ONE_PROCESS);
  t.is(await started.exit(), 1);
  t.regex(
    started.output,
    /no socket with the name ipp \(but cups\)\. Enable a socket unit with FileDescriptorName=ipp/,
  );
});

test('the unit has the name that the gateway looks for', async (t) => {
  const unit = await readFile(join(ROOT, 'systemd/holdfast.socket'), 'utf8');
  t.regex(unit, /^FileDescriptorName=ipp$/m);
});
