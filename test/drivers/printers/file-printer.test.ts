import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { nodeFiles } from '../../../base/files/node-files.ts';
import { FilePrinter } from '../../../drivers/printers/file-printer.ts';
import { printerDriverContract, RecordedJob } from '../../contracts/printer-driver.ts';
import { ManualClock } from '../../manual-clock.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

function printerIn(folder: string): FilePrinter {
  const formats = ['application/pdf', 'image/pwg-raster'];
  return new FilePrinter({
    folder,
    makeAndModel: 'Test',
    formats,
    files: nodeFiles,
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

test('a file is named after time, count and title, with the format as its ending', async (t) => {
  const folder = await temporaryFolder(t);
  const printer = printerIn(folder);
  const { signal } = new AbortController();
  await printer.print(new RecordedJob('application/pdf', { name: 'Zażółć / gęślą.docx' }), signal);
  await printer.print(new RecordedJob('image/pwg-raster', { name: '..' }), signal);
  t.deepEqual((await readdir(folder)).sort(), [
    '20260101-000000-1-Zażółć-gęślą-docx.pdf',
    '20260101-000000-2-document.pwg',
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
