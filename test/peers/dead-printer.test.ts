// A printer that is off changes nothing of what its queue offers, not after a restart of the gateway either.
import test from 'ava';
import { Attributes } from '../../ipp/model.ts';
import { Operation } from '../../ipp/vocabulary/operations.ts';
import { GatewayProcess } from '../daemon/gateway-process.ts';
import { PrintClient } from '../daemon/print-client.ts';
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
  t.regex(printer.log(), /Identify-Printer successful-ok/);
  t.is((await first.holdfast('printers', 'identify', 'nobody')).code, 1);
  await first.kill('SIGTERM');
  await printer.stop();

  const second = await GatewayProcess.start(t, folder, config);
  t.deepEqual([...(await offered(second))], [...before]);
});
