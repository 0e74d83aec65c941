// What Windows, iOS, macOS, Android, ChromeOS and CUPS send, and what each must hear (the bug reports stand beside it).
import { read } from '../../../ipp/vocabulary/read.ts';
import { has, type Need, PARALLEL_ADDRESSES, takes, tell } from './client.ts';

const A4 = {
  'media-size': { 'x-dimension': 21_000, 'y-dimension': 29_700 },
  'media-top-margin': 423,
  'media-bottom-margin': 423,
  'media-left-margin': 423,
  'media-right-margin': 423,
};

/** OpenPrinting/cups#859: the driver hangs at "connecting" when a tray is called by a bare number. */
const NO_NUMBERED_TRAYS: Need = [
  'no tray is called by a bare number',
  (printer) => !(read(printer, 'media-source-supported') ?? []).some((source) => /^\d+$/.test(source)),
];

const RIGHT_HOST: Need = [
  'the first address has the host and port that it asked at',
  (printer, intake) => read(printer, 'printer-uri-supported')?.[0] === `ipp://${intake.authority}/ipp/print`,
];

const OPEN_ADDRESS: Need = [
  'an address without TLS and password',
  (printer) => {
    const security = read(printer, 'uri-security-supported') ?? [];
    const authentication = read(printer, 'uri-authentication-supported') ?? [];
    return security.some(
      (each, index) => each === 'none' && authentication[index] === 'requesting-user-name',
    );
  },
];

/** Without it iOS offers no sizes of paper (OpenPrinting/cups#738, #1224). */
const READY_IN_DETAIL: Need = [
  'every loaded paper with its size',
  (printer) => {
    const ready = read(printer, 'media-col-ready') ?? [];
    return ready.length > 0 && ready.every((media) => media['media-size']?.['x-dimension'] !== undefined);
  },
];

const NO_DATABASE: Need = ['no media-col-database unasked', (printer) => !printer.has('media-col-database')];

const UUID: Need = [
  'a UUID',
  (printer) => /^urn:uuid:[0-9a-f-]{36}$/.test(read(printer, 'printer-uuid') ?? ''),
];

/** apple/cups#6020 */
tell({
  name: 'Windows: the probe in IPP/1.0',
  version: { major: 1, minor: 0 },
  user: 'DESKTOP-1\\ada',
  requested: ['printer-uuid', 'printer-uri-supported', 'printer-state'],
  needs: [UUID, RIGHT_HOST, ...has('printer-state')],
  format: 'application/pdf',
  validates: true,
  way: 'print-job',
  ticket: {},
});

tell({
  name: 'Windows: the IPP class driver',
  version: { major: 2, minor: 0 },
  user: 'ada',
  needs: [
    UUID,
    RIGHT_HOST,
    PARALLEL_ADDRESSES,
    NO_NUMBERED_TRAYS,
    ...has(
      'media-default',
      'media-supported',
      'printer-device-id',
      'mopria-certified',
      'printer-dns-sd-name',
    ),
    ...has('pwg-raster-document-resolution-supported', 'pwg-raster-document-type-supported'),
    takes('image/pwg-raster'),
    NO_DATABASE,
  ],
  format: 'image/pwg-raster',
  validates: true,
  way: 'create-job',
  ticket: { 'media-col': A4, sides: 'two-sided-long-edge', 'print-color-mode': 'color', copies: 1 },
});

tell({
  name: 'iOS: AirPrint',
  version: { major: 2, minor: 0 },
  user: 'mobile',
  needs: [
    ...has('urf-supported', 'media-ready', 'media-col-ready', 'media-col-supported', 'finishings-supported'),
    ...has('print-color-mode-supported', 'pdf-versions-supported', 'printer-icons', 'printer-name'),
    READY_IN_DETAIL,
    takes('image/urf'),
    UUID,
  ],
  format: 'image/urf',
  validates: true,
  way: 'print-job',
  ticket: { 'media-col': A4, 'print-quality': 4, 'print-color-mode': 'auto', sides: 'one-sided' },
});

tell({
  name: 'macOS',
  version: { major: 2, minor: 0 },
  user: 'ada',
  requested: ['all', 'media-col-database'],
  needs: [
    ...has('media-col-database', 'urf-supported', 'printer-icons', 'printer-more-info', 'printer-device-id'),
    takes('application/pdf'),
    READY_IN_DETAIL,
  ],
  format: 'application/pdf',
  validates: true,
  way: 'create-job',
  ticket: {
    'media-col': { ...A4, 'media-source': 'auto' },
    copies: 2,
    'page-ranges': [{ lower: 1, upper: 2 }],
  },
});

tell({
  name: 'Android: the print service',
  version: { major: 2, minor: 0 },
  user: 'Pixel 8',
  requested: [
    ...['printer-uri-supported', 'uri-security-supported', 'uri-authentication-supported', 'printer-uuid'],
    ...['document-format-supported', 'media-supported', 'media-col-ready', 'media-ready', 'sides-supported'],
    ...['print-color-mode-supported', 'pwg-raster-document-sheet-back', 'ipp-versions-supported'],
    ...['media-left-margin-supported', 'printer-name', 'printer-info', 'color-supported'],
  ],
  needs: [PARALLEL_ADDRESSES, OPEN_ADDRESS, UUID, takes('image/pwg-raster'), takes('application/pdf')],
  format: 'image/pwg-raster',
  validates: true,
  way: 'create-job',
  ticket: { media: 'iso_a4_210x297mm', 'print-color-mode': 'monochrome', sides: 'one-sided', copies: 1 },
});

tell({
  name: 'ChromeOS',
  version: { major: 2, minor: 0 },
  user: 'chronos',
  requested: [
    ...['printer-make-and-model', 'printer-info', 'ipp-versions-supported', 'ipp-features-supported'],
    ...['document-format-supported', 'job-password-supported', 'printer-state', 'printer-state-reasons'],
    ...['media-col-database', 'media-col-default', 'sides-supported', 'print-color-mode-supported'],
  ],
  needs: [
    ...has('printer-make-and-model', 'media-col-database', 'printer-state-reasons'),
    [
      'IPP Everywhere, so that it needs no driver',
      (printer) => read(printer, 'ipp-features-supported')?.includes('ipp-everywhere') === true,
    ],
  ],
  format: 'application/pdf',
  validates: false,
  way: 'create-job',
  ticket: { 'media-col': A4, 'output-bin': 'face-down', sides: 'two-sided-short-edge' },
});

tell({
  name: 'CUPS: lp to a queue made with -m everywhere',
  version: { major: 2, minor: 0 },
  user: 'ada',
  requested: ['all', 'media-col-database'],
  needs: [
    ...has('media-col-database', 'operations-supported', 'printer-resolution-supported', 'urf-supported'),
    ...has('pwg-raster-document-resolution-supported', 'print-quality-supported', 'output-bin-supported'),
    takes('application/pdf'),
  ],
  format: 'application/pdf',
  validates: true,
  way: 'create-job',
  ticket: {
    copies: 1,
    'media-col': A4,
    'print-color-mode': 'color',
    'multiple-document-handling': 'separate-documents-collated-copies',
  },
});
