// A PDF released at a real printer program that takes PWG Raster alone: it says that it printed it, and has the pages.
import { readFile } from 'node:fs/promises';
import test from 'ava';
import { systemClock } from '../../base/clock.ts';
import { Seconds } from '../../base/units.ts';
import { IppPrinter } from '../../drivers/printers/ipp-printer.ts';
import { served } from '../../spool/formats/conversion/served.ts';
import { ManualClock } from '../manual-clock.ts';
import { MemoryJobStore } from '../simulators/memory-job-store.ts';
import { readPwg } from '../spool/formats/conversion/drawn-pages.ts';
import { pdfOf } from '../spool/formats/pages/pdf-files.ts';
import { reaches, releasingFrom } from '../spool/release/releasing.ts';
import { IPPEVEPRINTER_PROGRAMS, startIppEvePrinter } from './ippeveprinter.ts';
import { peerTest, programPath } from './require-peer.ts';

const peer = peerTest(test, [...IPPEVEPRINTER_PROGRAMS, 'gs']);

peer('three pages in two copies at ippeveprinter, which takes PWG Raster only', async (t) => {
  await using printer = await startIppEvePrinter({ formats: ['image/pwg-raster'] });
  const driver = new IppPrinter({
    uri: printer.uri,
    answerTime: Seconds(30),
    stallTime: Seconds(60),
    clock: systemClock,
  });
  const programs = { ghostscript: programPath('gs') };
  const all = releasingFrom(new MemoryJobStore(), driver, new ManualClock(), programs);
  const { description } = await driver.status(new AbortController().signal);
  t.deepEqual(description.formats, ['image/pwg-raster']);
  all.description.value = served(description, { ghostscript: true });
  const pdf = await pdfOf(3);
  const document = {
    format: 'application/pdf',
    octets: pdf.length,
    count: { kind: 'counted', pages: 3 },
  } as const;
  // Two copies on both sides, as the sample's ticket says.
  const { id } = await all.accept({ document }, pdf);
  all.release([id]);
  await reaches(all.jobs, id, 'completed');
  const [only, ...others] = await printer.documents();
  t.deepEqual(others, []);
  const pages = readPwg(await readFile(only ?? ''));
  t.is(pages.length, 7, 'three, an empty back, and three');
  t.true(pages.every(({ pixels }, index) => pixels.some((each) => each < 128) === (index !== 3)));
  await all.releaser.drain();
});
