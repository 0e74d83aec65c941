// What a conversion may cost: past each bound it ends, with its children, and says why.
import test from 'ava';
import { Bytes, Milliseconds } from '../../../../base/units.ts';
import { officePrinter } from '../../../../drivers/printers/office-printer.ts';
import { Attributes } from '../../../../ipp/model.ts';
import type { ConversionBounds } from '../../../../spool/formats/conversion/commands.ts';
import { troubleOf } from '../../../../spool/formats/conversion/converter.ts';
import { served } from '../../../../spool/formats/conversion/served.ts';
import { peerTest, programPath } from '../../../peers/require-peer.ts';
import { pdfOf } from '../pages/pdf-files.ts';
import { converterWith } from './converting.ts';

const peer = peerTest(test, ['gs']);
const PRINTER = served(officePrinter(['image/pwg-raster']), { ghostscript: true });
const DOCUMENT = { format: 'application/pdf', ticket: new Attributes(), required: [], count: undefined };

async function* chunksOf(octets: Buffer): AsyncGenerator<Uint8Array> {
  yield octets;
}

for (const [what, bounds, said] of [
  ['time', { time: Milliseconds(1) }, /^conversion \(time\)/],
  [
    'the size of a document',
    { document: Bytes(100) },
    /^conversion \(too-large\): the document has more than 100/,
  ],
  ['what comes out', { output: Bytes(1000) }, /^conversion \(too-large\): more than 1000/],
] as const satisfies readonly (readonly [string, Partial<ConversionBounds>, RegExp])[]) {
  peer(`past the bound of ${what} nothing comes out`, async (t) => {
    const converter = converterWith({ ghostscript: programPath('gs') }, undefined, undefined, bounds);
    const serving = converter.decide(DOCUMENT, PRINTER);
    if (typeof serving !== 'object') throw new Error('not converted');
    const conversion = serving.convert(chunksOf(await pdfOf(2)));
    await t.throwsAsync(conversion.next(), { code: 'document-unreadable' });
    t.regex(troubleOf(conversion, undefined)?.detail ?? '', said);
    await conversion.return();
  });
}

peer('a document that no printer could open is not called one that this printer cannot print', async (t) => {
  const converter = converterWith({ ghostscript: programPath('gs') });
  const serving = converter.decide(DOCUMENT, PRINTER);
  if (typeof serving !== 'object') throw new Error('not converted');
  const conversion = serving.convert(chunksOf(Buffer.from('%PDF-1.4\nand nothing of a PDF')));
  await t.throwsAsync(conversion.next(), { code: 'document-unreadable' });
  t.is(troubleOf(conversion, { kind: 'damaged' })?.reason, 'document-unreadable');
  t.is(troubleOf(conversion, { kind: 'password' })?.reason, 'document-unreadable');
  t.is(troubleOf(conversion, { kind: 'counted', pages: 1 })?.reason, 'format-refused');
  await conversion.return();
});

test('past so many at once a job waits as for a busy printer', (t) => {
  const converter = converterWith({ ghostscript: '/usr/bin/gs' }, undefined, undefined, { atOnce: 0 });
  t.is(converter.decide(DOCUMENT, PRINTER), 'busy');
  t.is(converter.decide(DOCUMENT, officePrinter(['application/pdf'])), 'as-is');
});
