/** The documents that ipptool's suites print. Debian ships none, so Ghostscript makes them here, from a page of our own. */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { programPath } from './require-peer.ts';

const run = promisify(execFile);

/** Two pages with something to see on each. */
const PAGES = `%!PS-Adobe-3.0
%%Pages: 2
/Helvetica findfont 24 scalefont setfont
0.1 0.3 0.7 setrgbcolor 36 36 144 72 rectfill
0 setgray 36 200 moveto (Holdfast: page one) show showpage
0 setgray 36 200 moveto (Holdfast: page two) show showpage
`;

/** PWG Raster types with Ghostscript's cupsColorSpace and cupsBitsPerColor (PWG 5102.4 §4.3). */
const RASTER_TYPES = {
  'black-1': [3, 1],
  'sgray-8': [18, 8],
  'srgb-8': [19, 8],
  'srgb-16': [19, 16],
  'cmyk-8': [6, 8],
} as const;

export const RASTER_RESOLUTIONS = [150, 180, 300, 360, 600, 720] as const;

/** Name, its source, and what makes Ghostscript draw on that paper. */
const RASTER_SAMPLES = [
  ['document-a4', 'document-a4.pdf', ['-sPAPERSIZE=a4']],
  ['document-letter', 'document-letter.pdf', ['-sPAPERSIZE=letter']],
  ['onepage-a4', 'document-a4.pdf', ['-sPAPERSIZE=a4', '-dLastPage=1']],
  ['onepage-letter', 'document-letter.pdf', ['-sPAPERSIZE=letter', '-dLastPage=1']],
  ['color.jpg-4x6', 'document-letter.pdf', photo()],
  ['gray.jpg-4x6', 'document-letter.pdf', photo()],
] as const;

function photo(): string[] {
  return [
    '-dDEVICEWIDTHPOINTS=288',
    '-dDEVICEHEIGHTPOINTS=432',
    '-dFIXEDMEDIA',
    '-dPDFFitPage',
    '-dLastPage=1',
  ];
}

/** PDF, PostScript and JPEG under the names that the suites ask for. */
export async function makeDocuments(folder: string): Promise<void> {
  for (const size of ['a4', 'letter']) {
    const source = join(folder, `document-${size}.ps`);
    await writeFile(source, PAGES);
    await ghostscript('pdfwrite', join(folder, `document-${size}.pdf`), [`-sPAPERSIZE=${size}`, source]);
  }
  const photo = ['-r72', '-dLastPage=1', join(folder, 'document-a4.ps')];
  await ghostscript('jpeg', join(folder, 'color.jpg'), photo);
  await ghostscript('jpeggray', join(folder, 'gray.jpg'), photo);
}

/** The raster samples of these resolutions; the suite skips what is not there. Needs {@link makeDocuments} before. */
export async function makeRasters(folder: string, resolutions: readonly number[]): Promise<void> {
  for (const resolution of resolutions) {
    for (const [type, [space, bits]] of Object.entries(RASTER_TYPES)) {
      for (const [name, source, parameters] of RASTER_SAMPLES) {
        const target = join(
          folder,
          `pwg-raster-samples-${resolution}dpi`,
          type,
          `${name}-${type}-${resolution}dpi.pwg`,
        );
        await mkdir(dirname(target), { recursive: true });
        await ghostscript('pwgraster', target, [
          ...['-sMediaClass=PwgRaster', `-r${resolution}`, `-dcupsColorSpace=${space}`],
          ...[`-dcupsBitsPerColor=${bits}`, ...parameters, join(folder, source)],
        ]);
      }
    }
  }
}

async function ghostscript(device: string, target: string, parameters: readonly string[]): Promise<void> {
  const flags = ['-q', '-dBATCH', '-dNOPAUSE', '-dSAFER', `-sDEVICE=${device}`, '-o', target];
  await run(programPath('gs'), [...flags, ...parameters]);
}
