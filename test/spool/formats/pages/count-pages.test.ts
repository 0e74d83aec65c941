// The counting child with real and with hostile documents: right, or known to be unknown, and always over in time.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import test from 'ava';
import { systemClock } from '../../../../base/clock.ts';
import { MiB, Minutes, Seconds } from '../../../../base/units.ts';
import { countPages, readCount } from '../../../../spool/formats/pages/count-pages.ts';
import { commandOf, findSandbox } from '../../../../spool/formats/pages/sandbox.ts';
import { ManualClock } from '../../../manual-clock.ts';
import { asStored } from '../as-stored.ts';
import { bombPdf, circularPdf, deepPdf, hugePdf, lyingPdf, pdfOf } from './pdf-files.ts';
import { appleRaster, pwgRaster } from './raster-pages.ts';

const sandbox = await findSandbox();
const BOUNDS = { time: Minutes(1), memory: MiB(256) };

const count = async (format: string, octets: Buffer, bounds = BOUNDS) =>
  (await countPages(format, asStored(octets), sandbox, bounds, systemClock, new AbortController().signal))
    .count;

const PDF = 'application/pdf';

for (const [what, format, make, expected] of [
  ['a PDF', PDF, () => pdfOf(21), { kind: 'counted', pages: 21 }],
  [
    'a PDF behind blanks',
    PDF,
    async () => Buffer.concat([Buffer.alloc(900, ' '), await pdfOf(2)]),
    { kind: 'counted', pages: 2 },
  ],
  ['a PDF with a password', PDF, () => pdfOf(1, { userPassword: 'secret' }), { kind: 'password' }],
  [
    'a PDF that only its owner may change',
    PDF,
    () => pdfOf(3, { ownerPassword: 'secret' }),
    { kind: 'counted', pages: 3 },
  ],
  ['a cut PDF', PDF, async () => (await pdfOf(9)).subarray(0, 2000), { kind: 'damaged' }],
  ['nothing but a header', PDF, async () => Buffer.from('%PDF-1.7\n'), { kind: 'damaged' }],
  [
    'one page that says that it is 2^31-1',
    PDF,
    async () => lyingPdf(2 ** 31 - 1),
    { kind: 'counted', pages: 1 },
  ],
  ['one page that says that it is -5', PDF, async () => lyingPdf(-5), { kind: 'damaged' }],
  ['PWG Raster', 'image/pwg-raster', async () => pwgRaster([{}, {}]), { kind: 'counted', pages: 2 }],
  ['Apple Raster', 'image/urf', async () => appleRaster([{}, {}, {}]), { kind: 'counted', pages: 3 }],
  ['cut raster', 'image/urf', async () => appleRaster([{}]).subarray(0, 45), { kind: 'damaged' }],
] as const) {
  test.serial(`${what}: ${JSON.stringify(expected)}`, async (t) => {
    t.deepEqual(await count(format, await make()), expected);
  });
}

for (const [what, document] of [
  ['a page tree that is its own child', circularPdf()],
  ['a page tree of 10^15 pages', hugePdf(15)],
  ['100,000 arrays within another', deepPdf(100_000)],
  ['a stream that inflates to 1 GiB', bombPdf(1024)],
] as const) {
  test.serial(`hostile: ${what}: over in time and memory`, async (t) => {
    const bounds = { time: Seconds(20), memory: MiB(128) };
    const { kind } = await count(PDF, document, bounds);
    t.log(kind);
    t.true(['damaged', 'unknown', 'counted'].includes(kind));
  });
}

test.serial('pages are counted where neither bubblewrap nor prlimit is', async (t) => {
  const bare = { ...sandbox, bubblewrap: undefined, prlimit: undefined };
  const { signal } = new AbortController();
  const { count: found } = await countPages(PDF, asStored(await pdfOf(3)), bare, BOUNDS, systemClock, signal);
  t.deepEqual(found, { kind: 'counted', pages: 3 });
});

test.serial('the least memory that can be configured is enough for an ordinary PDF', async (t) => {
  t.deepEqual(await count(PDF, await pdfOf(200), { time: Minutes(1), memory: MiB(64) }), {
    kind: 'counted',
    pages: 200,
  });
});

test.serial('a child whose time is over is ended', async (t) => {
  const clock = new ManualClock();
  let asked = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      yield Buffer.alloc(64 * 1024);
      asked++;
      if (asked === 10) clock.advance(BOUNDS.time);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const begin = appleRaster([{ width: 20_000, height: 20_000, lines: Buffer.alloc(0) }]);
  async function* document(): AsyncGenerator<Uint8Array> {
    yield begin;
    yield* endless();
  }
  const counted = await countPages(
    'image/urf',
    document(),
    sandbox,
    BOUNDS,
    clock,
    new AbortController().signal,
  );
  t.deepEqual(counted, { count: { kind: 'unknown' }, trouble: 'time' });
});

test.serial('a child is ended when nobody wants to know any more', async (t) => {
  const abort = new AbortController();
  async function* document(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('%PDF-1.7');
    abort.abort();
    await new Promise(() => {});
  }
  const counted = await countPages(PDF, document(), sandbox, BOUNDS, systemClock, abort.signal);
  t.is(counted.count.kind, 'unknown');
});

test.serial('a document that cannot be read is unknown', async (t) => {
  async function* document(): AsyncGenerator<Uint8Array> {
    yield appleRaster([{}]);
    throw new Error('the disk is gone');
  }
  const counted = await countPages(
    'image/urf',
    document(),
    sandbox,
    BOUNDS,
    systemClock,
    new AbortController().signal,
  );
  // To the child it looks like the end; it must not pass for the whole.
  t.deepEqual(counted, { count: { kind: 'unknown' }, trouble: 'document' });
});

test('what the child says is checked', (t) => {
  t.deepEqual(readCount('{"kind":"counted","pages":3}'), { kind: 'counted', pages: 3 });
  t.deepEqual(readCount('{"kind":"password","more":1}'), { kind: 'password' });
  for (const output of [
    '',
    'null',
    '7',
    '{"kind":"printed"}',
    '{"kind":"counted"}',
    '{"kind":"counted","pages":0}',
    '{"kind":"counted","pages":-1}',
    '{"kind":"counted","pages":2147483648}',
    '{"kind":"counted","pages":1.5}',
    '{"kind":"counted","pages":"3"}',
    '{"kind":"counted","pages":3',
  ]) {
    t.is(readCount(output), undefined, output);
  }
});

/** Runs a script where the counter would run; resolves to what it wrote. */
function inside(script: string): Promise<string> {
  const [program = '', ...parameters] = commandOf(sandbox, '', BOUNDS).slice(0, -2);
  const child = spawn(program, [...parameters, '--input-type=module', '-e', script], { cwd: '/', env: {} });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  return new Promise((resolve) => child.once('close', () => resolve(output)));
}

const TRY = (work: string) =>
  `try { ${work}; console.log('done') } catch (error) { console.log(error.code ?? error.message) }`;

test.serial(
  'the child reads no file of anybody, writes none, starts nothing, and has no variables',
  async (t) => {
    t.is(await inside(TRY(`(await import('node:fs')).readFileSync('/etc/passwd')`)), 'ERR_ACCESS_DENIED\n');
    t.is(
      await inside(TRY(`(await import('node:fs')).writeFileSync('/tmp/written', '')`)),
      'ERR_ACCESS_DENIED\n',
    );
    t.is(await inside(TRY(`(await import('node:child_process')).spawnSync('true')`)), 'ERR_ACCESS_DENIED\n');
    t.is(await inside(`console.log(Object.keys(process.env).filter((name) => name !== 'PWD').join())`), '\n');
  },
);

(sandbox.bubblewrap === undefined ? test.skip : test.serial)(
  'in bubblewrap the child has no network',
  async (t) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.teardown(() => server.close());
    const { port } = server.address() as AddressInfo;
    const connect = `await new Promise((done, fail) => net.connect(${port}, '127.0.0.1').on('error', fail).on('connect', done))`;
    t.is(await inside(`import net from 'node:net'; ${TRY(connect)}`), 'ECONNREFUSED\n');
  },
);

(sandbox.prlimit === undefined ? test.skip : test.serial)(
  'memory beside the heap of V8 is bounded too',
  async (t) => {
    const grow = `const kept = []; for (let n = 0; n < 64; n++) kept.push(Buffer.alloc(32 * 1024 ** 2, 1)); console.log(kept.length)`;
    t.is(await inside(grow), '');
  },
);
