// Documents that ipptool compresses reach the printer as they were.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { samplePdf } from '../../daemon/demo/sample.ts';
import { GatewayProcess } from '../daemon/gateway-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { copySuites, failures, runSuite } from './ipptool.ts';
import { peerTest } from './require-peer.ts';

const peer = peerTest(test, ['ipptool']);

peer('ipptool prints with gzip and with deflate', async (t) => {
  t.timeout(120_000);
  const folder = await temporaryFolder(t);
  const output = join(folder, 'output');
  const gateway = await GatewayProcess.start(
    t,
    folder,
    `
queues:
  direct: { release: immediately, unowned-jobs: claimable }
printers:
  mfp: { uri: "file://${output}", formats: [application/pdf] }
limits: { free-disk-floor: 1 MiB }
`,
  );
  const document = await samplePdf();
  await copySuites(folder, join(import.meta.dirname, 'ipptool-tests'));
  await writeFile(join(folder, 'document-letter.pdf'), document);
  const uri = `ipp://${gateway.ipp.replace('localhost', '127.0.0.1')}/ipp/direct`;
  for (const compression of ['gzip', 'deflate']) {
    const define = [`compression=${compression}`];
    const result = await runSuite({ uri, folder, suite: 'compressed', version: '2.0', define });
    t.deepEqual([result.pass, result.fail], [1, 0], failures(result) + result.output.slice(-2000));
  }
  for (const id of [1, 2]) {
    const line = await gateway.logged('job accepted', (each) => each['job-id'] === id);
    t.is(line['octets'], document.length);
    await gateway.logged('job was printed', (each) => each['job-id'] === id);
  }
  const printed = await readdir(output);
  t.is(printed.length, 2);
  for (const name of printed)
    t.deepEqual(new Uint8Array(await readFile(join(output, name))), new Uint8Array(document));
});
