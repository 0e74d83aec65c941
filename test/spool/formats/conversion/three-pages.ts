/** A PDF with text, a picture, colours and a landscape page among three; and what it looks like. Made by Ghostscript, drawn by Poppler. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programPath } from '../../../peers/require-peer.ts';
import { type DrawnPage, readPixmaps } from './drawn-pages.ts';
import { turned } from './likeness.ts';

const run = promisify(execFile);

const TEXT = Array.from(
  { length: 24 },
  (_, line) =>
    `36 ${760 - line * 14} moveto (${line} Held where nobody stands, and printed where they do.) show`,
).join('\n');

/** Of the picture: dark and light without an order that turning would keep. */
const SHADES = Buffer.from(
  Array.from({ length: 192 }, (_, index) => (index * 97 + index * index) % 251),
).toString('hex');

const PAGES = `%!PS-Adobe-3.0
/Helvetica findfont 11 scalefont setfont
<< /PageSize [595.276 841.89] >> setpagedevice
${TEXT}
0.8 0.1 0.1 setrgbcolor 300 60 200 120 rectfill
0.1 0.2 0.8 setrgbcolor 60 60 90 240 rectfill
showpage
<< /PageSize [841.89 595.276] >> setpagedevice
0 setgray /Helvetica-Bold findfont 40 scalefont setfont 60 500 moveto (Landscape) show
gsave 80 60 translate 400 300 scale
16 12 8 [16 0 0 12 0 0] { <${SHADES}> } image
grestore
0.1 0.7 0.2 setrgbcolor 560 60 200 60 rectfill
showpage
<< /PageSize [595.276 841.89] >> setpagedevice
0 setgray /Helvetica-Bold findfont 60 scalefont setfont 60 100 moveto (Three) show
0.9 0.7 0.1 setrgbcolor 60 600 300 150 rectfill
showpage
`;

export interface ThreePages {
  readonly pdf: Buffer;
  /** As they lie on A4 upright: in colour. */
  readonly pictures: readonly DrawnPage[];
}

export async function threePages(folder: string): Promise<ThreePages> {
  const [source, target] = [join(folder, 'pages.ps'), join(folder, 'pages.pdf')];
  await writeFile(source, PAGES);
  await run(programPath('gs'), [
    '-q',
    '-dSAFER',
    '-dBATCH',
    '-dNOPAUSE',
    '-sDEVICE=pdfwrite',
    '-o',
    target,
    source,
  ]);
  const pictures = await draw(target);
  return {
    pdf: await readFile(target),
    pictures: pictures.map((each) => (each.width > each.height ? turned(each) : each)),
  };
}

/** What Poppler makes of a PDF, 100 dots per inch. */
export async function draw(pdf: string): Promise<DrawnPage[]> {
  const { stdout } = await run(programPath('pdftoppm'), ['-r', '100', pdf], {
    encoding: 'buffer',
    maxBuffer: 256 * 2 ** 20,
  });
  return readPixmaps(stdout);
}
