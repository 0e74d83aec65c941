// A document that is converted at release: what goes wrong lets nothing come out, and the job stays.
import test from 'ava';
import { officePrinter } from '../../../drivers/printers/office-printer.ts';
import type { PrintJob, PrintResult } from '../../../drivers/printers/port.ts';
import { type Programs, toolsOf } from '../../../spool/formats/conversion/commands.ts';
import { served } from '../../../spool/formats/conversion/served.ts';
import { ManualClock } from '../../manual-clock.ts';
import { findProgram, peerTest } from '../../peers/require-peer.ts';
import { MemoryJobStore } from '../../simulators/memory-job-store.ts';
import { fails, prints, type Script, ScriptedPrinter } from '../../simulators/scripted-printer.ts';
import { pdfOf } from '../formats/pages/pdf-files.ts';
import { reaches, releasingFrom } from './releasing.ts';

const peer = peerTest(test, ['gs']);
const PWG = 'image/pwg-raster';

/** As drivers do: a document that fails has not been printed when nothing of it had left. */
const sends: Script = async (job): Promise<PrintResult> => {
  let octets = 0;
  try {
    for await (const chunk of job.open()) octets += chunk.length;
  } catch {
    const trouble = { reason: 'document-unreadable', detail: 'as the driver sees it' } as const;
    return { outcome: octets === 0 ? 'not-printed' : 'unknown', trouble };
  }
  return { outcome: 'completed' };
};

function setUp(
  formats: readonly string[],
  script: readonly Script[],
  programs: Programs = { ghostscript: findProgram('gs') },
) {
  const printer = new ScriptedPrinter(...script);
  const all = releasingFrom(new MemoryJobStore(), printer, new ManualClock(), programs);
  all.description.value = served(officePrinter(formats), toolsOf(programs));
  return all;
}

async function held(all: ReturnType<typeof setUp>, content: Buffer, pages = 1) {
  const document = {
    format: 'application/pdf',
    octets: content.length,
    count: { kind: 'counted', pages },
  } as const;
  const { id } = await all.accept({ document }, content);
  all.release([id]);
  const job = await reaches(all.jobs, id, 'pending-held');
  await all.releaser.drain();
  return job;
}

peer('a document that cannot be drawn: nothing comes out, and the panel says what helps', async (t) => {
  const job = await held(setUp([PWG], [sends]), Buffer.from('%PDF-1.4\nnothing of a PDF follows'));
  t.like(job.trouble, { outcome: 'not-printed', reason: 'format-refused' });
});

peer('pages that the converter leaves out are no print', async (t) => {
  const job = await held(setUp([PWG], [sends]), await pdfOf(1), 2);
  t.is(job.trouble?.reason, 'format-refused');
  t.not(job.trouble?.outcome, undefined);
});

test('without a converter the printer is asked, and refuses', async (t) => {
  const all = setUp([PWG], [fails('not-printed', 'format-refused')], { ghostscript: undefined });
  const job = await held(all, await pdfOf(1));
  t.like(job.trouble, { outcome: 'not-printed', reason: 'format-refused' });
  t.is(all.printer.tried[0]?.format, 'application/pdf');
});

peer('a printer that refuses what it said it takes gets something else of it', async (t) => {
  const all = setUp(['application/pdf', PWG], [fails('not-printed', 'format-refused'), prints]);
  const { id } = await all.accept({}, await pdfOf(1));
  all.release([id]);
  await reaches(all.jobs, id, 'completed');
  t.deepEqual(
    all.printer.tried.map(({ format, octets }: PrintJob) => [format, octets]),
    [
      ['application/pdf', 5],
      [PWG, undefined],
    ],
  );
  t.false(all.printer.tried[1]?.ticket.has('copies'));
});

peer('a conversion ends with the release that wanted it', async (t) => {
  const read = Promise.withResolvers<void>();
  const takesNoMore: Script = async (job, signal) => {
    await job.open()[Symbol.asyncIterator]().next();
    read.resolve();
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return { outcome: 'aborted', trouble: { reason: 'canceled', detail: 'scripted' } };
  };
  const all = setUp([PWG], [takesNoMore]);
  const { id } = await all.accept({}, await pdfOf(3));
  all.release([id]);
  await read.promise;
  t.regex(await all.metrics.text(), /conversions_under_way 1/);
  await all.releaser.cancel(id);
  t.regex(await all.metrics.text(), /conversions_under_way 0/);
  t.regex(await all.metrics.text(), /conversions_total\{[^}]*outcome="ended"\} 1/);
});
