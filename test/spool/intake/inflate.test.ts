// Compressed documents: what arrives is what was meant, damage and bombs are refused, and the sender is held back.
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { MiB } from '../../../base/units.ts';
import { attributes } from '../../../ipp/vocabulary/build.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import { statusName } from '../../../ipp/vocabulary/status.ts';
import { type Compression, inflated } from '../../../spool/intake/inflate.ts';
import { Refusal } from '../../../spool/intake/refusal.ts';
import { JobId } from '../../../spool/job.ts';
import { random } from '../../random.ts';
import { IntakeUnderTest, PDF } from './intake-under-test.ts';

const next = random(7);
const noise = () => next() * 256;
/** Does not compress away. */
const LARGE = Buffer.concat([PDF, Buffer.from(Array.from({ length: 300_000 }, noise))]);

const PACKED: readonly (readonly [string, Compression, (plain: Buffer) => Buffer])[] = [
  ['gzip', 'gzip', gzipSync],
  ['deflate in the frame of zlib', 'deflate', deflateSync],
  ['deflate bare, as CUPS sends it', 'deflate', deflateRawSync],
  ['nothing', 'none', (plain) => plain],
];

async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function* inPieces(octets: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size);
}

async function refusal(t: ExecutionContext, body: Promise<Buffer>): Promise<string> {
  const error = await body.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  t.true(error instanceof Refusal, String(error));
  return error instanceof Refusal ? statusName(error.status) : '';
}

for (const [how, compression, pack] of PACKED) {
  test(`packed by ${how}, in pieces of any size`, async (t) => {
    t.deepEqual(await collect(inflated(inPieces(pack(PDF), 1), compression, MiB(1))), PDF);
    t.deepEqual(await collect(inflated(inPieces(pack(LARGE), 16_384), compression, MiB(1))), LARGE);
    t.is((await collect(inflated(inPieces(Buffer.alloc(0), 1), compression, MiB(1)))).length, 0);
  });

  // What is not packed is bounded where the body is read.
  if (compression === 'none') continue;
  test(`larger than allowed, packed by ${how}`, async (t) => {
    const work = collect(inflated(inPieces(pack(LARGE), 4096), compression, LARGE.length - 1));
    t.is(await refusal(t, work), 'client-error-request-entity-too-large');
  });
}

test('gzip of several members is one document', async (t) => {
  const small = Buffer.concat([gzipSync(PDF), gzipSync(PDF)]);
  t.deepEqual(await collect(inflated(inPieces(small, 1), 'gzip', MiB(1))), Buffer.concat([PDF, PDF]));
  const packed = Buffer.concat([gzipSync(PDF), gzipSync(''), gzipSync(LARGE), gzipSync('')]);
  for (const size of [4096, 16_384, packed.length]) {
    t.deepEqual(await collect(inflated(inPieces(packed, size), 'gzip', MiB(1))), Buffer.concat([PDF, LARGE]));
  }
});

test('members are bounded together', async (t) => {
  const small = gzipSync(Buffer.alloc(1000));
  const many = Buffer.concat(Array.from({ length: 100 }, () => small));
  const work = collect(inflated(inPieces(many, 4096), 'gzip', 99_999));
  t.is(await refusal(t, work), 'client-error-request-entity-too-large');
  const bombs = Buffer.concat(Array.from({ length: 64 }, () => gzipSync(Buffer.alloc(1024 ** 2))));
  t.is(
    await refusal(t, collect(inflated(inPieces(bombs, 16_384), 'gzip', MiB(1024)))),
    'client-error-compression-error',
  );
});

for (const [what, compression, octets] of [
  ['cut', 'gzip', gzipSync(LARGE).subarray(0, 5000)],
  ['cut in its header', 'gzip', Buffer.from([0x1f])],
  ['cut', 'deflate', deflateSync(LARGE).subarray(0, 5000)],
  ['bare and cut', 'deflate', deflateRawSync(LARGE).subarray(0, 5000)],
  ['not packed at all', 'gzip', PDF],
  ['not packed at all', 'deflate', Buffer.alloc(100, 0xff)],
  ['followed by something else', 'gzip', Buffer.concat([gzipSync(PDF), PDF])],
  ['followed by zeros', 'gzip', Buffer.concat([gzipSync(PDF), Buffer.alloc(5000)])],
  ['followed by a zero and something else', 'gzip', Buffer.concat([gzipSync(PDF), Buffer.alloc(1), LARGE])],
  ['with a second member that is cut', 'gzip', Buffer.concat([gzipSync(PDF), gzipSync(PDF).subarray(0, -3)])],
  ['followed by something else', 'deflate', Buffer.concat([deflateSync(PDF), PDF])],
  ['bare and followed by something else', 'deflate', Buffer.concat([deflateRawSync(PDF), PDF])],
  ['of a wrong checksum', 'gzip', Buffer.concat([gzipSync(PDF).subarray(0, -8), Buffer.alloc(8, 1)])],
] as const) {
  test(`${compression} ${what} (${octets.length} octets): compression-error`, async (t) => {
    const work = collect(inflated(inPieces(octets, 1000), compression, MiB(1)));
    t.is(await refusal(t, work), 'client-error-compression-error');
  });
}

test('a bomb is refused long before it is as large as a document may be', async (t) => {
  const bomb = deflateSync(Buffer.alloc(64 * 1024 ** 2));
  t.is(
    await refusal(t, collect(inflated(inPieces(bomb, 16_384), 'deflate', MiB(1024)))),
    'client-error-compression-error',
  );
});

test('nothing is taken from the sender that nobody asks for, and it is let go when the reader gives up', async (t) => {
  const packed = gzipSync(Buffer.concat(Array.from({ length: 64 }, () => LARGE)));
  let given = 0;
  let letGo = false;
  async function* body() {
    try {
      for await (const chunk of inPieces(packed, 65_536)) {
        given += chunk.length;
        yield chunk;
      }
    } finally {
      letGo = true;
    }
  }
  const reading = inflated(body(), 'gzip', MiB(100));
  await reading.next();
  await new Promise((resolve) => setImmediate(resolve));
  t.true(given < packed.length / 2, `${given} of ${packed.length}`);
  await reading.return();
  while (!letGo) await new Promise((resolve) => setImmediate(resolve));
  t.pass();
});

test('what the body throws is thrown on', async (t) => {
  async function* body() {
    yield gzipSync(LARGE).subarray(0, 1000);
    throw new Error('the client is gone');
  }
  await t.throwsAsync(collect(inflated(body(), 'gzip', MiB(1))), { message: 'the client is gone' });
});

for (const [how, compression, pack] of PACKED) {
  test(`Print-Job packed by ${how} is kept as the printer wants it`, async (t) => {
    const intake = await new IntakeUnderTest().start(t);
    const { status, job } = await intake.ask({
      operation: Operation.printJob,
      attributes: { compression, 'document-format': 'application/pdf' },
      document: pack(PDF),
    });
    t.is(status, 'successful-ok');
    const id = JobId(read(job, 'job-id') ?? 0);
    t.is(intake.jobs.get(id)?.document?.octets, PDF.length);
    t.deepEqual(await collect(intake.store.read(id)), PDF);
  });
}

for (const [what, changes, document, expected] of [
  ['an unknown compression', { compression: 'compress' }, PDF, 'client-error-compression-not-supported'],
  ['damaged data', { compression: 'gzip' }, PDF, 'client-error-compression-error'],
  [
    'a bomb',
    { compression: 'gzip' },
    gzipSync(Buffer.concat([PDF, Buffer.alloc(2 * 1024 ** 2)])),
    'client-error-request-entity-too-large',
  ],
  [
    'printer commands in a packed PDF',
    { compression: 'gzip' },
    gzipSync('\x1bE'),
    'client-error-document-format-error',
  ],
] as const) {
  test(`Print-Job with ${what}: ${expected}, and nothing is left`, async (t) => {
    const intake = await new IntakeUnderTest().start(t);
    const asked = { ...changes, 'document-format': 'application/pdf' };
    const { status } = await intake.ask({ operation: Operation.printJob, attributes: asked, document });
    t.is(status, expected);
    t.is(intake.jobs.living, 0);
    t.is((await intake.store.recover()).length, 0);
  });
}

test('the queue says which compressions it takes', async (t) => {
  const intake = await new IntakeUnderTest().start(t);
  const { message } = await intake.ask({
    operation: Operation.getPrinterAttributes,
    attributes: { 'requested-attributes': ['compression-supported'] },
  });
  t.deepEqual(
    message.groups[1]?.attributes,
    attributes({ 'compression-supported': ['none', 'gzip', 'deflate'] }),
  );
});
