/** PDF documents: real ones by pdfkit, and hostile ones written by hand. */
import { deflateSync } from 'node:zlib';
import PDFDocument from 'pdfkit';

export interface PdfOptions {
  readonly userPassword?: string;
  readonly ownerPassword?: string;
}

export async function pdfOf(pages: number, options: PdfOptions = {}): Promise<Buffer> {
  const document = new PDFDocument({ autoFirstPage: false, pdfVersion: '1.7', ...options });
  for (let page = 1; page <= pages; page++) document.addPage().text(`Page ${page}`);
  document.end();
  const chunks: Buffer[] = [];
  for await (const chunk of document as unknown as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A file of these objects, with a right table of where they lie. The first is the catalog. */
export function pdfFile(objects: readonly (string | Buffer)[]): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  objects.forEach((content, index) => {
    offsets.push(length);
    const part = Buffer.concat([
      Buffer.from(`${index + 1} 0 obj\n`),
      Buffer.from(content),
      Buffer.from('\nendobj\n'),
    ]);
    parts.push(part);
    length += part.length;
  });
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const count = objects.length + 1;
  parts.push(
    Buffer.from(
      `xref\n0 ${count}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

const CATALOG = '<< /Type /Catalog /Pages 2 0 R >>';
const PAGE = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>';

/** One page that says that it is so many. */
export const lyingPdf = (count: number): Buffer =>
  pdfFile([CATALOG, `<< /Type /Pages /Kids [3 0 R] /Count ${count} >>`, PAGE]);

/** A page tree that is its own child. */
export const circularPdf = (): Buffer =>
  pdfFile([CATALOG, '<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000 >>']);

/** Each level has the next one ten times for its kids: 10^depth pages. */
export function hugePdf(depth: number): Buffer {
  const levels = Array.from({ length: depth }, (_, level) => {
    const kids = `${level + 3} 0 R `.repeat(10);
    return `<< /Type /Pages /Kids [${kids}] /Count ${10 ** (depth - level)} >>`;
  });
  return pdfFile([CATALOG, ...levels, PAGE]);
}

/** Arrays within arrays. */
export const deepPdf = (depth: number): Buffer =>
  pdfFile([CATALOG, `<< /Type /Pages /Kids ${'['.repeat(depth)}${']'.repeat(depth)} /Count 1 >>`]);

/** A page tree that lies in a compressed stream that inflates a thousandfold. */
export function bombPdf(megabytes: number): Buffer {
  const inflated = Buffer.alloc(megabytes * 1024 ** 2, ' ');
  inflated.write('2 0 << /Type /Pages /Kids [] /Count 1 >> ');
  // Packed twice: 200 MB are 200 kB, and those a few hundred octets.
  const packed = deflateSync(deflateSync(inflated));
  const dictionary = `<< /Type /ObjStm /N 1 /First 4 /Length ${packed.length} /Filter [/FlateDecode /FlateDecode] >>`;
  const stream = Buffer.concat([Buffer.from(`${dictionary}\nstream\n`), packed, Buffer.from('\nendstream')]);
  return withReferenceStream(stream);
}

/** Object 1 is the catalog, object 2 lies in the object stream 3, object 4 tells so. */
function withReferenceStream(objectStream: Buffer): Buffer {
  const begin = Buffer.from('%PDF-1.7\n');
  const catalog = Buffer.from(`1 0 obj\n${CATALOG}\nendobj\n`);
  const holder = Buffer.concat([Buffer.from('3 0 obj\n'), objectStream, Buffer.from('\nendobj\n')]);
  const at = (offset: number) => [offset >> 24, offset >> 16, offset >> 8, offset].map((each) => each & 0xff);
  const table = begin.length + catalog.length + holder.length;
  const entries = Buffer.from([
    ...[0, 0, 0, 0, 0, 0],
    ...[1, ...at(begin.length), 0],
    ...[2, ...at(3), 0],
    ...[1, ...at(begin.length + catalog.length), 0],
    ...[1, ...at(table), 0],
  ]);
  const dictionary = `<< /Type /XRef /Size 5 /W [1 4 1] /Root 1 0 R /Length ${entries.length} >>`;
  return Buffer.concat([
    ...[begin, catalog, holder],
    Buffer.from(`4 0 obj\n${dictionary}\nstream\n`),
    entries,
    Buffer.from(`\nendstream\nendobj\nstartxref\n${table}\n%%EOF\n`),
  ]);
}
