/** The document formats that the gateway knows: what they are called, and which of them may come in from anybody. */

/** Said of a document whose format the client does not know; it is then looked for in the first octets. */
export const UNDECLARED = 'application/octet-stream';

interface KnownFormat {
  /** For messages to people. */
  readonly called: string;
  /**
   * A printer only draws what these hold. All others are programs: they can change a printer's settings, its start page
   * or its memory, and are taken from a submitter whose token allows them, and from nobody else.
   */
  readonly open: boolean;
}

/** Media types in lower case. */
const KNOWN: Readonly<Record<string, KnownFormat>> = {
  'application/pdf': { called: 'PDF', open: true },
  'application/pclm': { called: 'PCLm', open: true },
  'image/pwg-raster': { called: 'PWG Raster', open: true },
  'image/urf': { called: 'Apple Raster', open: true },
  'image/jpeg': { called: 'JPEG', open: true },
  'image/png': { called: 'PNG', open: true },
  'image/tiff': { called: 'TIFF', open: true },
  'application/postscript': { called: 'PostScript', open: false },
  'application/vnd.hp-pcl': { called: 'PCL', open: false },
  'application/vnd.hp-pclxl': { called: 'PCL XL', open: false },
  'application/vnd.hp-pjl': { called: 'PJL', open: false },
  'application/vnd.cups-raster': { called: 'CUPS Raster', open: false },
  'application/vnd.cups-raw': { called: 'a printer language', open: false },
  'application/zip': { called: 'a ZIP or Office file', open: false },
  'text/plain': { called: 'plain text', open: false },
};

/** Every open format has a signature, so that a document without it is known to be something else. */
export function isOpen(format: string): boolean {
  return KNOWN[format.toLowerCase()]?.open === true;
}

/** Whether such a document may hold commands for the printer. What is not known here may. */
export function isProgram(format: string): boolean {
  const name = format.toLowerCase();
  return name !== UNDECLARED && name !== 'text/plain' && name !== 'application/zip' && !isOpen(name);
}

/** What people call the format; undefined when it is not known here. */
export function nameOf(format: string): string | undefined {
  return KNOWN[format.toLowerCase()]?.called;
}

/**
 * What a client may send of the formats that a queue's printers take: the open ones, and those that it was allowed.
 * @param allowed media types that the client's token allows.
 */
export function offeredFormats(
  takenByPrinters: readonly string[],
  allowed: readonly string[] = [],
): string[] {
  const extra = new Set(allowed.map((format) => format.toLowerCase()));
  return takenByPrinters.filter((format) => isOpen(format) || extra.has(format.toLowerCase()));
}
