// A printer that is off changes nothing of what its queue offers; one that dies in mid-job sends on who waits behind it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { Attributes } from '../../ipp/model.ts';
import { Operation } from '../../ipp/vocabulary/operations.ts';
import { GatewayProcess } from '../daemon/gateway-process.ts';
import { Panel } from '../daemon/panel-screen.ts';
import { PrintClient } from '../daemon/print-client.ts';
import { documentStream } from '../simulators/document-stream.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { IPPEVEPRINTER_PROGRAMS, startIppEvePrinter } from './ippeveprinter.ts';
import { peerTest } from './require-peer.ts';

const peer = peerTest(test, IPPEVEPRINTER_PROGRAMS);

/** What is the queue's own, and what tells the time. */
const CHANGING =
  /^printer-(?:up-time|current-time|.*-change-.*|uri-supported|icons|more-info|supply-info-uri)$/;

async function offered(gateway: GatewayProcess): Promise<Attributes> {
  using client = new PrintClient(gateway.ipp);
  const { groups } = await client.ask(Operation.getPrinterAttributes, {
    'requested-attributes': ['all', 'media-col-database'],
  });
  const printer = groups.find((group) => group.kind === 'printer')?.attributes ?? new Attributes();
  return printer.filter(({ name }) => !CHANGING.test(name));
}

peer('a queue offers the same while its printer is off, after a restart too', async (t) => {
  const folder = await temporaryFolder(t);
  await using printer = await startIppEvePrinter();
  const config = `
queues:
  print: { printers: [eve], unowned-jobs: claimable }
printers:
  eve: { uri: "${printer.uri}" }
`;
  const first = await GatewayProcess.start(t, folder, config);
  let before = await offered(first);
  const formats = (all: Attributes) => all.get('document-format-supported')?.values.length ?? 0;
  while (formats(before) < 4) before = await offered(first);
  t.regex((await first.holdfast('printers', 'identify', 'eve')).stdout, /^eve: .*display/);
  while (!printer.log().includes('Identify-Printer successful-ok')) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  t.is((await first.holdfast('printers', 'identify', 'nobody')).code, 1);
  await first.kill('SIGTERM');
  await printer.stop();

  const second = await GatewayProcess.start(t, folder, config);
  t.deepEqual([...(await offered(second))], [...before]);
});

peer('a printer that dies in mid-job sends on who waits: told the nearest, and printed there', async (t) => {
  const folder = await temporaryFolder(t);
  await using printer = await startIppEvePrinter({
    formats: ['application/pdf'],
    command: join(import.meta.dirname, '../drivers/printers/slow-printer.sh'),
  });
  const gateway = await GatewayProcess.start(
    t,
    folder,
    `
queues:
  print: { printers: [eve, other], claimed-names: trust }
codes: { accept-risk: true }
limits: { printer-poll: 1 s }
printers:
  eve: { uri: "${printer.uri}", near: [other] }
  other: { uri: "file://${join(folder, 'out')}", info: Other }
panels:
  a: { printer: eve, addresses: [127.0.0.1, "::1"] }
  b: { printer: eve, addresses: [127.0.0.1, "::1"] }
  c: { printer: other, addresses: [127.0.0.1, "::1"] }
`,
  );
  const codes = { ada: '48201973', bob: '59310284' };
  const file = join(folder, 'people.csv');
  const rows = Object.entries(codes).map(
    ([name, code]) => `${name}@print.test,CREATE,${name},${name},${code}`,
  );
  await writeFile(file, ['EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME,CODE', ...rows, ''].join('\n'));
  t.is((await gateway.holdfast('people', 'import', file)).code, 0);
  using client = new PrintClient(gateway.ipp);
  for (const name of Object.keys(codes)) await client.print(documentStream(50_000), 'Letter', name);
  const releasing = async (panel: string, code: string) => {
    const screen = await Panel.open(gateway.web, panel);
    t.teardown(() => screen[Symbol.dispose]());
    const [job = 0] = await screen.signIn(code);
    return screen.release(job);
  };

  const first = await releasing('a', codes.ada);
  // When the gateway goes, its screen hears no end.
  first.over.catch(() => {});
  while ((await printer.documents()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  const second = await releasing('b', codes.bob);
  await printer.stop();
  t.like(await second.over, {
    outcome: 'not-printed',
    reason: 'unreachable',
    nearest: { 'printer-name': 'other', 'printer-info': 'Other' },
  });
  await gateway.logged('printer is out of order', ({ printer: name }) => name === 'eve');
  const { stdout, stderr } = await gateway.holdfast('health', 'show');
  t.regex(stdout, /printer eve does not answer/, stderr);
  const elsewhere = await releasing('c', codes.bob);
  t.like(await elsewhere.over, { outcome: 'completed' });
});
