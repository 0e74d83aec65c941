/** What a document is, by its first octets. Looks at a few octets only; nothing is parsed. */

/** Octets that {@link sniffFormat} wants to see: a PDF header may stand within the first kilobyte (ISO 32000-1 Annex H). */
export const SNIFF_LENGTH = 1024;

const SIGNATURES: readonly (readonly [format: string, octets: string])[] = [
  ['image/pwg-raster', 'RaS2PwgR'],
  ['image/urf', 'UNIRAST\0'],
  ['application/postscript', '%!'],
  ['application/vnd.hp-PCL', '\x1bE'],
  ['application/vnd.hp-PJL', '\x1b%-12345X'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/png', '\x89PNG\r\n\x1a\n'],
  ['application/zip', 'PK\x03\x04'],
];

/** The media type that these octets show, or undefined when they show none that is known here. */
export function sniffFormat(head: Buffer): string | undefined {
  const start = head.toString('latin1', 0, SNIFF_LENGTH);
  const known = SIGNATURES.find(([, octets]) => start.startsWith(octets));
  if (known !== undefined) return known[0];
  return start.includes('%PDF-') ? 'application/pdf' : undefined;
}

/** Formats whose documents always begin with a known signature; one without it is something else. */
export function hasSignature(format: string): boolean {
  return format === 'application/pdf' || SIGNATURES.some(([each]) => each === format);
}
