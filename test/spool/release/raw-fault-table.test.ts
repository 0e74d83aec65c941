// The fault table's rows of raw ports, PJL and USB (docs/printers.md), through the whole release path: no job is lost, none is
// printed twice by itself, each ends as what is known of it.
import { execFile } from 'node:child_process';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import test from 'ava';
import { systemClock } from '../../../base/clock.ts';
import { Milliseconds, Minutes, Seconds } from '../../../base/units.ts';
import { AppSocketPrinter } from '../../../drivers/printers/appsocket-printer.ts';
import { EXIT } from '../../../drivers/printers/pjl/frame.ts';
import type { PrinterDriver } from '../../../drivers/printers/port.ts';
import type { RawOptions } from '../../../drivers/printers/raw/raw-printer.ts';
import { UsbPrinter } from '../../../drivers/printers/usb-printer.ts';
import { toolsOf } from '../../../spool/formats/conversion/commands.ts';
import { served } from '../../../spool/formats/conversion/served.ts';
import type { Job, JobId } from '../../../spool/job.ts';
import type { Jobs } from '../../../spool/jobs.ts';
import { patternedDocument } from '../../contracts/printer-driver.ts';
import { ManualClock } from '../../manual-clock.ts';
import { findProgram, peerTest } from '../../peers/require-peer.ts';
import { RecordingLog } from '../../recording-log.ts';
import { MemoryJobStore } from '../../simulators/memory-job-store.ts';
import { type PjlFaults, PjlPrinter } from '../../simulators/pjl-printer.ts';
import { type SinkFaults, TcpSink } from '../../simulators/tcp-sink.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { pdfOf } from '../formats/pages/pdf-files.ts';
import { endOf, isOver, sentenceFor } from './ended.ts';
import { reaches, releasingFrom } from './releasing.ts';

const peer = peerTest(test, ['gs']);
const PDF = 'application/pdf';
const DOCUMENT = patternedDocument(300_007);

const OPTIONS = {
  formats: [PDF],
  connectTime: Minutes(1),
  stallTime: Minutes(2),
  closeTime: Seconds(90),
  answerTime: Minutes(1),
} as const satisfies Omit<RawOptions, 'clock'>;

interface Row {
  /** With PJL; else a raw port alone. */
  readonly pjl?: PjlFaults;
  readonly raw?: SinkFaults;
  readonly document?: Buffer;
  readonly off?: true;
  readonly ends: string;
  readonly pages?: number;
  readonly says: string;
  /** Documents that came out whole. */
  readonly taken: 0 | 1;
  /** Times that the printer was called at most. */
  readonly calls?: number;
}

const CHECK = 'Check what came out before printing again.';
const MAYBE = 'Some pages may have come out. Check them before printing again.';
const HERE = 'Your document is still here.';
const SENT = { ends: 'delivered', says: 'Sent. Please check the pages.', taken: 1 } as const;
const CUT = { ends: 'unknown: cut', says: `The connection to the printer broke. ${CHECK}` } as const;

const ROWS: Readonly<Record<string, Row>> = {
  'PJL: all is well': { pjl: {}, ends: 'completed', pages: 3, says: 'Printed: 3 pages.', taken: 1 },
  'PJL: says nothing': { pjl: { silent: true }, ...SENT },
  'PJL: tells of another job only': { pjl: { othersOnly: true }, ...SENT },
  'PJL: closes before its word': { pjl: { closesBeforeEnd: true }, ...CUT, pages: 3, taken: 1 },
  'PJL: cancelled there': {
    pjl: { result: 'USER_CANCELED' },
    ends: 'aborted: canceled-at-printer',
    pages: 3,
    says: `Printing was cancelled at the printer. ${MAYBE}`,
    taken: 1,
  },
  'PJL: could not print it': {
    pjl: { result: 'ABORT' },
    ends: 'aborted: aborted-by-printer',
    pages: 3,
    says: `The printer gave up the document. ${MAYBE}`,
    taken: 1,
  },
  'PJL: commands in a PDF': {
    pjl: {},
    document: Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.from(`${EXIT}@PJL DEFAULT COPIES=99\r\n`)]),
    ends: 'not-printed: refused',
    says: `The printer refused the document. ${HERE}`,
    taken: 0,
  },
  'raw port: all is well': { raw: {}, ...SENT },
  'raw port: cuts at octet 100,000': { raw: { cutAfter: 100_000 }, ...CUT, taken: 0 },
  'raw port: takes no more': {
    raw: { stallAfter: 10 },
    document: patternedDocument(20_000_000),
    ends: 'unknown: timeout',
    says: `The printer did not answer in time. ${CHECK}`,
    taken: 0,
  },
  'raw port: never closes': {
    raw: { neverCloses: true },
    ends: 'unknown: timeout',
    says: `The printer did not answer in time. ${CHECK}`,
    taken: 1,
  },
  'raw port: refuses, as it is in use, for longer than anybody waits': {
    raw: {},
    off: true,
    ends: 'not-printed: busy',
    says: `The printer is busy with something else. ${HERE}`,
    taken: 0,
    calls: 0,
  },
};

for (const [name, row] of Object.entries(ROWS)) {
  test(`${name}: ${row.ends}`, async (t) => {
    const printer = await (row.pjl === undefined ? TcpSink.start(row.raw) : PjlPrinter.start(row.pjl));
    const { port } = printer;
    t.teardown(() => (row.off ? undefined : printer.stop()));
    if (row.off) await printer.stop();
    const clock = new ManualClock();
    const pjl = row.pjl === undefined ? 'off' : 'on';
    const driver = new AppSocketPrinter({ host: '127.0.0.1', port, pjl, clock, ...OPTIONS });
    const { jobs, store, accept, release } = releasingFrom(new MemoryJobStore(), driver, clock);
    const content = row.document ?? DOCUMENT;
    const { id } = await accept({ document: { format: PDF, octets: content.length } }, content);
    release([id]);
    await over(jobs, id, clock);
    const ended = jobs.get(id) as Job;
    t.is(endOf(ended), row.ends);
    t.is(ended.impressionsCompleted, row.pages);
    t.is(sentenceFor(ended), row.says);
    // Whatever time passes, nothing more comes out by itself.
    for (let i = 0; i < 20; i++) await turn(clock, Minutes(5));
    t.is(printer.connections, row.calls ?? 1);
    t.is(printer.documents.length, row.taken);
    if (row.taken === 1) t.deepEqual(printer.documents[0], content);
    t.is((await store.recover()).find((each) => each.id === id)?.state, ended.state);
  });
}

for (const [to, begins] of [
  ['application/vnd.hp-pclxl', ') HP-PCL XL;'],
  ['application/vnd.hp-pcl', '\x1bE'],
  ['application/postscript', '%!PS'],
] as const) {
  peer(`a PDF that is converted for a PJL printer goes in one frame: ${to}`, async (t) => {
    const printer = await PjlPrinter.start();
    t.teardown(() => printer.stop());
    const options = { ...OPTIONS, formats: [to], pjl: 'on', clock: systemClock } as const;
    const driver = new AppSocketPrinter({ host: '127.0.0.1', port: printer.port, ...options });
    const programs = { ghostscript: findProgram('gs') };
    const all = releasingFrom(new MemoryJobStore(), driver, new ManualClock(), programs);
    all.description.value = served((await driver.status()).description, toolsOf(programs));
    const content = await pdfOf(3);
    const document = {
      format: PDF,
      octets: content.length,
      count: { kind: 'counted', pages: 3 },
    } as const;
    const { id } = await all.accept({ document }, content);
    all.release([id]);
    const { impressionsCompleted } = await reaches(all.jobs, id, 'completed');
    t.is(impressionsCompleted, 3);
    t.is(printer.documents.length, 1);
    const text = printer.documents[0]?.toString('latin1') ?? '';
    t.true(text.startsWith(begins), JSON.stringify(text.slice(0, 40)));
    t.false(text.includes('@PJL') || text.includes(EXIT));
    const told = printer.commands.filter((line) => /SET|ENTER/.test(line));
    for (const line of ['QTY=2', 'DUPLEX=ON', 'BINDING=LONGEDGE']) t.true(told.includes(`@PJL SET ${line}`));
    t.is(told.filter((line) => line.includes('ENTER LANGUAGE')).length, 1);
    if (begins.includes('XL')) t.is(text.split('\xf8\x35').length - 1, 3, 'two sides on each page');
  });
}

test('a USB printer takes a released job; unplugged, the job stays', async (t) => {
  const sys = await temporaryFolder(t);
  const device = join(sys, 'bus/usb/devices/1-1');
  const dev = join(sys, 'dev');
  await mkdir(join(`${device}:1.0`, 'usbmisc/lp0'), { recursive: true });
  for (const folder of [device, join(dev, 'usb')]) await mkdir(folder, { recursive: true });
  const files: Readonly<Record<string, string>> = {
    [join(device, 'idVendor')]: '03f0',
    [join(device, 'idProduct')]: 'beef',
    [join(device, 'serial')]: 'A',
    [join(`${device}:1.0`, 'bInterfaceClass')]: '07',
    [join(`${device}:1.0`, 'bInterfaceSubClass')]: '01',
    [join(`${device}:1.0`, 'ieee1284_id')]: 'MFG:Acme;MDL:Thing 9;CMD:PDF;',
  };
  for (const [path, text] of Object.entries(files)) await writeFile(path, `${text}\n`);
  const lp = join(dev, 'usb/lp0');
  await promisify(execFile)('mkfifo', [lp]);
  const place = { make: 'Acme', model: 'Thing 9' };
  const log = new RecordingLog();
  const printer = (serialNumber: string): PrinterDriver =>
    new UsbPrinter({
      ...OPTIONS,
      formats: [],
      place: { ...place, serialNumber },
      clock: systemClock,
      log,
      sys,
      dev,
    });
  const content = DOCUMENT.subarray(0, 50_000);
  // What the printer takes is what it has when the line is let go.
  const taker = await open(lp, 'r+');
  t.teardown(() => taker.close());
  const document = { format: PDF, octets: content.length };
  const all = releasingFrom(new MemoryJobStore(), printer('A'));
  const { id } = await all.accept({ document }, content);
  all.release([id]);
  t.is((await reaches(all.jobs, id, 'completed')).confirmation, 'delivered');
  const taken = Buffer.alloc(content.length);
  for (let at = 0; at < taken.length; ) at += (await taker.read(taken, at)).bytesRead;
  t.deepEqual(taken, content);

  const away = releasingFrom(new MemoryJobStore(), printer('B'));
  const { id: second } = await away.accept({ document }, content);
  away.release([second]);
  const held = await reaches(away.jobs, second, 'pending-held').then(async (job) => {
    let last = job;
    while (last.trouble === undefined) {
      await new Promise((resolve) => setImmediate(resolve));
      last = away.jobs.get(second) as Job;
    }
    return last;
  });
  t.is(sentenceFor(held), `The printer is switched off or cannot be reached. ${HERE}`);
});

/** A little time passes; real sockets need some of their own, so that nothing runs into its bound that is on its way. */
async function turn(clock: ManualClock, time: Milliseconds = Milliseconds(250)): Promise<void> {
  await pause(3);
  clock.advance(time);
}

async function over(jobs: Jobs, id: JobId, clock: ManualClock): Promise<void> {
  while (!isOver(jobs.get(id))) await turn(clock);
}
