// What is wrong with a printer in the middle of a job is told while it is so, and when it is over.
import { setImmediate as turn } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { Minutes, Seconds } from '../../../base/units.ts';
import { IppPrinter } from '../../../drivers/printers/ipp-printer.ts';
import { patternedDocument, RecordedJob } from '../../contracts/printer-driver.ts';
import { ManualClock } from '../../manual-clock.ts';
import { FaultyIppPrinter, type IppFaults } from '../../simulators/faulty-ipp-printer.ts';

async function setUp(t: ExecutionContext, faults: IppFaults) {
  const printer = await FaultyIppPrinter.start(faults);
  t.teardown(() => printer.stop());
  const clock = new ManualClock();
  const day = Minutes(60 * 24);
  const driver = new IppPrinter({ uri: printer.uri, answerTime: day, stallTime: day, clock });
  t.teardown(() => driver.close());
  return { printer, clock, driver };
}

const toldBy = (job: RecordedJob) =>
  job.progress.flatMap((each) => (each.kind === 'printer-state' ? [each.reasons.join()] : []));

test('out of paper in the middle of the document: told while the printer takes no more, and when it goes on', async (t) => {
  const { printer, clock, driver } = await setUp(t, { stuckAfter: 100_000 });
  const job = new RecordedJob('application/pdf', { document: patternedDocument(20_000_000) });
  const result = driver.print(job, new AbortController().signal);
  printer.reasons = ['media-empty-error'];
  while (toldBy(job).length === 0) {
    clock.advance(Seconds(0.1));
    await turn();
  }
  t.true(job.sent < 20_000_000);
  t.deepEqual(toldBy(job), ['media-empty-error']);
  printer.reasons = ['media-jam-error', 'cover-open'];
  while (toldBy(job).length === 1) {
    clock.advance(Seconds(0.1));
    await turn();
  }
  printer.reasons = ['none'];
  printer.goOn();
  let outcome: string | undefined;
  void result.then((end) => {
    outcome = end.outcome;
  });
  while (outcome === undefined) {
    clock.advance(Seconds(0.1));
    await turn();
  }
  t.is(outcome, 'completed');
  t.deepEqual(toldBy(job), ['media-empty-error', 'media-jam-error,cover-open', '']);
});

test('a printer that takes all of it at once is not asked', async (t) => {
  const { printer, driver } = await setUp(t, {});
  printer.reasons = ['toner-low-warning'];
  const job = new RecordedJob('application/pdf');
  t.is((await driver.print(job, new AbortController().signal)).outcome, 'completed');
  t.deepEqual(toldBy(job), []);
});
