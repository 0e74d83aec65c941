/** The parameters that make Ghostscript draw a PDF for a printer: a pure function. */
import { APPLE_RASTER, PCL, PCL_XL, POSTSCRIPT, PWG_RASTER } from './paths.ts';
import type { Drawing } from './plan.ts';

/** 1/100 mm in a point. */
const POINT = 2540 / 72;
/** Whole pages are drawn in memory up to this; larger ones in bands, which are kept in memory too. */
const PAGE_MEMORY = 128 * 2 ** 20;

/** The document is standard input, which must be a file: a PDF is read from its end. */
const DOCUMENT = '/proc/self/fd/0';

/** What is written to standard error when all is drawn: `holdfast-pages 3`. */
export const PAGES_TOLD = /^holdfast-pages (\d{1,9})$/m;

export function ghostscriptParameters(drawing: Drawing): string[] {
  const { ranges, copies, sides } = drawing;
  const again = sides === 'one-sided' ? [DOCUMENT] : ['-c', NEXT_ON_A_FRONT, '-f', DOCUMENT];
  return [
    '-q',
    '-dSAFER',
    '-dBATCH',
    '-dNOPAUSE',
    '-dNOPROMPT',
    '-sstdout=%stderr',
    '-sOutputFile=%stdout',
    '-sBandListStorage=memory',
    `-dMaxBitmap=${PAGE_MEMORY}`,
    ...device(drawing),
    ...(ranges === undefined ? [] : [`-sPageList=${ranges.map(textOf).join(',')}`]),
    '-c',
    paper(drawing),
    '-f',
    DOCUMENT,
    ...Array.from({ length: copies - 1 }, () => again).flat(),
    '-c',
    'currentpagedevice /PageCount get (holdfast-pages ) print = flush',
  ];
}

const textOf = ({ lower, upper }: { readonly lower: number; readonly upper: number }): string =>
  `${lower}-${upper}`;

/** A copy with an odd number of pages is followed by an empty back. */
const NEXT_ON_A_FRONT = 'currentpagedevice /PageCount get 2 mod 1 eq { showpage } if';

function device({ to, type, resolution, sides }: Drawing): string[] {
  const density = `-r${resolution.cross}x${resolution.feed}`;
  const duplex = sides !== 'one-sided';
  const backs = [`-dDuplex=${duplex}`, `-dTumble=${sides === 'two-sided-short-edge'}`];
  switch (to) {
    case PWG_RASTER:
    case APPLE_RASTER:
      return ['-sDEVICE=pwgraster', density, ...PIXELS[type]];
    case PCL_XL:
      // Each page of PCL XL says its sides, and goes before what the printer was told of them beside it.
      return [`-sDEVICE=${type === 'srgb_8' ? 'pxlcolor' : 'pxlmono'}`, density, ...backs];
    case PCL:
      return ['-sDEVICE=ljet4', density];
    case POSTSCRIPT:
      return ['-sDEVICE=ps2write', '-dAutoRotatePages=/None', ...(type === 'srgb_8' ? [] : GREY)];
    default:
      throw new RangeError(`nothing draws ${to}`);
  }
}

/** `cupsColorSpace` as in PWG 5102.4: 3 black, 18 sGray, 19 sRGB. */
const PIXELS = {
  black_1: ['-dcupsColorSpace=3', '-dcupsBitsPerColor=1'],
  sgray_8: ['-dcupsColorSpace=18', '-dcupsBitsPerColor=8'],
  srgb_8: ['-dcupsColorSpace=19', '-dcupsBitsPerColor=8'],
} as const satisfies Record<Drawing['type'], readonly string[]>;

const GREY = ['-sColorConversionStrategy=Gray', '-dProcessColorModel=/DeviceGray'];

/** `Policies` of `PageSize` (PostScript Language Reference §6.2.1; 13 is Ghostscript's own). */
const POLICIES = {
  /** Pages that are too large are made smaller, all are turned to the paper and centred. */
  shrink: 3,
  /** Larger too. */
  fit: 13,
  /** Nothing but turned. */
  none: 5,
} as const;

/** One kind of paper is there, whatever pages the document has. */
function paper({ medium, scaling }: Drawing): string {
  const size = `[${points(medium.width)} ${points(medium.length)}]`;
  return [
    `<< /PageSize ${size}`,
    '/InputAttributes currentpagedevice /InputAttributes get dup length 1 add dict copy',
    'dup { pop 1 index exch null put } forall',
    `dup 0 << /PageSize ${size} >> put`,
    `/Policies << /PageSize ${POLICIES[scaling]} >> >> setpagedevice`,
  ].join(' ');
}

/** For a printer that learns of sides from the document alone. */
export function postScriptPrologue({ sides }: Drawing): string {
  const tumble = sides === 'two-sided-short-edge';
  return `%!PS-Adobe-3.0\n<< /Duplex ${sides !== 'one-sided'} /Tumble ${tumble} >> setpagedevice\n`;
}

const points = (hundredths: number): string => (hundredths / POINT).toFixed(3);
