/** How long it takes to read and write the two kinds of message of the hot path. */
import { decodeMessage } from '../../ipp/codec/decode.ts';
import { encodeMessage } from '../../ipp/codec/encode.ts';
import { LENIENT } from '../../ipp/codec/leniency.ts';
import { RESPONSE_LIMITS } from '../../ipp/codec/limits.ts';
import type { Message } from '../../ipp/model.ts';
import { type AttributesInput, attributes } from '../../ipp/vocabulary/build.ts';
import { Operation } from '../../ipp/vocabulary/operations.ts';
import { read, readLeniently } from '../../ipp/vocabulary/read.ts';
import type { AttributeName } from '../../ipp/vocabulary/table.ts';
import { type Bench, percentile } from './bench.ts';

const ROUNDS = 20_000;
const WARM_UP = 5_000;

const media = [
  'iso_a4_210x297mm',
  'iso_a5_148x210mm',
  'iso_a3_297x420mm',
  'na_letter_8.5x11in',
  'na_legal_8.5x14in',
];
const mediaCol = (width: number, length: number) => ({
  'media-size': { 'x-dimension': width, 'y-dimension': length },
  'media-bottom-margin': 423,
  'media-left-margin': 423,
  'media-right-margin': 423,
  'media-top-margin': 423,
  'media-source': 'tray-1',
  'media-type': 'stationery',
});

const PRINTER: AttributesInput = {
  'charset-configured': 'utf-8',
  'charset-supported': ['utf-8', 'us-ascii'],
  'color-supported': true,
  'compression-supported': ['none', 'gzip', 'deflate'],
  'copies-default': 1,
  'copies-supported': { lower: 1, upper: 999 },
  'document-format-default': 'application/octet-stream',
  'document-format-supported': ['application/pdf', 'image/urf', 'image/pwg-raster', 'image/jpeg'],
  'finishings-default': [3],
  'finishings-supported': [3, 4, 20, 21, 22, 23, 28, 29, 30, 31],
  'generated-natural-language-supported': ['en', 'de', 'fr', 'it'],
  'identify-actions-default': ['flash'],
  'identify-actions-supported': ['flash', 'sound', 'display'],
  'ipp-features-supported': ['ipp-everywhere', 'airprint-2.1'],
  'ipp-versions-supported': ['1.0', '1.1', '2.0'],
  'job-creation-attributes-supported': [
    'copies',
    'media',
    'media-col',
    'sides',
    'print-quality',
    'finishings',
  ],
  'job-hold-until-default': 'no-hold',
  'job-hold-until-supported': ['no-hold', 'indefinite'],
  'job-ids-supported': true,
  'media-bottom-margin-supported': [423],
  'media-col-default': mediaCol(21000, 29700),
  'media-col-ready': [mediaCol(21000, 29700), mediaCol(29700, 42000)],
  'media-col-supported': ['media-size', 'media-source', 'media-type', 'media-top-margin', 'media-color'],
  'media-default': 'iso_a4_210x297mm',
  'media-ready': media.slice(0, 2),
  'media-size-supported': media.map((_, index) => ({ 'x-dimension': 10000 + index, 'y-dimension': 20000 })),
  'media-source-supported': ['auto', 'tray-1', 'tray-2', 'by-pass-tray'],
  'media-supported': media,
  'media-type-supported': ['stationery', 'stationery-letterhead', 'labels', 'envelope'],
  'multiple-document-jobs-supported': false,
  'multiple-operation-time-out': 120,
  'natural-language-configured': 'en',
  'operations-supported': [2, 4, 5, 6, 8, 9, 10, 11, 0x39, 0x3b, 0x3c],
  'orientation-requested-default': 3,
  'orientation-requested-supported': [3, 4, 5, 6],
  'output-bin-default': 'face-down',
  'output-bin-supported': ['face-down', 'face-up'],
  'page-ranges-supported': true,
  'pages-per-minute': 40,
  'pages-per-minute-color': 40,
  'pdl-override-supported': 'attempted',
  'print-color-mode-default': 'auto',
  'print-color-mode-supported': ['auto', 'color', 'monochrome'],
  'print-quality-default': 4,
  'print-quality-supported': [3, 4, 5],
  'printer-device-id': 'MFG:Holdfast;MDL:Queue;CMD:PDF,PWGRaster,AppleRaster,JPEG;',
  'printer-info': 'Follow me',
  'printer-is-accepting-jobs': true,
  'printer-location': 'Everywhere',
  'printer-make-and-model': 'Holdfast queue',
  'printer-more-info': 'https://print.example.org/',
  'printer-name': 'follow-me',
  'printer-resolution-default': { cross: 600, feed: 600, units: 'dpi' },
  'printer-resolution-supported': [{ cross: 600, feed: 600, units: 'dpi' }],
  'printer-state': 3,
  'printer-state-reasons': ['none'],
  'printer-up-time': 12345,
  'printer-uri-supported': ['ipp://print.example.org/ipp/print', 'ipps://print.example.org/ipp/print'],
  'printer-uuid': 'urn:uuid:12345678-9abc-def0-1234-56789abcdef0',
  'sides-supported': ['one-sided', 'two-sided-long-edge', 'two-sided-short-edge'],
};

const CREATE_JOB: AttributesInput = {
  'attributes-charset': 'utf-8',
  'attributes-natural-language': 'en',
  'printer-uri': 'ipp://print.example.org/ipp/print',
  'requesting-user-name': 'anna',
  'job-name': 'Protokoll der Sitzung.pdf',
};

const message = (code: number, kind: 'printer' | 'operation', input: AttributesInput): Message => ({
  version: { major: 2, minor: 0 },
  code,
  requestId: 7,
  groups: [{ kind, attributes: attributes(input) }],
});

const printer = message(0, 'printer', PRINTER);
const printerAttributes = printer.groups[0]?.attributes ?? attributes({});
const printerOctets = encodeMessage(printer);
const jobOctets = encodeMessage(message(Operation.createJob, 'operation', CREATE_JOB));
const lenient = { leniency: LENIENT, limits: RESPONSE_LIMITS };
const names = Object.keys(PRINTER) as AttributeName[];

const RUNS: Readonly<Record<string, () => void>> = {
  printer_encode: () => encodeMessage(printer),
  printer_decode: () => decodeMessage(printerOctets),
  printer_decode_leniently: () => decodeMessage(printerOctets, lenient),
  printer_build: () => attributes(PRINTER),
  printer_read: () => {
    for (const name of names) read(printerAttributes, name);
  },
  printer_read_leniently: () => {
    for (const name of names) readLeniently(printerAttributes, name);
  },
  create_job_build_and_encode: () => encodeMessage(message(Operation.createJob, 'operation', CREATE_JOB)),
  create_job_decode: () => decodeMessage(jobOctets),
};

/** Single runs, in microseconds, sorted. */
function measure(run: () => void): Float64Array {
  for (let round = 0; round < WARM_UP; round++) run();
  const times = new Float64Array(ROUNDS);
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    run();
    times[round] = (performance.now() - start) * 1000;
  }
  return times.sort();
}

export const bench: Bench = {
  summary: `IPP codec: an answer of ${names.length} printer attributes (${printerOctets.length} octets), and Create-Job`,
  atMost: { printer_encode_p50_us: 100, printer_decode_p50_us: 100, create_job_decode_p50_us: 20 },
  run: async () => {
    const figures: Record<string, number> = {};
    for (const [name, run] of Object.entries(RUNS)) {
      const times = measure(run);
      figures[`${name}_p50_us`] = percentile(times, 0.5);
      figures[`${name}_p99_us`] = percentile(times, 0.99);
    }
    return figures;
  },
};
