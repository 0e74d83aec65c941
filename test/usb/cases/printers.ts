/** A USB printer behind the kernel's usblp: the contract of all printer drivers, and what only a cable can do. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { ExecutionContext, TestFn } from 'ava';
import { systemClock } from '../../../base/clock.ts';
import { Seconds } from '../../../base/units.ts';
import type { PjlUse } from '../../../drivers/printers/raw/raw-printer.ts';
import { UsbPrinter } from '../../../drivers/printers/usb-printer.ts';
import { patternedDocument, printerDriverContract, RecordedJob } from '../../contracts/printer-driver.ts';
import { RecordingLog } from '../../recording-log.ts';
import type { PjlFaults } from '../../simulators/pjl-printer.ts';
import { type Bench, type UsbCase, until } from '../guest/case.ts';
import type { UsbIp } from '../guest/usb-ip.ts';

const PDF = 'application/pdf';
const never = new AbortController().signal;

function driver(more: { readonly pjl?: PjlUse; readonly serialNumber?: string } = {}): UsbPrinter {
  const { serialNumber = 'PRN42', ...rest } = more;
  return new UsbPrinter({
    place: { make: 'Acme', model: 'LaserThing 9000', serialNumber },
    formats: [],
    connectTime: Seconds(30),
    stallTime: Seconds(60),
    closeTime: Seconds(30),
    answerTime: Seconds(10),
    clock: systemClock,
    log: new RecordingLog(),
    ...rest,
  });
}

async function printed(usb: UsbIp): Promise<Buffer[]> {
  const documents = (await usb.ask('printer', { documents: true })) as string[];
  return documents.map((each) => Buffer.from(each, 'base64'));
}

const reset = (usb: UsbIp, faults: PjlFaults = {}) => usb.ask('printer', { reset: faults });

/** The printer, and the kernel's driver at it. */
async function plugIn({ usb }: Bench): Promise<void> {
  await usb.plug('printer');
  await until('the printer is driven', () =>
    driver()
      .status()
      .then(Boolean, () => false),
  );
  await reset(usb);
}

/** The contract's tests, to be run one after the other. */
function contract(open: Parameters<typeof printerDriverContract>[2]) {
  const tests: { readonly title: string; run(t: ExecutionContext): unknown }[] = [];
  const declare = (title: string, run: (t: ExecutionContext) => unknown) => void tests.push({ title, run });
  printerDriverContract(declare as unknown as TestFn, 'usb', open);
  return tests;
}

/** As much of AVA's as the contract asks for. */
const assertions = {
  is: equal,
  deepEqual,
  true: (value: unknown, message?: string) => ok(value === true, message),
  teardown: () => {},
} as unknown as ExecutionContext;

export const PRINTER_CASES: readonly UsbCase[] = [
  {
    name: 'a USB printer keeps the contract of all printer drivers',
    async run(bench) {
      const { usb } = bench;
      await plugIn(bench);
      const tests = contract(async () => {
        await reset(usb);
        return { driver: driver(), format: PDF, printed: () => printed(usb) };
      });
      ok(tests.length >= 10);
      for (const { title, run } of tests) {
        try {
          await run(assertions);
        } catch (cause) {
          throw new Error(title, { cause });
        }
      }
      await usb.unplug('printer');
    },
  },
  {
    name: 'a USB printer says what it is, counts its pages, and takes documents without PJL',
    async run(bench) {
      const { usb } = bench;
      await plugIn(bench);
      const { description } = await driver().status();
      equal(description.makeAndModel, 'Acme LaserThing 9000');
      deepEqual(description.formats, ['application/vnd.hp-pcl', PDF]);
      equal(driver().confirms, 'delivered');
      deepEqual(await driver().print(new RecordedJob(PDF), never), { outcome: 'completed', impressions: 3 });
      await reset(usb, { plain: true });
      // Out of paper at first: what the kernel still has is not delivered.
      await usb.ask('printer', { stuck: true });
      const document = patternedDocument(100_000);
      const job = new RecordedJob(PDF, { document });
      let isOver = false;
      const result = driver({ pjl: 'off' })
        .print(job, never)
        .finally(() => {
          isOver = true;
        });
      await until('all of it is with the kernel', () => job.sent === document.length);
      for (let round = 0; round < 5; round++) deepEqual(await printed(usb), []);
      ok(!isOver);
      await usb.ask('printer', { stuck: false });
      deepEqual(await result, { outcome: 'delivered' });
      // All of it, at the moment when that was said.
      ok((await printed(usb))[0]?.equals(document));
      await usb.unplug('printer');
    },
  },
  {
    name: 'a USB printer unplugged in mid-job: nobody knows; plugged in again it prints; another one does not',
    async run(bench) {
      const { usb } = bench;
      await plugIn(bench);
      const printer = driver();
      const job = new RecordedJob(PDF, { document: patternedDocument(16_000_000) });
      const result = printer.print(job, never);
      await until('the document is on its way', () => job.sent > 1_000_000);
      await usb.unplug('printer');
      const cut = await result;
      equal(cut.outcome, 'unknown', JSON.stringify(cut));
      equal('trouble' in cut && cut.trouble.reason, 'cut');
      const away = await printer.print(new RecordedJob(PDF), never);
      equal('trouble' in away && away.trouble.reason, 'unreachable', JSON.stringify(away));
      await plugIn(bench);
      equal((await printer.print(new RecordedJob(PDF), never)).outcome, 'completed');
      const other = await driver({ serialNumber: 'PRN43' }).print(new RecordedJob(PDF), never);
      equal('trouble' in other && other.trouble.reason, 'unreachable');
      await usb.unplug('printer');
    },
  },
  {
    name: 'a USB printer out of paper can be cancelled, is busy for others, and goes on afterwards',
    async run(bench) {
      const { usb } = bench;
      await plugIn(bench);
      await usb.ask('printer', { stuck: true });
      const abort = new AbortController();
      const job = new RecordedJob(PDF, { document: patternedDocument(4_000_000) });
      const result = driver().print(job, abort.signal);
      await until('the document is on its way', () => job.sent > 0);
      const second = await driver().print(new RecordedJob(PDF), never);
      equal('trouble' in second && second.trouble.reason, 'busy', JSON.stringify(second));
      abort.abort();
      const canceled = await result;
      equal(canceled.outcome, 'unknown');
      equal('trouble' in canceled && canceled.trouble.reason, 'canceled');
      await reset(usb);
      await until('the printer is free', async () => {
        const again = await driver().print(new RecordedJob(PDF), never);
        return again.outcome === 'completed';
      });
      await usb.unplug('printer');
    },
  },
];
