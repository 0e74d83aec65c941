/** The page behind `printer-more-info`: what this queue is, and how to print to it. */
import type { Queue } from '../../queue.ts';

export interface QueuePage {
  readonly queue: Queue;
  /** `ipp://print.example.org/ipp/print` */
  readonly printerUri: string;
  /** A sentence about how the queue does. */
  readonly state: string;
  readonly formats: readonly string[];
  /** Where the icon of 128 pixels lies. */
  readonly icon: string;
}

const NAMES: Readonly<Record<string, string>> = {
  'application/pdf': 'PDF',
  'application/postscript': 'PostScript',
  'image/jpeg': 'JPEG',
  'image/pwg-raster': 'PWG Raster',
  'image/urf': 'Apple Raster',
};

const STYLE =
  'body{font:16px/1.5 sans-serif;max-width:42em;margin:2em auto;padding:0 1em;color:#1a2a3a}' +
  'h1{font-size:1.5em}code{background:#eef;padding:.1em .3em;overflow-wrap:anywhere}img{float:right}';

/** A whole HTML page; everything that varies is escaped. */
export function queuePage({ queue, printerUri, state, formats, icon }: QueuePage): string {
  const name = escaped(queue.info);
  const where = queue.location === '' ? '' : `<p>Where: ${escaped(queue.location)}</p>`;
  const kinds = formats.map((format) => NAMES[format] ?? format).map(escaped);
  const uri = escaped(printerUri);
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${name}</title><style>${STYLE}</style></head><body>
<img src="${escaped(icon)}" width="128" height="128" alt="">
<h1>${name}</h1>
<p>${escaped(state)}</p>
${where}
<p>${escaped(HOW[queue.release])}</p>
<h2>How to print to it</h2>
<p>Most devices on the same network find it by themselves: choose “${name}” in the list of printers. Otherwise add it by its
address:</p>
<p><code>${uri}</code></p>
<ul>
<li>Windows 10 and 11: Settings, Bluetooth &amp; devices, Printers &amp; scanners, Add device, Add manually, “Add a printer using
an IP address or hostname”, device type “IPP Device”.</li>
<li>macOS: System Settings, Printers &amp; Scanners, Add Printer, the globe; protocol “Internet Printing Protocol”.</li>
<li>Linux: <code>lpadmin -p holdfast -E -v ${uri} -m everywhere</code></li>
<li>iPhone, iPad, Android: in the print dialogue of any app, when they are on the same network.</li>
</ul>
<p>It takes ${kinds.join(', ')}.</p>
</body></html>
`;
}

const HOW = {
  'at-panel':
    'What you print here is kept, encrypted, until you come to a printer and sign in there. Nobody else can pick it up, and what you do not fetch is deleted after a while.',
  immediately: 'What you print here is printed at once.',
} as const satisfies Record<Queue['release'], string>;

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? '');
}
