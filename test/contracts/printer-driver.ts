/** What every printer driver promises (drivers/printers/port.ts), run against each of them. */
import { setImmediate as turn } from 'node:timers/promises';
import type { ExecutionContext, TestFn } from 'ava';
import type { PrinterDriver, PrintJob, PrintProgress } from '../../drivers/printers/port.ts';
import { Attributes } from '../../ipp/model.ts';
import { attributes } from '../../ipp/vocabulary/build.ts';

/** A driver with the printer behind it. */
export interface PrinterUnderTest {
  readonly driver: PrinterDriver;
  /** A format that the printer takes as it is. */
  readonly format: string;
  /** The documents that came out so far, in order. */
  printed(): Promise<Buffer[]>;
}

export type PrinterFactory = (t: ExecutionContext) => Promise<PrinterUnderTest>;

export interface JobOptions {
  readonly document?: Buffer;
  readonly format?: string;
  readonly intentKept?: Promise<void>;
  readonly name?: string;
  /** Made while it is sent: nobody knows its length before. */
  readonly isMade?: boolean;
  /** Octets of a chunk. */
  readonly chunk?: number;
  readonly ticket?: Attributes;
  readonly required?: readonly string[];
}

/** A job that remembers what the driver did with it. */
export class RecordedJob implements PrintJob {
  readonly name: string;
  readonly userName = 'ada';
  readonly format: string;
  readonly octets: number | undefined;
  readonly ticket: Attributes;
  readonly required: readonly string[];
  readonly intentKept: Promise<void>;
  readonly progress: PrintProgress[] = [];
  readonly #document: Buffer;
  readonly #chunk: number;
  /** Times the document was opened. */
  opened = 0;
  /** Chunks asked for. */
  pulled = 0;

  constructor(format: string, options: JobOptions = {}) {
    this.#document = options.document ?? Buffer.from('%PDF-1.4\nhello\n%%EOF\n');
    this.#chunk = options.chunk ?? 65_536;
    this.format = options.format ?? format;
    this.octets = options.isMade ? undefined : this.#document.length;
    this.intentKept = options.intentKept ?? Promise.resolve();
    this.intentKept.catch(() => {});
    this.ticket = options.ticket ?? new Attributes();
    this.required = options.required ?? [];
    this.name = options.name ?? 'Report';
  }

  async *open(): AsyncGenerator<Uint8Array> {
    this.opened++;
    for (let at = 0; at < this.#document.length; at += this.#chunk) {
      this.pulled++;
      const chunk = Buffer.from(this.#document.subarray(at, at + this.#chunk));
      yield chunk;
      // It was the driver's until it asked for the next one.
      chunk.fill(0xee);
    }
  }

  onProgress(progress: PrintProgress): void {
    this.progress.push(progress);
  }

  get sent(): number {
    return this.progress.findLast((each) => each.kind === 'sent')?.octets ?? 0;
  }
}

/** Octets that repeat nowhere, so that a lost or doubled chunk shows. */
export function patternedDocument(octets: number): Buffer {
  const document = Buffer.alloc(octets);
  for (let at = 0; at + 4 <= octets; at += 4) document.writeUInt32BE(at, at);
  document.write('%PDF-1.4\n');
  return document;
}

export function printerDriverContract(test: TestFn, name: string, open: PrinterFactory): void {
  const never = new AbortController().signal;

  test(`${name}: tells its status and a whole description`, async (t) => {
    const { driver, format } = await open(t);
    const status = await driver.status(never);
    t.true(status.description.formats.includes(format));
    t.true(status.description.media.some((media) => media.name === status.description.mediaDefault));
    t.true(status.acceptingJobs);
  });

  test(`${name}: prints every octet and says what it can confirm`, async (t) => {
    const { driver, format, printed } = await open(t);
    const document = patternedDocument(1_000_003);
    const job = new RecordedJob(format, { document });
    const result = await driver.print(job, never);
    t.is(result.outcome, driver.confirms, JSON.stringify(result));
    t.is(job.sent, document.length);
    const [only, ...others] = await printed();
    t.is(others.length, 0);
    t.true(only?.equals(document));
  });

  test(`${name}: prints a document that is made while it is sent`, async (t) => {
    const { driver, format, printed } = await open(t);
    const document = patternedDocument(200_001);
    const job = new RecordedJob(format, { document, isMade: true, chunk: 30_000 });
    const result = await driver.print(job, never);
    t.is(result.outcome, driver.confirms, JSON.stringify(result));
    t.is(job.sent, document.length);
    t.true((await printed())[0]?.equals(document));
  });

  test(`${name}: one that fails while it is made is never called printed`, async (t) => {
    const { driver, format } = await open(t);
    const job = new RecordedJob(format, { isMade: true });
    job.open = async function* () {
      yield patternedDocument(100_000);
      throw new Error('the converter ended');
    };
    const result = await driver.print(job, never);
    t.true(['unknown', 'not-printed', 'aborted'].includes(result.outcome), JSON.stringify(result));
  });

  test(`${name}: prints one job after another, warmed or not`, async (t) => {
    const { driver, format, printed } = await open(t);
    for (const text of ['first', 'second', 'third']) {
      driver.warm();
      const result = await driver.print(
        new RecordedJob(format, { document: Buffer.from(`%PDF-1.4 ${text}`) }),
        never,
      );
      t.is(result.outcome, driver.confirms, JSON.stringify(result));
    }
    t.deepEqual((await printed()).map(String), ['%PDF-1.4 first', '%PDF-1.4 second', '%PDF-1.4 third']);
  });

  test(`${name}: lets no octet out before the intent is kept`, async (t) => {
    const { driver, format, printed } = await open(t);
    const intent = Promise.withResolvers<void>();
    const job = new RecordedJob(format, { intentKept: intent.promise });
    const result = driver.print(job, never);
    await driver.status(never);
    for (let i = 0; i < 50; i++) await turn();
    t.is(job.sent, 0);
    t.deepEqual(await printed(), []);
    intent.resolve();
    t.is((await result).outcome, driver.confirms);
  });

  test(`${name}: prints nothing when the intent could not be kept`, async (t) => {
    const { driver, format, printed } = await open(t);
    const job = new RecordedJob(format, { intentKept: Promise.reject(new Error('disk full')) });
    const result = await driver.print(job, never);
    t.is(result.outcome, 'not-printed');
    t.true('trouble' in result && result.trouble.reason === 'document-unreadable', JSON.stringify(result));
    t.deepEqual(await printed(), []);
  });

  test(`${name}: refuses a format that the printer does not take`, async (t) => {
    const { driver, format, printed } = await open(t);
    const result = await driver.print(new RecordedJob(format, { format: 'application/x-unheard-of' }), never);
    t.is(result.outcome, 'not-printed');
    t.true('trouble' in result && result.trouble.reason === 'format-refused', JSON.stringify(result));
    t.deepEqual(await printed(), []);
  });

  test(`${name}: what was chosen and cannot be done lets nothing come out`, async (t) => {
    const { driver, format, printed } = await open(t);
    const ticket = attributes({ 'media-col': { 'media-source': 'no-such-tray' } });
    const result = await driver.print(new RecordedJob(format, { ticket, required: ['media-col'] }), never);
    t.is(result.outcome, 'not-printed');
    t.true('trouble' in result && result.trouble.reason === 'refused', JSON.stringify(result));
    t.deepEqual(await printed(), []);
  });

  test(`${name}: aborted before it begins, prints nothing`, async (t) => {
    const { driver, format, printed } = await open(t);
    const result = await driver.print(new RecordedJob(format), AbortSignal.abort());
    t.is(result.outcome, 'not-printed');
    t.true('trouble' in result && result.trouble.reason === 'canceled', JSON.stringify(result));
    t.deepEqual(await printed(), []);
  });

  test(`${name}: a document that cannot be read is never called printed`, async (t) => {
    const { driver, format } = await open(t);
    const job = new RecordedJob(format, { document: patternedDocument(400_000) });
    job.open = async function* () {
      yield Buffer.from('%PDF-1.4\n');
      throw new Error('damaged');
    };
    const result = await driver.print(job, never);
    t.true(['unknown', 'not-printed', 'aborted'].includes(result.outcome), JSON.stringify(result));
  });

  test(`${name}: takes a name that means something to paths, shells and protocols`, async (t) => {
    const { driver, format, printed } = await open(t);
    const name = `../../etc/"passwd"\r\n@PJL\x1b%-12345X $(reboot) ‮fdp.exe ${'ü'.repeat(300)}`;
    const result = await driver.print(new RecordedJob(format, { name }), never);
    t.is(result.outcome, driver.confirms, JSON.stringify(result));
    t.is((await printed()).length, 1);
  });
}
