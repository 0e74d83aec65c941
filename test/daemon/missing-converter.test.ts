// Where Ghostscript is not installed: `config check`, the log at the start and health say so; no job is lost.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { peerTest, programPath } from '../peers/require-peer.ts';
import { documentStream } from '../simulators/document-stream.ts';
import { TcpSink } from '../simulators/tcp-sink.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess, holdfast } from './gateway-process.ts';
import { Panel } from './panel-screen.ts';
import { PrintClient } from './print-client.ts';

const peer = peerTest(test, ['bwrap', 'gs']);

/** Runs a program in a system that has none: a file that nobody may execute lies over it. */
function withoutGhostscript(): string[] {
  const there = ['/usr/bin/gs', '/bin/gs', '/usr/local/bin/gs'].filter((path) => existsSync(path));
  const hidden = there.flatMap((path) => ['--ro-bind', '/dev/null', path]);
  return [programPath('bwrap'), '--dev-bind', '/', '/', ...hidden, '--die-with-parent', '--'];
}

const MISSING =
  'Ghostscript (gs) is not there: a printer that takes no PDF gets only what it takes itself (Debian: apt install ghostscript)';

const configFor = (port: number) => `
queues: { print: { claimed-names: trust } }
printers:
  laser: { uri: "socket://127.0.0.1:${port}", formats: [image/pwg-raster] }
  office: { uri: "file:///nonexistent/holdfast-test", formats: [application/pdf] }
panels: { here: { printer: laser, addresses: [127.0.0.0/8] } }
limits: { free-disk-floor: 1 MiB }
`;

peer('config check names the printers that may need a converter, and only where it is missing', async (t) => {
  const file = join(await temporaryFolder(t), 'holdfast.yaml');
  await writeFile(file, configFor(9100));
  const without = await holdfast(['config', 'check', file], {}, '', withoutGhostscript());
  t.is(without.code, 0, without.stderr);
  t.is(without.stdout, `warning: ${file} printers: ${MISSING}; it concerns laser\n${file}: good\n`);
  const { stdout } = await holdfast(['config', 'check', file]);
  t.is(stdout, `${file}: good\n`);
});

peer('the log and health name it; what was held for it stays, and what comes is refused', async (t) => {
  const folder = await temporaryFolder(t);
  const sink = await TcpSink.start();
  t.teardown(() => sink.stop());
  const config = configFor(sink.port);
  const before = await GatewayProcess.start(t, folder, config);
  const people = join(folder, 'people.csv');
  await writeFile(
    people,
    'EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME,CODE\nada@example.org,CREATE,ada,Ada,135790\n',
  );
  await before.holdfast('people', 'import', people);
  using client = new PrintClient(before.ipp);
  const id = await client.print(documentStream(20_000));
  await before.kill('SIGTERM');
  t.false(before.log.some(({ event }) => event === 'a converter is missing'));

  const after = await GatewayProcess.start(t, folder, config, [], withoutGhostscript());
  t.like(await after.logged('a converter is missing'), {
    level: 'warn',
    message: MISSING,
    printers: ['laser'],
  });
  const health = await after.holdfast('health', 'show', '--json');
  t.deepEqual(JSON.parse(health.stdout).warnings, [`printer laser takes no PDF, and ${MISSING}`]);

  using panel = await Panel.open(after.web, 'here');
  t.deepEqual(await panel.signIn('135790'), [id]);
  t.like(await panel.release(id).over, { outcome: 'not-printed', reason: 'format-refused' });
  const { stdout } = await after.holdfast('jobs', 'list', '--json');
  t.like(JSON.parse(stdout).jobs[0], { 'job-id': id, 'job-state': 'pending-held' });
  t.is(sink.received, 0);

  using another = new PrintClient(after.ipp);
  await t.throwsAsync(another.print(documentStream(20_000)), { message: /document-format-not-supported/ });
});
