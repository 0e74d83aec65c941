import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { nodeFiles } from '../../../base/files/node-files.ts';
import type { FilePort } from '../../../base/files/port.ts';
import { FilePrinter } from '../../../drivers/printers/file-printer.ts';
import { optionsFor, refusedChanges } from '../../../spool/release/choices/options.ts';
import { patternedDocument, printerDriverContract, RecordedJob } from '../../contracts/printer-driver.ts';
import { ManualClock } from '../../manual-clock.ts';
import { RecordingFiles } from '../../simulators/recording-files.ts';
import { content } from '../../spool/release/choices/sample-printers.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

function printerIn(folder: string, files: FilePort = nodeFiles): FilePrinter {
  const formats = ['application/pdf', 'image/pwg-raster'];
  return new FilePrinter({
    folder,
    makeAndModel: 'Test',
    formats,
    files,
    clock: new ManualClock(),
  });
}

/** The folder's documents in the order of their count; a hidden one would be half a document. */
async function documentsIn(folder: string): Promise<Buffer[]> {
  const count = (name: string) => Number(name.split('-')[2]);
  const names = (await readdir(folder)).sort((a, b) => count(a) - count(b));
  return Promise.all(names.map((name) => readFile(join(folder, name))));
}

printerDriverContract(test, 'file', async (t) => {
  const folder = join(await temporaryFolder(t), 'output');
  return {
    driver: printerIn(folder),
    format: 'application/pdf',
    printed: () => documentsIn(folder).catch(() => []),
  };
});

test('what a folder gets cannot be changed before, as none of a ticket is done there', async (t) => {
  const { description } = await printerIn(await temporaryFolder(t)).status();
  t.deepEqual(optionsFor(content(), description).supported, {});
  t.deepEqual(refusedChanges({ sides: 'one-sided' }, content(), description), ['sides']);
});

test('a file is named after time, count and title, with the format as its ending', async (t) => {
  const folder = await temporaryFolder(t);
  const printer = printerIn(folder);
  const { signal } = new AbortController();
  await printer.print(new RecordedJob('application/pdf', { name: 'Zażółć / gęślą.docx' }), signal);
  await printer.print(new RecordedJob('image/pwg-raster', { name: '..' }), signal);
  t.deepEqual((await readdir(folder)).sort(), [
    '20260101-000000000-1-Zażółć-gęślą-docx.pdf',
    '20260101-000000000-2-document.pwg',
  ]);
});

test('a folder that is a file is told as out of reach', async (t) => {
  const path = join(await temporaryFolder(t), 'file');
  await writeFile(path, '');
  const printer = printerIn(path);
  await t.throwsAsync(printer.status(), { code: 'unreachable', message: /cannot be used/ });
  const result = await printer.print(new RecordedJob('application/pdf'), new AbortController().signal);
  t.like(result, { outcome: 'not-printed', trouble: { reason: 'unreachable' } });
});

test('what is called completed is there after a power cut, whole and under its name', async (t) => {
  const files = new RecordingFiles();
  const document = patternedDocument(300_000);
  const job = new RecordedJob('application/pdf', { document });
  const result = await printerIn('/output', files).print(job, new AbortController().signal);
  t.is(result.outcome, 'completed');
  const left = files.powerCut();
  t.deepEqual(left.paths, ['/output/20260101-000000000-1-Report.pdf']);
  t.true(left.everything().equals(document));
});

test('a file that has its name but may lose it in a power cut is not called unprinted', async (t) => {
  const files = new RecordingFiles();
  files.syncFolder = async () => {
    throw new Error('disk full');
  };
  const result = await printerIn('/output', files).print(
    new RecordedJob('application/pdf'),
    new AbortController().signal,
  );
  t.is(result.outcome, 'unknown');
  t.is(files.paths.length, 1);
});
