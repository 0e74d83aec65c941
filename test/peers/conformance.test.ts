// ipptool's suites against the demo's queue that prints at once: how many tests pass, and that none fails.
import { join } from 'node:path';
import test from 'ava';
import { startDemo } from '../daemon/demo-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { copySuites, failures, runSuite } from './ipptool.ts';
import { peerTest } from './require-peer.ts';
import { makeDocuments, makeRasters, RASTER_RESOLUTIONS } from './suite-documents.ts';

const peer = peerTest(test.serial, ['ipptool', 'gs']);

/**
 * Suite, the version that its client speaks, and how many tests pass; CUPS or ippeveprinter pass 54, 55, 56, 56 and 151 at
 * best. The twelve others can never run: five by a mistake of the suite, seven print from a web address, which would let
 * anybody make the gateway fetch things.
 */
const SUITES = [
  ['ipp-1.1', '1.1', 54],
  ['ipp-2.0', '2.0', 55],
  ['ipp-2.1', '2.1', 56],
  ['ipp-2.2', '2.2', 57],
  ['ipp-everywhere', '2.0', 488],
] as const;

peer('ipptool passes its suites at /ipp/direct', async (t) => {
  t.timeout(600_000);
  const folder = await temporaryFolder(t);
  await copySuites(folder);
  await makeDocuments(folder);
  await makeRasters(folder, RASTER_RESOLUTIONS);
  const demo = await startDemo(t, join(folder, 'state'));
  for (const [suite, version, least] of SUITES) {
    const uri = `ipp://localhost:${demo.ippPort}/ipp/direct`;
    const run = await runSuite({ uri, folder, suite, version });
    t.log(`${suite}: ${run.pass} passed, ${run.fail} failed, ${run.skip} skipped`);
    t.is(run.fail, 0, `${suite}\n${failures(run)}`);
    t.true(run.pass >= least, `${suite}: ${run.pass} of at least ${least}`);
  }
});
