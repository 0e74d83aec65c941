// ipptool's suites against the demo's queue that prints at once: how many tests pass, and that none fails.
import { join } from 'node:path';
import test from 'ava';
import { startDemo } from '../daemon/demo-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { copySuites, failures, runSuite } from './ipptool.ts';
import { peerTest } from './require-peer.ts';
import { makeDocuments, makeRasters, RASTER_RESOLUTIONS } from './suite-documents.ts';

const peer = peerTest(test.serial, ['ipptool', 'gs']);

/** Suite, the version that its client speaks, passes at least, and failures at most. */
const SUITES = [
  ['ipp-1.1', '1.1', 54, 0],
  ['ipp-2.0', '2.0', 55, 0],
  ['ipp-2.1', '2.1', 55, 1],
  ['ipp-2.2', '2.2', 56, 1],
  ['ipp-everywhere', '2.0', 480, 0],
] as const;

peer('ipptool passes its suites at /ipp/direct', async (t) => {
  t.timeout(600_000);
  const folder = await temporaryFolder(t);
  await copySuites(folder);
  await makeDocuments(folder);
  await makeRasters(folder, RASTER_RESOLUTIONS);
  const demo = await startDemo(t, join(folder, 'state'));
  for (const [suite, version, least, most] of SUITES) {
    const uri = `ipp://localhost:${demo.ippPort}/ipp/direct`;
    const run = await runSuite({ uri, folder, suite, version });
    t.log(`${suite}: ${run.pass} passed, ${run.fail} failed, ${run.skip} skipped`);
    t.true(run.fail <= most, `${suite}\n${failures(run)}`);
    t.true(run.pass >= least, `${suite}: ${run.pass} of at least ${least}`);
  }
});
