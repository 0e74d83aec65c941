// Network readers at the real gateway: from a swipe to a printed document, or to a PIN; and what the commands tell.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { until } from '../contracts/reader.ts';
import { TestPanel } from '../panel-protocol/gateway.ts';
import { documentStream } from '../simulators/document-stream.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess } from './gateway-process.ts';
import { PrintClient } from './print-client.ts';

const KEY = 'a-key-of-this-reader-0815';
const LINE_KEY = 'another-key-of-lines-4711';
const NEW_KEY = 'the-key-of-lines-since-noon';
const CARD = '04A1B2C3';

/** Ada's card is known in decimal, and the readers give hexadecimal. */
const AS_DECIMAL = 'conversion: [hex-to-decimal]';

async function gatewayWithReaders(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const out = join(folder, 'out');
  await mkdir(out);
  await writeFile(join(folder, 'http.key'), `${KEY}\n`, { mode: 0o600 });
  await writeFile(join(folder, 'lines.key'), `${LINE_KEY}\n`, { mode: 0o600 });
  const gateway = await GatewayProcess.start(
    t,
    folder,
    `
  reader-lines: { listen: ["127.0.0.1:0"] }
queues:
  print: { claimed-names: trust }
printers:
  folder: { uri: "file://${out}" }
panels:
  wall: { printer: folder, addresses: [127.0.0.1, "::1"], sign-in: [badge] }
readers:
  door: { printer: folder, kind: http, key-file: ${folder}/http.key, ${AS_DECIMAL} }
  post: { panel: wall, kind: http, addresses: [127.0.0.1], ${AS_DECIMAL} }
  line: { panel: wall, kind: network-lines, key-file: ${folder}/lines.key, ${AS_DECIMAL} }
`,
  );
  const csv = join(folder, 'people.csv');
  await writeFile(
    csv,
    `EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME,CARD,PIN\nada@example.org,CREATE,ada,Ada,${Number.parseInt(CARD, 16)},90417\n`,
  );
  t.is((await gateway.holdfast('people', 'import', csv)).code, 0);
  return { gateway, out };
}

function post(gateway: GatewayProcess, name: string, body: string, key?: string): Promise<Response> {
  return fetch(`http://${gateway.web}/readers/${name}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'text/plain',
      ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
    },
    body,
  });
}

test('network readers: release without a screen, sign-in on one, a PIN without a key, and what is refused', async (t) => {
  const { gateway, out } = await gatewayWithReaders(t);

  // A reader that stands at a printer prints all that the person holds.
  using client = new PrintClient(gateway.ipp);
  await client.print(documentStream(20_000));
  t.is((await post(gateway, 'door', CARD, KEY)).status, 202);
  while ((await readdir(out)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  t.is((await readdir(out)).length, 1);

  // Wrong keys, none, the wrong reader.
  t.is((await post(gateway, 'door', CARD, 'not-the-key-of-the-reader')).status, 403);
  t.is((await post(gateway, 'door', CARD)).status, 403);
  t.is((await post(gateway, 'nobody', CARD)).status, 403);
  t.is((await post(gateway, 'line', CARD, LINE_KEY)).status, 403, 'lines do not come by HTTP');
  t.is((await post(gateway, 'door', '\x01\x02', KEY)).status, 400);
  t.is((await post(gateway, 'door', '9'.repeat(4000), KEY)).status, 413);

  const wall = new TestPanel(gateway.web, '/panel/wall/socket');
  t.teardown(() => wall.socket.terminate());
  await wall.opened();
  await wall.ask({ type: 'hello', versions: [1] });
  await wall.next('session');

  // One that has nothing but its address wants a PIN, though a badge alone signs in at this panel.
  t.is((await post(gateway, 'post', CARD)).status, 202);
  t.like(await wall.next('session'), { session: 'pin' });
  t.like(await wall.ask({ type: 'credential', kind: 'pin', value: '90417' }), { type: 'ok' });
  t.like(await wall.next('session'), { session: 'jobs', person: { 'display-name': 'Ada' } });
  t.like(await wall.ask({ type: 'logout' }), { type: 'ok' });
  await wall.next('session');

  // Lines: the key first, then cards.
  const { port } = (await gateway.logged('port for card readers is open')) as unknown as { port: number };
  const wrong = await lines(t, port, 'not-the-key-of-the-lines\r\n');
  await until(() => wrong.destroyed);
  const line = await lines(t, port, `${LINE_KEY}\r\n`);
  await gateway.logged('network reader connected');
  line.write(`${CARD}\r\n`);
  t.like(await wall.next('session'), { session: 'jobs', person: { 'display-name': 'Ada' } });

  const list = await gateway.holdfast('readers', 'list');
  t.regex(list.stdout, /door +http +\/readers\/door +printer folder +ready +1/);
  t.regex(list.stdout, /post .*ready, unauthenticated/);
  t.is(list.code, 0, list.stdout);

  // A test takes the swipe: nobody is signed out by it, and the number is masked.
  const testing = gateway.holdfast('readers', 'test', 'line');
  let told: Awaited<typeof testing> | undefined;
  void testing.then((result) => {
    told = result;
  });
  for (let card = 0; told === undefined; card++) {
    line.write(`0000${(card % 10_000).toString().padStart(4, '0')}A7\r\n`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  t.regex(told.stdout, /line read {3}•{8}A7 \(10 characters\)\ncard number •+\d\d\n/);

  // A reload: a new key ends the connection that came with the old one, and readers come and go.
  await writeFile(join(gateway.folder, 'lines.key'), `${NEW_KEY}\n`);
  const file = join(gateway.folder, 'holdfast.yaml');
  const before = await readFile(file, 'utf8');
  await writeFile(file, before.replace('  door:', '  gate:'));
  gateway.signal('SIGHUP');
  await gateway.logged('configuration reloaded');
  await until(() => line.destroyed);
  t.is((await post(gateway, 'door', CARD, KEY)).status, 403);
  t.is((await post(gateway, 'gate', CARD, KEY)).status, 202);
  const late = await lines(t, port, `${LINE_KEY}\r\n`);
  await until(() => late.destroyed);
  const times = () => gateway.log.filter(({ event }) => event === 'network reader connected').length;
  const connected = times();
  await lines(t, port, `${NEW_KEY}\r\n`);
  await until(() => times() > connected);

  for (const secret of [KEY, LINE_KEY, NEW_KEY, CARD, String(Number.parseInt(CARD, 16))]) {
    t.false(gateway.output.includes(secret), 'no secret in the log');
  }
});

async function lines(t: ExecutionContext, port: number, first: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  t.teardown(() => socket.destroy());
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.resume();
  socket.write(first);
  return socket;
}
