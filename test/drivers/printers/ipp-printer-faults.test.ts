// An IPP printer that goes wrong in the middle: what is known of the pages, and that nothing is sent twice.
import test, { type ExecutionContext } from 'ava';
import { systemClock } from '../../../base/clock.ts';
import { Seconds } from '../../../base/units.ts';
import { IppPrinter } from '../../../drivers/printers/ipp-printer.ts';
import { JobState } from '../../../ipp/vocabulary/enums.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { patternedDocument, RecordedJob } from '../../contracts/printer-driver.ts';
import { FaultyIppPrinter, type IppFaults } from '../../simulators/faulty-ipp-printer.ts';

const never = new AbortController().signal;
const DOCUMENT = patternedDocument(3_000_009);

async function printerWith(t: ExecutionContext, faults: IppFaults) {
  const printer = await FaultyIppPrinter.start(faults);
  t.teardown(() => printer.stop());
  const driver = new IppPrinter({
    uri: printer.uri,
    answerTime: Seconds(10),
    stallTime: Seconds(60),
    clock: systemClock,
  });
  t.teardown(() => driver.close());
  return { printer, driver };
}

/** After the whole document was read: the printer's refusal, and what it means. */
const REFUSALS = [
  // Refused as a request, whatever the printer made of the octets meanwhile.
  [Status.clientErrorDocumentFormatNotSupported, 'aborted', 'format-refused'],
  [Status.clientErrorNotAuthorized, 'aborted', 'refused'],
  [Status.serverErrorBusy, 'aborted', 'busy'],
  [Status.serverErrorNotAcceptingJobs, 'aborted', 'not-accepting'],
  [Status.serverErrorJobCanceled, 'aborted', 'canceled-at-printer'],
  // Something broke while it printed, perhaps.
  [Status.serverErrorDeviceError, 'unknown', 'aborted-by-printer'],
  [Status.serverErrorInternalError, 'unknown', 'aborted-by-printer'],
  [Status.serverErrorTemporaryError, 'unknown', 'aborted-by-printer'],
  [Status.serverErrorServiceUnavailable, 'unknown', 'aborted-by-printer'],
] as const;

for (const [sendStatus, outcome, reason] of REFUSALS) {
  test(`0x${sendStatus.toString(16)} after the whole document: ${outcome}, ${reason}`, async (t) => {
    const { printer, driver } = await printerWith(t, { sendStatus, jobState: JobState.processing });
    const result = await driver.print(new RecordedJob('application/pdf', { document: DOCUMENT }), never);
    t.like(result, { outcome, trouble: { reason } });
    t.is(printer.octets, DOCUMENT.length);
    t.is(printer.operations.at(-1), Operation.cancelJob, 'nothing more of it is wanted');
  });
}

for (const cutAfter of [1, 100_000, 2_999_999]) {
  test(`cut after ${cutAfter} octets of the document: unknown, and sent once`, async (t) => {
    const { printer, driver } = await printerWith(t, { cutAfter });
    const job = new RecordedJob('application/pdf', { document: DOCUMENT });
    t.like(await driver.print(job, never), { outcome: 'unknown', trouble: { reason: 'cut' } });
    t.is(printer.sends, 1);
    t.is(job.opened, 1);
  });
}

test('cut after the whole document, and the printer knows no end: unknown, and sent once', async (t) => {
  const { printer, driver } = await printerWith(t, {
    cutInsteadOfAnswer: true,
    jobState: JobState.processing,
  });
  const result = await driver.print(new RecordedJob('application/pdf', { document: DOCUMENT }), never);
  t.like(result, { outcome: 'unknown', trouble: { reason: 'cut' } });
  t.is(printer.sends, 1);
});

test('cut before the whole document arrived, and the printer calls what it has completed: unknown', async (t) => {
  // The system has taken all of it; the printer has not.
  const { printer, driver } = await printerWith(t, { cutAfter: 1, jobState: JobState.completed });
  const document = patternedDocument(20_000);
  const result = await driver.print(new RecordedJob('application/pdf', { document }), never);
  t.is(result.outcome, 'unknown');
  t.is(printer.sends, 1);
});

for (const cutAt of [Operation.validateJob, Operation.createJob] as const) {
  test(`cut at operation ${cutAt}, before the document: nothing was printed`, async (t) => {
    const { printer, driver } = await printerWith(t, { cutAt });
    const job = new RecordedJob('application/pdf', { document: DOCUMENT });
    t.like(await driver.print(job, never), { outcome: 'not-printed', trouble: { reason: 'cut' } });
    t.is(printer.sends, 0);
    t.is(job.pulled, 0);
  });
}

test('cut at Send-Document while the document is still being fetched: nothing was printed', async (t) => {
  const { printer, driver } = await printerWith(t, { cutAfter: 0 });
  const fetched = Promise.withResolvers<void>();
  const job = new RecordedJob('application/pdf', { document: DOCUMENT });
  const open = job.open.bind(job);
  job.open = async function* () {
    await fetched.promise;
    yield* open();
  };
  const result = driver.print(job, never);
  while (printer.sends === 0) await new Promise((resolve) => setImmediate(resolve));
  const { outcome } = await result;
  fetched.resolve();
  t.is(outcome, 'not-printed');
  t.is(job.sent, 0);
  t.is(printer.octets, 0);
});
