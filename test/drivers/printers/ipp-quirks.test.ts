// Printers that are not as the standard says: each gets its document once, and is talked to its own way from then on.
import test, { type ExecutionContext } from 'ava';
import { systemClock } from '../../../base/clock.ts';
import { Seconds } from '../../../base/units.ts';
import { QUIRKS } from '../../../drivers/printers/ipp/quirks.ts';
import { IppPrinter } from '../../../drivers/printers/ipp-printer.ts';
import type { PrintResult } from '../../../drivers/printers/port.ts';
import { Attributes, groupOf } from '../../../ipp/model.ts';
import { attributes } from '../../../ipp/vocabulary/build.ts';
import { JobState } from '../../../ipp/vocabulary/enums.ts';
import { Operation, operationName } from '../../../ipp/vocabulary/operations.ts';
import { readLeniently } from '../../../ipp/vocabulary/read.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { type JobOptions, patternedDocument, RecordedJob } from '../../contracts/printer-driver.ts';
import { RecordingLog } from '../../recording-log.ts';
import { FaultyIppPrinter, type IppFaults } from '../../simulators/faulty-ipp-printer.ts';

const never = new AbortController().signal;
const DOCUMENT = patternedDocument(300_000);
const { validateJob, createJob, sendDocument, printJob, getPrinterAttributes } = Operation;
const INTERNAL = Status.serverErrorInternalError;

async function setUp(t: ExecutionContext, faults: IppFaults, userName = 'ada') {
  const printer = await FaultyIppPrinter.start(faults);
  t.teardown(() => printer.stop());
  const log = new RecordingLog();
  const options = { uri: printer.uri, answerTime: Seconds(10), stallTime: Seconds(60), clock: systemClock };
  const driver = new IppPrinter({ ...options, log });
  t.teardown(() => driver.close());
  const print = (more: JobOptions = {}): Promise<PrintResult> => {
    const job = new RecordedJob('application/pdf', { document: DOCUMENT, ...more });
    return driver.print(Object.assign(job, { userName }), never);
  };
  /** What the printer was asked since the last look. */
  const asked = () => printer.operations.splice(0).map(operationName).join(' ');
  return { printer, driver, print, asked, log };
}

const quirksIn = (log: RecordingLog) =>
  log.lines.flatMap(({ event, fields }) => (event === 'printer is asked otherwise' ? [fields['quirk']] : []));

interface Row {
  readonly faults: IppFaults;
  /** The rows of the ladder that are used. */
  readonly quirks: readonly string[];
  readonly user?: string;
  /** What the second job takes. */
  readonly second: string;
}

const USUAL = 'Validate-Job Create-Job Send-Document Get-Job-Attributes';
const BY_PRINT_JOB = 'Validate-Job Print-Job Get-Job-Attributes';

const ROWS: Readonly<Record<string, Row>> = {
  'no Validate-Job': {
    faults: { unknown: [validateJob] },
    quirks: ['no-validate-job'],
    second: 'Create-Job Send-Document Get-Job-Attributes',
  },
  'no Create-Job': { faults: { unknown: [createJob] }, quirks: ['no-create-job'], second: BY_PRINT_JOB },
  'Create-Job without Send-Document': {
    faults: { unknown: [sendDocument] },
    quirks: ['no-send-document'],
    second: BY_PRINT_JOB,
  },
  'only Print-Job': {
    faults: { unknown: [validateJob, createJob, sendDocument] },
    quirks: ['no-validate-job', 'no-create-job'],
    second: 'Print-Job Get-Job-Attributes',
  },
  'IPP 1.1': { faults: { version: '1.1' }, quirks: ['version'], second: USUAL },
  'IPP 1.0': { faults: { version: '1.0' }, quirks: ['version', 'version'], second: BY_PRINT_JOB },
  'HTTP/1.0': { faults: { http10: true }, quirks: [], second: USUAL },
  'letters and digits in user names': {
    faults: { plainUsers: true },
    user: 'ada.lövelace@example.org',
    quirks: ['user-names'],
    second: USUAL,
  },
  'a Validate-Job that is broken': {
    faults: { first: { at: validateJob, statuses: [INTERNAL, INTERNAL, INTERNAL] } },
    quirks: ['validate-job-broken'],
    second: 'Create-Job Send-Document Get-Job-Attributes',
  },
  'format only as octet-stream': {
    faults: { onlyOctetStream: true },
    quirks: ['octet-stream'],
    second: USUAL,
  },
};

for (const [name, { faults, quirks, user, second }] of Object.entries(ROWS)) {
  test(`${name}: printed once, and remembered`, async (t) => {
    const { printer, driver, print, asked, log } = await setUp(t, faults, user);
    await driver.status(never);
    t.is((await print()).outcome, 'completed');
    t.deepEqual(quirksIn(log), quirks);
    asked();
    t.is((await print()).outcome, 'completed');
    t.is(asked(), second);
    t.deepEqual(printer.printed, [DOCUMENT.length, DOCUMENT.length]);
  });
}

test('each row of the ladder is used by one of these printers', (t) => {
  const used = new Set([...Object.values(ROWS).flatMap(({ quirks }) => quirks), 'no-chunks']);
  t.deepEqual(QUIRKS.map(({ name }) => name).sort(), [...used].sort());
});

test('a printer that wants a length, and speaks HTTP/1.1: the refused document is sent again with one', async (t) => {
  const { printer, print, log } = await setUp(t, { noChunks: true });
  t.is((await print()).outcome, 'completed');
  t.is((await print()).outcome, 'completed');
  t.deepEqual(printer.printed, [DOCUMENT.length, DOCUMENT.length]);
  t.deepEqual(quirksIn(log), ['no-chunks']);
});

test('a printer that closes connections without a word: cut once, and asked first from then on', async (t) => {
  const { printer, print } = await setUp(t, { stale: 'each' });
  t.like(await print(), { outcome: 'unknown', trouble: { reason: 'cut' } });
  t.is((await print()).outcome, 'completed');
  t.deepEqual(printer.printed, [DOCUMENT.length]);
});

test('what a printer says it can do is not tried first', async (t) => {
  const told = {
    'ipp-versions-supported': ['1.0', '1.1'],
    'operations-supported': [printJob, getPrinterAttributes],
  };
  const { printer, driver, print, asked } = await setUp(t, { attributes: told });
  await driver.status(never);
  asked();
  t.is((await print()).outcome, 'completed');
  t.is(asked(), 'Print-Job Get-Job-Attributes');
  t.deepEqual(printer.requests.at(-2)?.version, { major: 1, minor: 1 });
});

test('a refusal that no other way of asking helps is believed, and nothing is learned of it', async (t) => {
  const statuses = Array<Status>(9).fill(Status.clientErrorBadRequest);
  const faults = { unknown: [validateJob, printJob], first: { at: createJob, statuses } };
  const { printer, print } = await setUp(t, faults, 'a-b');
  t.like(await print(), { outcome: 'not-printed', trouble: { reason: 'refused' } });
  t.deepEqual(printer.requests.at(-1)?.version, { major: 1, minor: 0 });
  printer.requests.length = 0;
  await print();
  t.deepEqual(printer.requests[0]?.version, { major: 2, minor: 0 });
});

test('an internal error is asked again four times', async (t) => {
  for (const [errors, outcome] of [
    [4, 'completed'],
    [5, 'not-printed'],
  ] as const) {
    const { printer, print } = await setUp(t, {
      first: { at: createJob, statuses: Array(errors).fill(INTERNAL) },
    });
    t.is((await print()).outcome, outcome);
    t.is(printer.operations.filter((each) => each === createJob).length, 5);
  }
});

for (const statuses of [
  [Status.serverErrorBusy],
  [Status.serverErrorNotAcceptingJobs],
  [Status.serverErrorTooManyJobs],
]) {
  test(`Print-Job is refused by ${statuses}, the whole document read: it made no job of it`, async (t) => {
    const faults = { unknown: [createJob], first: { at: printJob, statuses } };
    const { printer, print } = await setUp(t, faults);
    const { outcome } = await print();
    t.is(outcome, 'not-printed');
    t.deepEqual(printer.printed, []);
  });
}

test('Send-Document finds no job, the whole document read: ended by the printer, and Print-Job from then on', async (t) => {
  const faults = { first: { at: sendDocument, statuses: [Status.clientErrorNotFound] } };
  const { printer, print, asked } = await setUp(t, faults);
  t.like(await print(), { outcome: 'aborted', trouble: { reason: 'refused' } });
  t.is(printer.octets, DOCUMENT.length, 'not sent again by itself');
  asked();
  t.is((await print()).outcome, 'completed');
  t.is(asked(), BY_PRINT_JOB);
});

test('no room for a job just now is busy', async (t) => {
  const { printer, print } = await setUp(t, {
    first: { at: createJob, statuses: [Status.serverErrorNotAcceptingJobs] },
  });
  printer.reasons = ['spool-area-full-report'];
  t.like(await print(), { outcome: 'not-printed', trouble: { reason: 'busy' } });
});

for (const noJobId of ['job-uri', 'nothing'] as const) {
  for (const unknown of [[], [createJob]]) {
    test(`no job-id, ${noJobId} instead, ${unknown.length > 0 ? 'Print-Job' : 'Create-Job'}: watched to its end`, async (t) => {
      const { print, printer } = await setUp(t, {
        noJobId,
        unknown,
        jobAttributes: { 'job-impressions-completed': 3 },
      });
      t.deepEqual(await print(), { outcome: 'completed', impressions: 3 });
      t.is(printer.operations.includes(Operation.getJobs), noJobId === 'nothing');
    });
  }
}

test('no job-id and no list of jobs: by Print-Job the document is taken, by Create-Job none is sent', async (t) => {
  const none = { noJobId: 'nothing', unknown: [Operation.getJobs] } as const;
  t.deepEqual(await (await setUp(t, { ...none, unknown: [Operation.getJobs, createJob] })).print(), {
    outcome: 'delivered',
  });
  const { printer, print } = await setUp(t, none);
  t.like(await print(), { outcome: 'not-printed', trouble: { reason: 'protocol' } });
  t.is(printer.octets, 0);
});

const COPIES = attributes({ copies: 3 });

test('copies are the printer’s where it makes some, else the document goes so often', async (t) => {
  const jobAttributes = { 'job-impressions-completed': 2 };
  const able = await setUp(t, { attributes: { 'copies-supported': { lower: 1, upper: 9 } }, jobAttributes });
  t.deepEqual(await able.print({ ticket: COPIES }), { outcome: 'completed', impressions: 2 });
  t.deepEqual(able.printer.printed, [DOCUMENT.length]);
  const unable = await setUp(t, {
    attributes: { 'copies-supported': { lower: 1, upper: 1 } },
    jobAttributes,
  });
  t.deepEqual(await unable.print({ ticket: COPIES, required: ['copies'] }), {
    outcome: 'completed',
    impressions: 6,
  });
  t.deepEqual(unable.printer.printed, Array(3).fill(DOCUMENT.length));
  const { code, groups } = unable.printer.requests.find(({ code }) => code === createJob) ?? {
    code: 0,
    groups: [],
  };
  t.is(code, createJob);
  t.false(
    groups.some(({ kind }) => kind === 'job'),
    'no word of copies',
  );
});

test('copies that the printer says it makes as a plain number are its own', async (t) => {
  const odd = new Attributes([{ name: 'copies-supported', values: [{ syntax: 'integer', value: 99 }] }]);
  const { printer, print } = await setUp(t, {
    odd: { printer: odd, job: attributes({ 'job-state': JobState.completed }) },
  });
  t.is((await print({ ticket: COPIES })).outcome, 'completed');
  t.is(printer.printed.length, 1);
});

test('the second copy fails: the first lies in the tray', async (t) => {
  const faults = {
    unknown: [validateJob],
    first: { at: createJob, statuses: [0, Status.serverErrorBusy] },
  } as const;
  const { printer, print } = await setUp(t, faults);
  t.like(await print({ ticket: COPIES }), { outcome: 'aborted', trouble: { reason: 'busy' } });
  t.is(printer.printed.length, 1);
});

for (const refusesTicket of ['named', 'unnamed'] as const) {
  test(`a printer that refuses a wish (${refusesTicket}) gets the job without, unless somebody insists`, async (t) => {
    const told = { 'sides-supported': ['one-sided', 'two-sided-long-edge'] };
    const { print } = await setUp(t, { refusesTicket, attributes: told });
    const ticket = attributes({ sides: 'two-sided-long-edge' });
    t.is((await print({ ticket })).outcome, 'completed');
    t.like(await print({ ticket, required: ['sides'] }), {
      outcome: 'not-printed',
      trouble: { reason: 'refused' },
    });
  });
}

test('sheets are pages only where one side is printed', async (t) => {
  const told = { 'sides-supported': ['one-sided', 'two-sided-long-edge'] };
  const { print } = await setUp(t, { attributes: told, jobAttributes: { 'job-media-sheets-completed': 4 } });
  t.deepEqual(await print(), { outcome: 'completed', impressions: 4 });
  const ticket = attributes({ sides: 'two-sided-long-edge' });
  t.deepEqual(await print({ ticket }), { outcome: 'completed' });
});

test('HTTP/1.0 and a length that nobody knows: kept in memory, and refused past the bound', async (t) => {
  const { printer, driver, print } = await setUp(t, { http10: true });
  await driver.status(never);
  t.is((await print({ isMade: true })).outcome, 'completed');
  t.deepEqual(printer.printed, [DOCUMENT.length]);
  const large = patternedDocument(17 * 1024 * 1024);
  t.like(await print({ document: large, isMade: true }), {
    outcome: 'not-printed',
    trouble: { reason: 'refused' },
  });
  t.is(printer.printed.length, 1);
});

test('the user’s name is shortened and plain in every request that names a user', async (t) => {
  const { printer, print } = await setUp(t, { plainUsers: true }, 'Ægir Ünal');
  t.is((await print()).outcome, 'completed');
  const names = printer.requests
    .filter(({ code }) => code !== validateJob)
    .map((request) => readLeniently(groupOf(request, 'operation'), 'requesting-user-name'));
  t.true(names.includes('girUnal'), names.join());
});

test('a printer whose description answers what Validate-Job asks is not asked, but for what was just chosen', async (t) => {
  const told = {
    'operations-supported': [validateJob, createJob, sendDocument, printJob],
    'document-format-supported': ['application/pdf'],
    'sides-supported': ['one-sided', 'two-sided-long-edge'],
  } as const;
  const { driver, print, asked } = await setUp(t, {
    attributes: { ...told, 'operations-supported': [...told['operations-supported']] },
  });
  await driver.status(never);
  asked();
  t.is((await print()).outcome, 'completed');
  t.is(asked(), 'Create-Job Send-Document Get-Job-Attributes');
  const chosen = { ticket: attributes({ sides: 'two-sided-long-edge' }), required: ['sides'] };
  t.is((await print(chosen)).outcome, 'completed');
  t.is(asked(), USUAL);
});
