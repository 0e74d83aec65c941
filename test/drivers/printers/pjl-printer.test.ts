import test, { type ExecutionContext } from 'ava';
import { systemClock } from '../../../base/clock.ts';
import { Milliseconds, Seconds } from '../../../base/units.ts';
import { AppSocketPrinter } from '../../../drivers/printers/appsocket-printer.ts';
import { EXIT } from '../../../drivers/printers/pjl/frame.ts';
import type { PjlUse } from '../../../drivers/printers/raw/raw-printer.ts';
import { attributes } from '../../../ipp/vocabulary/build.ts';
import { optionsFor } from '../../../spool/release/choices/options.ts';
import { patternedDocument, printerDriverContract, RecordedJob } from '../../contracts/printer-driver.ts';
import { ManualClock } from '../../manual-clock.ts';
import { type PjlFaults, PjlPrinter } from '../../simulators/pjl-printer.ts';
import { TcpSink } from '../../simulators/tcp-sink.ts';
import { content } from '../../spool/release/choices/sample-printers.ts';

const PDF = 'application/pdf';
const PCL = 'application/vnd.hp-pcl';
const never = new AbortController().signal;

interface Rig {
  readonly peer: PjlPrinter;
  readonly printer: AppSocketPrinter;
}

async function rig(t: ExecutionContext, faults: PjlFaults = {}, more: Partial<More> = {}): Promise<Rig> {
  const peer = await PjlPrinter.start(faults);
  t.teardown(() => peer.stop());
  return { peer, printer: driverFor(peer.port, more) };
}

interface More {
  readonly pjl: PjlUse;
  readonly clock: typeof systemClock;
  readonly answerTime: Milliseconds;
}

function driverFor(port: number, more: Partial<More> = {}): AppSocketPrinter {
  return new AppSocketPrinter({
    host: '127.0.0.1',
    port,
    formats: [PDF, PCL],
    pjl: 'on',
    connectTime: Seconds(5),
    stallTime: Seconds(600),
    closeTime: Seconds(90),
    answerTime: Seconds(20),
    clock: systemClock,
    ...more,
  });
}

const soon = { answerTime: Milliseconds(30) };

printerDriverContract(test, 'appsocket with PJL', async (t) => {
  const { peer, printer } = await rig(t);
  return { driver: printer, format: PDF, printed: async () => [...peer.documents] };
});

printerDriverContract(test, 'appsocket with PJL, nothing on the back-channel', async (t) => {
  const { peer, printer } = await rig(t, { silent: true }, soon);
  return { driver: printer, format: PDF, printed: async () => [...peer.documents] };
});

printerDriverContract(test, 'appsocket that asks for PJL and is not answered', async (t) => {
  const { peer, printer } = await rig(t, { silent: true }, { ...soon, pjl: 'auto' });
  return { driver: printer, format: PDF, printed: async () => [...peer.documents] };
});

test('the printer’s own word for the end, with the impressions it counted', async (t) => {
  const { peer, printer } = await rig(t);
  peer.pages = 14;
  const job = new RecordedJob(PDF);
  t.deepEqual(await printer.print(job, never), { outcome: 'completed', impressions: 14 });
  t.deepEqual(job.progress.at(-1), { kind: 'impressions', completed: 14 });
  t.is(printer.confirms, 'completed');
  t.deepEqual(
    peer.commands.map((line) => line.replace(/HF[0-9A-F]{10}/, 'TOKEN')),
    [
      '@PJL',
      '@PJL USTATUSOFF',
      '@PJL ECHO TOKEN',
      '@PJL USTATUS JOB=ON',
      '@PJL USTATUS PAGE=ON',
      '@PJL USTATUS DEVICE=ON',
      '@PJL JOB NAME="TOKEN Report"',
      '@PJL ENTER LANGUAGE=PDF',
      '@PJL',
      '@PJL EOJ NAME="TOKEN Report"',
      '@PJL',
      '@PJL USTATUSOFF',
    ],
  );
});

const harmless: Readonly<Record<string, PjlFaults>> = {
  'comes octet by octet': { pieces: 1 },
  'has its form feeds in the wrong places': { wrongFormFeeds: true },
  'stands among garbage': { garbage: true },
  'leaves the name out': { nameless: true },
  'says RESULT=OK': { result: 'OK' },
};
for (const [what, faults] of Object.entries(harmless)) {
  test(`the word for the end is understood when it ${what}`, async (t) => {
    const { printer } = await rig(t, faults);
    t.deepEqual(await printer.print(new RecordedJob(PDF), never), { outcome: 'completed', impressions: 3 });
  });
}

for (const [what, faults, expected] of [
  ['is another job’s', { othersOnly: true }, { outcome: 'delivered' }],
  ['comes when our side is closed', { endsLate: true }, { outcome: 'completed', impressions: 3 }],
] as const) {
  test(`a word for the end that ${what} is waited for once`, async (t) => {
    const clock = new ManualClock();
    const { printer } = await rig(t, faults, { clock });
    const job = new RecordedJob(PDF);
    const first = printer.print(job, never);
    while (job.progress.at(-1)?.kind !== 'impressions') await turn();
    // Nothing new for this long: our side is closed, and the printer closes its own.
    clock.advance(Seconds(91));
    t.deepEqual(await asTimePasses(clock, first), expected);
    const began = clock.now();
    const second = printer.print(new RecordedJob(PDF), never);
    t.deepEqual(await asTimePasses(clock, second), expected);
    t.true(clock.now() - began < Seconds(85));
  });
}

test('a printer that closes before its word for the end leaves the outcome unknown', async (t) => {
  const { printer } = await rig(t, { closesBeforeEnd: true });
  t.like(await printer.print(new RecordedJob(PDF), never), {
    outcome: 'unknown',
    trouble: { reason: 'cut' },
  });
});

for (const [said, reason] of [
  ['USER_CANCELED', 'canceled-at-printer'],
  ['RESOURCE_CANCELED', 'aborted-by-printer'],
] as const) {
  test(`a job that ends with ${said} is aborted, with its count`, async (t) => {
    const { printer } = await rig(t, { result: said });
    t.like(await printer.print(new RecordedJob(PDF), never), {
      outcome: 'aborted',
      trouble: { reason },
      impressions: 3,
    });
  });
}

test('tells what keeps the printer from printing, and when it goes on', async (t) => {
  const { printer } = await rig(t, { codes: [10_023, 40_021, 41_213] });
  const job = new RecordedJob(PDF, { document: patternedDocument(300_000) });
  await printer.print(job, never);
  const states = job.progress.flatMap((each) => (each.kind === 'printer-state' ? [each.reasons] : []));
  t.deepEqual(states, [['cover-open'], ['media-empty'], []]);
});

test('is asked once whether it speaks PJL', async (t) => {
  const { peer, printer } = await rig(t, {}, { pjl: 'auto' });
  t.true((await printer.status()).description.ignoresTicket);
  for (const _ of [1, 2]) {
    t.deepEqual(await printer.print(new RecordedJob(PDF), never), { outcome: 'completed', impressions: 3 });
  }
  t.is(peer.commands.filter((line) => line.startsWith('@PJL ECHO')).length, 3);
  t.is((await printer.status()).description.ignoresTicket, undefined);
});

test('one that does not speak PJL gets its documents plain after the one question', async (t) => {
  const { peer, printer } = await rig(t, { plain: true, silent: true }, { ...soon, pjl: 'auto' });
  for (const _ of [1, 2])
    t.deepEqual(await printer.print(new RecordedJob(PDF), never), { outcome: 'delivered' });
  const [first, second] = peer.documents.map(String);
  t.true(first?.includes('@PJL ECHO'));
  t.is(second, '%PDF-1.4\nhello\n%%EOF\n');
});

test('offers copies, sides and trays, and tells the printer those of the ticket', async (t) => {
  const { peer, printer } = await rig(t);
  const { description } = await printer.status();
  t.deepEqual(Object.keys(optionsFor(content(), description).supported), ['copies', 'sides', 'media-source']);
  const ticket = attributes({
    copies: 3,
    sides: 'two-sided-short-edge',
    'media-col': { 'media-source': 'tray-2' },
  });
  const job = new RecordedJob(PDF, { ticket, required: ['copies', 'sides', 'media-col'] });
  t.is((await printer.print(job, never)).outcome, 'completed');
  t.deepEqual(
    peer.commands.filter((line) => line.startsWith('@PJL SET')),
    ['@PJL SET QTY=3', '@PJL SET DUPLEX=ON', '@PJL SET BINDING=SHORTEDGE', '@PJL SET MEDIASOURCE=TRAY2'],
  );
});

for (const pjl of ['on', 'off'] as const) {
  test(`a PDF that holds an exit is refused before anything leaves, PJL ${pjl}`, async (t) => {
    const { peer, printer } = await rig(t, {}, { pjl });
    // Over the border of two chunks.
    const document = patternedDocument(150_000);
    document.write(`${EXIT}@PJL SET PASSWORD=1`, 65_530, 'latin1');
    const result = await printer.print(new RecordedJob(PDF, { document }), never);
    t.like(result, { outcome: 'not-printed', trouble: { reason: 'refused' } });
    t.deepEqual(peer.documents, []);
  });
}

test('an exit far behind in a document ends the job there, and no command of it gets out', async (t) => {
  const { peer, printer } = await rig(t);
  const document = patternedDocument(900_000);
  document.write(`${EXIT}@PJL SET PASSWORD=1`, 800_000, 'latin1');
  const result = await printer.print(new RecordedJob(PDF, { document }), never);
  t.like(result, { outcome: 'aborted', trouble: { reason: 'refused' } });
  t.false(peer.commands.some((line) => line.includes('PASSWORD')));
});

test('the wrapper of a printer driver is taken off, and its settings are kept', async (t) => {
  const { peer, printer } = await rig(t);
  const wrapped = [
    `${EXIT}@PJL JOB NAME="x"\r\n@PJL COMMENT y\r\n@PJL SET RESOLUTION=600\r\n@PJL SET PASSWORD=1\r\n`,
    '@PJL DEFAULT COPIES=9\r\n@PJL FSDELETE NAME="0:\\x"\r\n@PJL ENTER LANGUAGE=PCL\r\n',
    `\x1bEpages\x1bE${EXIT}@PJL EOJ NAME="x"\r\n@PJL RESET\r\n${EXIT}`,
  ].join('');
  const job = new RecordedJob(PCL, { document: Buffer.from(wrapped, 'latin1') });
  t.is((await printer.print(job, never)).outcome, 'completed');
  t.deepEqual(peer.documents.map(String), ['\x1bEpages\x1bE']);
  t.deepEqual(
    peer.commands.filter((line) => /SET|DEFAULT|FS|COMMENT|LANGUAGE/.test(line)),
    ['@PJL SET RESOLUTION=600', '@PJL ENTER LANGUAGE=PCL'],
  );
});

test('what stands behind the wrapper of one document is refused', async (t) => {
  const { peer, printer } = await rig(t);
  const document = Buffer.from(`\x1bEone\x1bE${EXIT}@PJL EOJ\r\n${EXIT}\x1bEtwo\x1bE`, 'latin1');
  const result = await printer.print(new RecordedJob(PCL, { document }), never);
  t.like(result, { outcome: 'not-printed', trouble: { reason: 'refused' } });
  t.deepEqual(peer.documents, []);
});

test('a raw printer gets the wrapper as it is', async (t) => {
  const sink = await TcpSink.start();
  t.teardown(() => sink.stop());
  const document = Buffer.from(`${EXIT}@PJL ENTER LANGUAGE=PCL\r\n\x1bEpages\x1bE${EXIT}`, 'latin1');
  const printer = driverFor(sink.port, { pjl: 'off' });
  t.is((await printer.print(new RecordedJob(PCL, { document }), never)).outcome, 'delivered');
  t.deepEqual(sink.documents, [document]);
});

/** The clock goes as a real one does, for as long as it takes. */
async function asTimePasses<T>(clock: ManualClock, awaited: Promise<T>): Promise<T> {
  let isOver = false;
  void awaited.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    clock.advance(Milliseconds(1));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return awaited;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
