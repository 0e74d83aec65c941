/** What a document is, by its first octets. Looks at a few octets only; nothing is parsed. */
import { EXIT } from './exit-scan.ts';
import { isOpen } from './media-types.ts';

/** Octets that {@link sniffFormat} wants to see: a PDF header may stand within the first kilobyte (ISO 32000-1 Annex H). */
export const SNIFF_LENGTH = 1024;

/** The first that fits counts. */
const SIGNATURES: readonly (readonly [format: string, octets: string])[] = [
  // Sync word, then the first member of the page header (PWG 5102.4 §4.3).
  ['image/pwg-raster', 'RaS2PwgR'],
  ['application/vnd.cups-raster', 'RaS2'],
  ['application/vnd.cups-raster', 'RaS3'],
  ['application/vnd.cups-raster', '3SaR'],
  ['application/vnd.cups-raster', '2SaR'],
  ['image/urf', 'UNIRAST\0'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/png', '\x89PNG\r\n\x1a\n'],
  ['image/tiff', 'II*\0'],
  ['image/tiff', 'MM\0*'],
  ['application/zip', 'PK\x03\x04'],
  ['application/postscript', '%!'],
  ['application/postscript', '\x04%!'],
  // Binary low and high octet first, and ASCII.
  ['application/vnd.hp-pclxl', ') HP-PCL XL;'],
  ['application/vnd.hp-pclxl', '( HP-PCL XL;'],
  ['application/vnd.hp-pclxl', "' HP-PCL XL;"],
  ['application/vnd.hp-pcl', '\x1bE'],
  ['application/vnd.hp-pcl', '\x1b&'],
  ['application/vnd.hp-pcl', '\x1b*'],
  ['application/vnd.hp-pcl', '\x1b('],
  ['application/vnd.hp-pcl', '\x1b)'],
];

const ESCAPE = '\x1b';
const LANGUAGES: Readonly<Record<string, string>> = {
  POSTSCRIPT: 'application/postscript',
  PCL: 'application/vnd.hp-pcl',
  PCLXL: 'application/vnd.hp-pclxl',
};

/** The media type, in lower case, that these octets show; undefined when they show none that is known here. */
export function sniffFormat(head: Buffer): string | undefined {
  const start = head.toString('latin1', 0, SNIFF_LENGTH);
  if (start.startsWith(EXIT) || start.startsWith('@PJL')) return languageOf(start);
  const known = SIGNATURES.find(([, octets]) => start.startsWith(octets));
  if (known !== undefined) return isOpen(known[0]) ? (hiddenLanguage(start) ?? known[0]) : known[0];
  if (start.startsWith(ESCAPE)) return 'application/vnd.cups-raw';
  return portableDocument(start) ?? (isText(head) ? 'text/plain' : undefined);
}

/** What a PJL header says that follows it. */
function languageOf(start: string): string {
  const [, language] = /@PJL\s+ENTER\s+LANGUAGE\s*=\s*(\w+)/i.exec(start) ?? [];
  return LANGUAGES[language?.toUpperCase() ?? ''] ?? 'application/vnd.hp-pjl';
}

/** A few octets of a picture's header keep a person from seeing what follows, not a printer that looks for commands. */
function hiddenLanguage(start: string): string | undefined {
  if (start.includes('%!PS')) return 'application/postscript';
  return start.includes(EXIT) || start.includes('@PJL') ? 'application/vnd.cups-raw' : undefined;
}

/** Blank, or a byte order mark of UTF-8. */
const HARMLESS = /^(?:\xef\xbb\xbf)?[\t\n\r ]*$/;

/**
 * Readers of PDF skip what stands before its header. A printer that looks there for commands first would obey them:
 * there are languages without any escape (HP-GL), so that nothing but blanks is let through.
 */
function portableDocument(start: string): string | undefined {
  const at = start.indexOf('%PDF-');
  if (at < 0) return undefined;
  const before = start.slice(0, at);
  if (before.includes('%!')) return 'application/postscript';
  if (!HARMLESS.test(before)) return 'application/vnd.cups-raw';
  return /^%PDF-1\.\d\s+%PCLm/.test(start.slice(at)) ? 'application/pclm' : 'application/pdf';
}

const TEXT_SAMPLE = 256;

/** UTF-8 without control characters but line ends, tabs and form feeds. */
function isText(head: Buffer): boolean {
  if (head.length === 0) return false;
  // A character that is cut in two at the end is no reason against it.
  const text = new TextDecoder().decode(head.subarray(0, TEXT_SAMPLE), { stream: true });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return !/[\0-\x08\x0e-\x1f\x7f\ufffd]/.test(text);
}

/** Formats whose documents always begin with a known signature; one without it is something else. */
export function hasSignature(format: string): boolean {
  return isOpen(format) || SIGNATURES.some(([each]) => each === format);
}
