// Serial readers from a swipe to the screen: plugged into the gateway's machine, and into a terminal.
import { spawn } from 'node:child_process';
import { realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { until } from '../contracts/reader.ts';
import { ENVIRONMENT, FLAGS, GatewayProcess, LAUNCHER } from '../daemon/gateway-process.ts';
import { TestPanel } from '../panel-protocol/gateway.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { Pty } from './pty.ts';
import { peerTest } from './require-peer.ts';

const peer = peerTest(test, ['socat']);
const CARD = '04A1B2C3';

peer('a swipe at the gateway’s reader and at a terminal’s signs in on the screen', async (t) => {
  const folder = await temporaryFolder(t);
  const [here, there] = [await Pty.open(t), await Pty.open(t)];
  const gateway = await GatewayProcess.start(
    t,
    folder,
    `
queues:
  print: { claimed-names: trust }
printers:
  folder: { uri: "file://${folder}/out" }
panels:
  wall: { printer: folder, addresses: [127.0.0.1, "::1"], sign-in: [badge] }
readers:
  here: { panel: wall, kind: lines, device: ${await realpath(here.path)}, conversion: [hex-to-decimal] }
  there: { kind: at-terminal, conversion: [reverse-bytes, hex-to-decimal] }
`,
  );
  const csv = join(folder, 'people.csv');
  await writeFile(
    csv,
    `EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME,CARD\nada@example.org,CREATE,ada,Ada,${Number.parseInt(CARD, 16)}\n`,
  );
  t.is((await gateway.holdfast('people', 'import', csv)).code, 0);
  const wall = new TestPanel(gateway.web, '/panel/wall/socket');
  t.teardown(() => wall.socket.terminate());
  await wall.opened();
  await wall.ask({ type: 'hello', versions: [1] });
  await wall.next('session');

  await gateway.logged('card reader is ready');
  here.says(`${CARD}\r\n`);
  t.like(await wall.next('session'), { session: 'jobs', person: { 'display-name': 'Ada' } });
  await wall.ask({ type: 'logout' });
  await wall.next('session');

  const port = gateway.web.split(':')[1];
  const words = [
    'terminal',
    '--gateway',
    `https://127.0.0.1:${port}`,
    '--printer-panel',
    '--identity',
    join(folder, 'id.json'),
  ];
  const reader = ['--reader', `lines@${await realpath(there.path)}`, '--reader-name', 'there'];
  const terminal = spawn(process.execPath, [...FLAGS, LAUNCHER, ...words, ...reader], {
    env: ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.teardown(() => terminal.kill('SIGKILL'));
  let shown = '';
  for (const stream of [terminal.stdout, terminal.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
    });
  }
  await until(() => /Its number is (\d+)/.test(shown));
  const number = /Its number is (\d+)/.exec(shown)?.[1] ?? '';
  t.is((await gateway.holdfast('panels', 'approve', number, '--name', 'wall')).code, 0);
  await until(() => /connected/.test(shown) && /card reader is ready/.test(shown));
  // The same card, as a reader that sends the octets the other way round.
  there.says('C3B2A104\n');
  t.like(await wall.next('session'), { session: 'jobs', person: { 'display-name': 'Ada' } });
  terminal.kill('SIGTERM');
  const code = await new Promise((resolve) => terminal.once('exit', resolve));
  t.is(code, 0, shown);
  // A test shows what the plugged-in reader reads, masked. At the end: a swipe that comes after it is nobody's card.
  const testing = gateway.holdfast('readers', 'test', 'here');
  let tested: Awaited<typeof testing> | undefined;
  void testing.then((result) => {
    tested = result;
  });
  for (let card = 0; tested === undefined; card++) {
    here.says(`0000${String(card % 10_000).padStart(4, '0')}A7\r\n`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  t.regex(tested.stdout, /here read {3}•{8}A7 \(10 characters\)\ncard number •+\d\d\n/);

  t.false(/04A1B2C3|C3B2A104/i.test(gateway.output + shown), 'no card in a log');
});
