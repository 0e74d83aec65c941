// What is chosen at a panel arrives at real printers: ippeveprinter, and a CUPS queue before it.
import { setTimeout } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { systemClock } from '../../base/clock.ts';
import { Seconds } from '../../base/units.ts';
import { samplePdf } from '../../daemon/demo/sample.ts';
import type { PrinterDescription } from '../../drivers/printers/description.ts';
import { IppPrinter } from '../../drivers/printers/ipp-printer.ts';
import { IppClient } from '../../ipp/http/client.ts';
import { groupOf } from '../../ipp/model.ts';
import { attributes } from '../../ipp/vocabulary/build.ts';
import { request } from '../../ipp/vocabulary/messages.ts';
import { Operation } from '../../ipp/vocabulary/operations.ts';
import { readLeniently } from '../../ipp/vocabulary/read.ts';
import type { JobId } from '../../spool/job.ts';
import type { Jobs } from '../../spool/jobs.ts';
import type { TicketChanges } from '../../spool/release/choices/changes.ts';
import { optionsFor } from '../../spool/release/choices/options.ts';
import { MemoryJobStore } from '../simulators/memory-job-store.ts';
import { releasingFrom } from '../spool/release/releasing.ts';
import { ADA } from '../spool/sample-job.ts';
import { CUPS_PROGRAMS, startCups } from './cups.ts';
import { IPPEVEPRINTER_PROGRAMS, startIppEvePrinter } from './ippeveprinter.ts';
import { peerTest } from './require-peer.ts';

const eve = peerTest(test, IPPEVEPRINTER_PROGRAMS);
const cups = peerTest(test, [...IPPEVEPRINTER_PROGRAMS, ...CUPS_PROGRAMS]);

/** Releases one PDF of two copies there. */
async function release(t: ExecutionContext, uri: string, changes: TicketChanges) {
  const driver = new IppPrinter({ uri, answerTime: Seconds(10), stallTime: Seconds(60), clock: systemClock });
  t.teardown(() => driver.close());
  const spool = releasingFrom(new MemoryJobStore(), driver);
  const description = await completeDescription(driver);
  spool.description.value = description;
  const document = { format: 'application/pdf', octets: 0, count: { kind: 'counted', pages: 9 } } as const;
  const content = await samplePdf();
  const { id } = await spool.accept({ document: { ...document, octets: content.length } }, content);
  const answers = spool.releaser.release({ jobs: [id], printer: 'mfp-1', by: ADA, key: 'key-0001', changes });
  if (answers[0]?.refused === undefined) await ended(spool.jobs, id);
  const job = spool.jobs.get(id);
  return { job, answers, options: job && optionsFor(job, description) };
}

/** CUPS tells of a new queue before it knows all of it. */
async function completeDescription(driver: IppPrinter): Promise<PrinterDescription> {
  for (;;) {
    const { description } = await driver.status(new AbortController().signal);
    if (description.sides.length > 1) return description;
    await setTimeout(50);
  }
}

/** Resolves when the print has ended, one way or another. */
function ended(jobs: Jobs, id: JobId): Promise<void> {
  return new Promise((resolve) => {
    jobs.on('changed', (job) => {
      if (job.id === id && job.state !== 'pending' && job.state !== 'processing') resolve();
    });
  });
}

/** What the printer says of its first job. */
async function firstJobAt(t: ExecutionContext, uri: string) {
  const client = new IppClient({ uri, clock: systemClock });
  t.teardown(() => client.close());
  const asked = attributes({ 'printer-uri': uri, 'job-id': 1, 'requested-attributes': ['all'] });
  const answer = await client.request(
    request({ operation: Operation.getJobAttributes, requestId: 1, attributes: asked, groups: [] }),
  );
  const job = groupOf(answer, 'job');
  return {
    copies: readLeniently(job, 'copies'),
    sides: readLeniently(job, 'sides'),
    color: readLeniently(job, 'print-color-mode'),
    source: readLeniently(job, 'media-col')?.['media-source'],
    ranges: readLeniently(job, 'page-ranges'),
    finishings: readLeniently(job, 'finishings'),
  };
}

eve('ippeveprinter gets what was chosen, and what it cannot do is refused', async (t) => {
  await using printer = await startIppEvePrinter();
  const chosen = { copies: 3, sides: 'one-sided', 'print-color-mode': 'monochrome', 'media-source': 'main' };
  const { job, options } = await release(t, printer.uri, chosen);
  t.is(options?.supported.sides?.length, 3);
  t.is(job?.state, 'completed', JSON.stringify(job?.trouble));
  t.like(await firstJobAt(t, printer.uri), {
    copies: 3,
    sides: 'one-sided',
    color: 'monochrome',
    source: 'main',
  });
  const { answers } = await release(t, printer.uri, { finishings: ['staple'] });
  t.like(answers, [{ refused: 'conflict' }]);
  t.is((await printer.documents()).length, 1);
});

cups('a queue of CUPS gets what was chosen', async (t) => {
  await using printer = await startIppEvePrinter();
  await using server = await startCups();
  await server.command('lpadmin', '-p', 'eve', '-E', '-v', printer.uri, '-m', 'everywhere');
  const uri = `ipp://localhost:${server.port}/printers/eve`;
  const { job } = await release(t, uri, { copies: 3, sides: 'one-sided', 'first-page': 2 });
  t.is(job?.state, 'completed', JSON.stringify(job?.trouble));
  t.like(await firstJobAt(t, uri), {
    copies: 3,
    sides: 'one-sided',
    ranges: [{ lower: 2, upper: 2 ** 31 - 1 }],
  });
});
