// Subscriptions with ipptool: tests of our own in the manner of RFC 3995 and RFC 3996, and what the suite of IPP/2.1 asks.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { samplePdf } from '../../daemon/demo/sample.ts';
import { GatewayProcess } from '../daemon/gateway-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { copySuites, failures, runSuite } from './ipptool.ts';
import { peerTest } from './require-peer.ts';

const peer = peerTest(test, ['ipptool']);

peer('subscriptions and Get-Notifications, as ipptool asks for them', async (t) => {
  t.timeout(120_000);
  const folder = await temporaryFolder(t);
  const gateway = await GatewayProcess.start(
    t,
    folder,
    `
queues:
  direct: { release: immediately, unowned-jobs: claimable }
printers:
  mfp: { uri: "file://${join(folder, 'output')}", formats: [application/pdf] }
limits: { free-disk-floor: 1 MiB }
`,
  );
  await copySuites(folder, join(import.meta.dirname, 'ipptool-tests'));
  await writeFile(join(folder, 'document-letter.pdf'), await samplePdf());
  const uri = `ipp://${gateway.ipp.replace('localhost', '127.0.0.1')}/ipp/direct`;
  const result = await runSuite({ uri, folder, suite: 'subscriptions', version: '2.1' });
  t.is(result.fail, 0, failures(result));
  t.is(result.pass, 12, result.output.slice(-4000));
});
