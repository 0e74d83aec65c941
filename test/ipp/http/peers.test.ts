// Real peers: our client asks ippeveprinter and prints to it, ipptool asks a server made of our framing.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { systemClock } from '../../../base/clock.ts';
import { groupOf } from '../../../ipp/model.ts';
import { attributes } from '../../../ipp/vocabulary/build.ts';
import { JobState, PrinterState } from '../../../ipp/vocabulary/enums.ts';
import { answer, request } from '../../../ipp/vocabulary/messages.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { read, readLeniently } from '../../../ipp/vocabulary/read.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { validateGroup } from '../../../ipp/vocabulary/validate.ts';
import { IPPEVEPRINTER_PROGRAMS, startIppEvePrinter } from '../../peers/ippeveprinter.ts';
import { PeerProcess } from '../../peers/process.ts';
import { peerTest, programPath } from '../../peers/require-peer.ts';
import { newClient } from './client-helpers.ts';
import { startIppServer, type TestServer } from './ipp-server.ts';

const withPrinter = peerTest(test, [...IPPEVEPRINTER_PROGRAMS]);
const withIpptool = peerTest(test, ['ipptool']);
/** ippeveprinter answers other versions than 1.1 and 2.0 with HTTP 400. */
const version = { major: 2, minor: 0 };

withPrinter('our client reads the attributes of ippeveprinter, and the table knows them', async (t) => {
  const printer = await startIppEvePrinter();
  t.teardown(() => printer.stop());
  const client = newClient(t, printer.uri);
  const answered = await client.request(
    request({
      operation: Operation.getPrinterAttributes,
      requestId: 1,
      version,
      attributes: {
        'printer-uri': printer.uri,
        'requested-attributes': ['all', 'media-col-database'],
      },
    }),
  );
  t.is(answered.code, Status.successfulOk);
  const found = groupOf(answered, 'printer');
  t.true(found.size > 80, `${found.size} attributes`);
  t.is(read(found, 'printer-state'), PrinterState.idle);
  t.true(read(found, 'operations-supported')?.includes(Operation.sendDocument));
  t.true(read(found, 'document-format-supported')?.includes('application/pdf'));
  t.true((read(found, 'media-col-database')?.length ?? 0) > 10);
  t.regex(read(found, 'printer-uuid') ?? '', /^urn:uuid:/);

  const problems = validateGroup('printer', found).map(({ problem }) => problem);
  // In its first second ippeveprinter says 0 where 1 is the least.
  t.deepEqual(
    problems.filter((problem) => !/-time: 0 instead of 1/.test(problem)),
    [],
  );
});

withPrinter(
  'our client prints to ippeveprinter, chunked, counted and after asking; every octet arrives',
  async (t) => {
    const printer = await startIppEvePrinter();
    t.teardown(() => printer.stop());
    const client = newClient(t, printer.uri);
    const pdf = Buffer.concat([
      Buffer.from('%PDF-1.4\n'),
      Buffer.alloc(3_000_000, 'x'),
      Buffer.from('\n%%EOF\n'),
    ]);
    const document = {
      async *[Symbol.asyncIterator]() {
        for (let at = 0; at < pdf.length; at += 65_536) yield pdf.subarray(at, at + 65_536);
      },
    };
    const common = { 'printer-uri': printer.uri, 'requesting-user-name': 'anna' };
    for (const [index, options] of [{}, { contentLength: pdf.length }, { expectContinue: true }].entries()) {
      const printed = await client.request(
        request({
          operation: Operation.printJob,
          requestId: 1,
          version,
          attributes: { ...common, 'job-name': `job ${index}`, 'document-format': 'application/pdf' },
        }),
        { document, ...options },
      );
      t.is(printed.code, Status.successfulOk);
      const jobId = read(groupOf(printed, 'job'), 'job-id') ?? 0;
      for (let state: number | undefined; state !== JobState.completed; ) {
        const polled = await client.request(
          request({
            operation: Operation.getJobAttributes,
            requestId: 2,
            version,
            attributes: { ...common, 'job-id': jobId },
          }),
        );
        t.is(polled.code, Status.successfulOk);
        state = readLeniently(groupOf(polled, 'job'), 'job-state');
      }
      const documents = await printer.documents();
      t.is(documents.length, index + 1);
      t.true(pdf.equals(await readFile(documents[index] ?? '')));
    }
  },
);

withIpptool('ipptool reads attributes from a server made of our framing', async (t) => {
  const server = await startIppServer(t, { clock: systemClock }, async ({ message }) => {
    const found = attributes({
      'printer-name': 'Follow me',
      'printer-state': PrinterState.idle,
      'media-col-default': { 'media-size': { 'x-dimension': 21000, 'y-dimension': 29700 } },
      'copies-supported': { lower: 1, upper: 99 },
      'printer-resolution-default': { cross: 600, feed: 600, units: 'dpi' },
    });
    return answer(message, Status.successfulOk, { groups: [{ kind: 'printer', attributes: found }] });
  });
  const output = await ipptool(server, ['-tv'], 'get-printer-attributes.test');
  t.regex(output, /status-code = successful-ok/);
  t.regex(output, /printer-name \(nameWithoutLanguage\) = Follow me/);
  t.regex(
    output,
    /media-col-default \(collection\) = \{media-size=\{x-dimension=21000 y-dimension=29700\}\}/,
  );
  t.regex(output, /copies-supported \(rangeOfInteger\) = 1-99/);
  t.regex(output, /printer-resolution-default \(resolution\) = 600dpi/);
  t.deepEqual(server.errors, []);
});

withIpptool('ipptool prints to a server made of our framing, by length and in chunks', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-ipptool-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'document.pdf');
  const pdf = Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(1_000_000, 'x')]);
  await writeFile(file, pdf);
  const received: [framing: string, same: boolean][] = [];
  const server = await startIppServer(
    t,
    { clock: systemClock },
    async ({ message, document }, { request: { headers } }) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of document) chunks.push(chunk);
      received.push([headers['transfer-encoding'] ?? 'length', pdf.equals(Buffer.concat(chunks))]);
      const job = attributes({
        'job-id': 1,
        'job-uri': 'ipp://localhost/ipp/print/1',
        'job-state': JobState.pendingHeld,
        'job-state-reasons': ['job-held-for-release'],
      });
      return answer(message, Status.successfulOk, { groups: [{ kind: 'job', attributes: job }] });
    },
  );
  for (const how of ['-L', '-c']) {
    t.regex(
      await ipptool(server, [how, '-tv', '-f', file], 'print-job.test'),
      /job-state \(enum\) = pending-held/,
    );
  }
  t.deepEqual(received, [
    ['length', true],
    ['chunked', true],
  ]);
  t.deepEqual(server.errors, []);
});

async function ipptool({ port }: TestServer, options: string[], suite: string): Promise<string> {
  const uri = `ipp://127.0.0.1:${port}/ipp/print`;
  const tool = PeerProcess.start(programPath('ipptool'), [...options, uri, suite]);
  await tool.exit();
  return tool.output;
}
