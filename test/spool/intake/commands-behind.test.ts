// Printer commands behind a document that begins as a harmless one are refused, and nothing of it is kept.
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { Attributes } from '../../../ipp/model.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import { IntakeUnderTest, PDF } from './intake-under-test.ts';

const COMMANDS = Buffer.from('\x1b%-12345X@PJL DEFAULT PASSWORD=1\r\n', 'latin1');
const JPEG = Buffer.from('\xff\xd8\xff\xe0\0\x10JFIF', 'latin1');

async function* cut(...pieces: Buffer[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield piece;
}

const LONG = Buffer.concat([PDF, Buffer.alloc(100_000, '%')]);

const SENT: readonly (readonly [string, () => Buffer | AsyncIterable<Buffer>, Record<string, string>])[] = [
  ['a short PDF', () => Buffer.concat([PDF, COMMANDS]), { 'document-format': 'application/pdf' }],
  ['a long PDF', () => Buffer.concat([LONG, COMMANDS]), { 'document-format': 'application/pdf' }],
  ['a JPEG', () => Buffer.concat([JPEG, Buffer.alloc(5000), COMMANDS]), { 'document-format': 'image/jpeg' }],
  ['a document of no format', () => Buffer.concat([LONG, COMMANDS]), {}],
  [
    'a PDF, cut within the commands',
    () => cut(LONG, COMMANDS.subarray(0, 4), COMMANDS.subarray(4)),
    { 'document-format': 'application/pdf' },
  ],
  [
    'a packed PDF',
    () => gzipSync(Buffer.concat([LONG, COMMANDS])),
    { 'document-format': 'application/pdf', compression: 'gzip' },
  ],
];

for (const [what, document, attributes] of SENT) {
  test(`printer commands behind ${what} are refused`, async (t) => {
    const intake = await new IntakeUnderTest().start(t);
    const { status, message } = await intake.ask({
      operation: Operation.printJob,
      attributes,
      document: document(),
    });
    t.is(status, 'client-error-document-format-error');
    t.regex(
      read(message.groups[0]?.attributes ?? new Attributes(), 'status-message') ?? '',
      /commands for the printer/,
    );
    t.is([...intake.jobs.all()].filter((job) => job.document !== undefined).length, 0);
  });
}
