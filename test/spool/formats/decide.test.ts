// What a document counts as: what the client says of it against its first octets.
import test from 'ava';
import { statusName } from '../../../ipp/vocabulary/status.ts';
import { decideFormat } from '../../../spool/formats/decide.ts';
import { offeredFormats } from '../../../spool/formats/media-types.ts';
import { sniffFormat } from '../../../spool/formats/sniff.ts';

const EXIT = '\x1b%-12345X';

const SEEN: readonly (readonly [string, string, string | undefined])[] = [
  ['a PDF', '%PDF-1.7\n', 'application/pdf'],
  ['a PDF behind blank lines', `${'\n'.repeat(1000)}%PDF-2.0\n`, 'application/pdf'],
  ['a PDF header past the first kilobyte', `${' '.repeat(1024)}%PDF-1.7`, 'text/plain'],
  ['PCLm', '%PDF-1.7\n%PCLm 1.0\n', 'application/pclm'],
  ['PWG Raster', 'RaS2PwgRaster\0', 'image/pwg-raster'],
  ['raster of CUPS', 'RaS2\0\0\0\0', 'application/vnd.cups-raster'],
  ['raster of CUPS, uncompressed and little-endian', '3SaR\0\0\0\0', 'application/vnd.cups-raster'],
  ['Apple Raster', 'UNIRAST\0\0\0\0\0', 'image/urf'],
  ['JPEG', '\xff\xd8\xff\xe0', 'image/jpeg'],
  ['PNG', '\x89PNG\r\n\x1a\n\0', 'image/png'],
  ['TIFF', 'II*\0', 'image/tiff'],
  ['PostScript', '%!PS-Adobe-3.0\n', 'application/postscript'],
  ['PostScript as Windows sends it', '\x04%!PS-Adobe-3.0\n', 'application/postscript'],
  ['PostScript that says it is a PDF', '%!PS-Adobe-3.0 PDF-1.4\n%PDF-1.4', 'application/postscript'],
  [
    'PostScript behind PJL',
    `${EXIT}@PJL JOB\r\n@PJL ENTER LANGUAGE = POSTSCRIPT\r\n%!`,
    'application/postscript',
  ],
  ['PCL behind PJL', `${EXIT}@PJL ENTER LANGUAGE=PCL\r\n\x1bE`, 'application/vnd.hp-pcl'],
  ['PCL XL behind PJL', `${EXIT}@PJL enter language=PCLXL\n`, 'application/vnd.hp-pclxl'],
  ['settings in PJL', `${EXIT}@PJL DEFAULT PASSWORD=1\r\n`, 'application/vnd.hp-pjl'],
  ['PJL before a PDF', `${EXIT}@PJL DEFAULT X=1\r\n%PDF-1.7`, 'application/vnd.hp-pjl'],
  ['PJL behind blanks before a PDF', `  ${EXIT}@PJL DEFAULT X=1\r\n%PDF-1.7`, 'application/vnd.cups-raw'],
  ['PostScript behind a comment before a PDF', '%x\n%!PS\n%PDF-1.7', 'application/postscript'],
  ['HP-GL, which has no escapes, before a PDF', 'IN;SP1;PU0,0;\n%PDF-1.7', 'application/vnd.cups-raw'],
  ['an escape of eight bits before a PDF', '\x9b0m%PDF-1.7', 'application/vnd.cups-raw'],
  ['a byte order mark before a PDF', '\xef\xbb\xbf\r\n%PDF-1.7', 'application/pdf'],
  ['PostScript behind the header of a JPEG', '\xff\xd8\xff\xe0\n%!PS-Adobe-3.0\n', 'application/postscript'],
  ['PJL behind the header of a PNG', '\x89PNG\r\n\x1a\n@PJL DEFAULT X=1\r\n', 'application/vnd.cups-raw'],
  ['PCL', '\x1bE\x1b&l0O', 'application/vnd.hp-pcl'],
  ['PCL without a reset', '\x1b*t300R', 'application/vnd.hp-pcl'],
  ['PCL XL', ') HP-PCL XL;2;0;', 'application/vnd.hp-pclxl'],
  ['another escape', '\x1b@', 'application/vnd.cups-raw'],
  ['an Office file', 'PK\x03\x04', 'application/zip'],
  ['text', 'Dear Sir,\n\tno.\f', 'text/plain'],
  ['noise', '\x01\x02\x03', undefined],
  ['nothing', '', undefined],
];

for (const [what, octets, expected] of SEEN) {
  test(`seen: ${what}: ${expected}`, (t) => {
    t.is(sniffFormat(Buffer.from(octets, 'latin1')), expected);
  });
}

const OFFICE = ['application/pdf', 'image/jpeg', 'application/octet-stream'];

const DECIDED: readonly (readonly [string, string, string, string])[] = [
  ['application/pdf', '%PDF-1.7', 'application/pdf', 'as it says'],
  ['Application/PDF', '%PDF-1.7', 'application/pdf', 'in capitals'],
  ['application/pdf', '%PDF-1.7\n%PCLm 1.0', 'application/pdf', 'PCLm is PDF'],
  ['application/octet-stream', '\xff\xd8\xff', 'image/jpeg', 'found out'],
  [
    'application/octet-stream',
    'RaS2PwgR',
    'client-error-document-format-not-supported',
    'found out, not taken',
  ],
  ['application/octet-stream', '%!PS', 'client-error-document-format-not-supported', 'PostScript, not taken'],
  [
    'application/pdf',
    `${EXIT}@PJL`,
    'client-error-document-format-error',
    'commands under the name of a PDF',
  ],
  ['application/pdf', 'hello', 'client-error-document-format-error', 'text under the name of a PDF'],
  ['image/jpeg', '%PDF-1.7', 'client-error-document-format-error', 'one for another'],
  ['application/vnd.example', '\x01', 'application/vnd.example', 'nothing speaks against it'],
  [
    'application/vnd.example',
    '%!PS',
    'client-error-document-format-error',
    'PostScript under an unknown name',
  ],
];

for (const [declared, octets, expected, why] of DECIDED) {
  test(`decided: ${declared} for ${JSON.stringify(octets)} (${why})`, (t) => {
    const decision = decideFormat(declared, Buffer.from(octets, 'latin1'), OFFICE);
    t.is(decision.kind === 'taken' ? decision.format : statusName(decision.status), expected);
  });
}

test('the client hears what its document is', (t) => {
  const told = (declared: string, octets: string) => {
    const decision = decideFormat(declared, Buffer.from(octets, 'latin1'), OFFICE);
    return decision.kind === 'refused' ? decision.message : '';
  };
  t.is(
    told('application/octet-stream', '%!PS'),
    'the document is PostScript, which this printer does not take from here',
  );
  t.is(told('application/pdf', '\x89PNG\r\n\x1a\n'), 'the document is said to be PDF, but it is PNG');
  t.is(told('application/pdf', '\x01'), 'the document is said to be PDF, but it is of an unknown format');
});

test('printer languages are offered to nobody but whose token allows them, and only if the printers take them', (t) => {
  const printers = [
    'application/pdf',
    'application/vnd.hp-PCL',
    'application/postscript',
    'image/urf',
    'text/plain',
  ];
  t.deepEqual(offeredFormats(printers), ['application/pdf', 'image/urf']);
  t.deepEqual(offeredFormats(printers, ['application/vnd.hp-pcl', 'application/vnd.hp-pclxl']), [
    'application/pdf',
    'application/vnd.hp-PCL',
    'image/urf',
  ]);
});
