/** The TXT record of a queue, made of what it answers to Get-Printer-Attributes (Bonjour Printing 1.2 §9.2, PWG 5100.14 §4). */
import type { Attributes } from '../../ipp/model.ts';
import { readLeniently } from '../../ipp/vocabulary/read.ts';
import { cut } from './instance-name.ts';

/** Octets of one string and of all, so that the record fits one packet (RFC 6763 §6.1, §6.2). */
const LONGEST_STRING = 255;
const LONGEST_RECORD = 1300;

/** 1/100 mm, the shorter edge first: the larger of Legal and A4, of Tabloid and A3, of C and A2. */
const PAPER_SIZES: readonly (readonly [name: string, width: number, length: number])[] = [
  ['legal-A4', 21_590, 35_560],
  ['tabloid-A3', 29_700, 43_180],
  ['isoC-A2', 43_180, 59_400],
];

export interface TxtFacts {
  /** Of the queue, as it tells clients. */
  readonly attributes: Attributes;
  /** `ipp/print` */
  readonly resourcePath: string;
  /** The newest version of TLS that is spoken; undefined for none. */
  readonly tls: string | undefined;
  /** What clients are asked for: `none`, `username,password`. */
  readonly air: string;
}

/** The most important first: what does not fit any more is left out. */
export function txtStrings({ attributes, resourcePath, tls, air }: TxtFacts): string[] {
  const model = readLeniently(attributes, 'printer-make-and-model') ?? 'Printer';
  const sides = readLeniently(attributes, 'sides-supported') ?? [];
  const pairs: readonly (readonly [key: string, value: string | undefined])[] = [
    ['txtvers', '1'],
    ['qtotal', '1'],
    ['rp', resourcePath],
    ['ty', model],
    ['note', readLeniently(attributes, 'printer-location')],
    ['product', `(${cut(model.replace(/[()]/g, ''), 200)})`],
    ['pdl', list(formatsOf(attributes), 'pdl')],
    ['URF', list(readLeniently(attributes, 'urf-supported') ?? [], 'URF')],
    ['UUID', readLeniently(attributes, 'printer-uuid')?.replace(/^urn:uuid:/, '')],
    ['TLS', tls],
    ['air', air],
    ['adminurl', whole(readLeniently(attributes, 'printer-more-info'), 'adminurl')],
    ['priority', '50'],
    ['Color', flag(readLeniently(attributes, 'color-supported') === true)],
    ['Duplex', flag(sides.some((each) => each.startsWith('two-sided')))],
    ['Copies', flag((readLeniently(attributes, 'copies-supported')?.upper ?? 1) > 1)],
    ['PaperMax', paperMax(attributes)],
    ['kind', list(readLeniently(attributes, 'printer-kind') ?? [], 'kind')],
    ['Scan', 'F'],
    ['Fax', 'F'],
    ['mopria-certified', readLeniently(attributes, 'mopria-certified')],
  ];
  return withinLimit(
    pairs.flatMap(([key, value]) =>
      value === undefined || value === '' ? [] : [cut(`${key}=${value}`, LONGEST_STRING)],
    ),
  );
}

const flag = (value: boolean): string => (value ? 'T' : 'F');

function formatsOf(attributes: Attributes): string[] {
  const formats = readLeniently(attributes, 'document-format-supported') ?? [];
  return formats.filter((format) => format !== 'application/octet-stream');
}

/** Items with commas between, as many as fit. */
function list(items: readonly string[], key: string): string {
  let text = '';
  for (const each of items) {
    const longer = text === '' ? each : `${text},${each}`;
    if (Buffer.byteLength(longer) > LONGEST_STRING - key.length - 1) break;
    text = longer;
  }
  return text;
}

/** A part of an address is none. */
function whole(value: string | undefined, key: string): string | undefined {
  return value !== undefined && Buffer.byteLength(value) < LONGEST_STRING - key.length ? value : undefined;
}

function paperMax(attributes: Attributes): string | undefined {
  const sizes = readLeniently(attributes, 'media-size-supported') ?? [];
  const edges = sizes.flatMap((size) => {
    const { 'x-dimension': x, 'y-dimension': y } = size;
    return typeof x === 'number' && typeof y === 'number' ? [[Math.min(x, y), Math.max(x, y)] as const] : [];
  });
  if (edges.length === 0) return undefined;
  const fits = PAPER_SIZES.find(([, width, length]) => edges.every(([x, y]) => x <= width && y <= length));
  return fits?.[0] ?? '>isoC-A2';
}

function withinLimit(strings: readonly string[]): string[] {
  let total = 0;
  return strings.filter((each) => {
    const size = Buffer.byteLength(each) + 1;
    if (total + size > LONGEST_RECORD) return false;
    total += size;
    return true;
  });
}
