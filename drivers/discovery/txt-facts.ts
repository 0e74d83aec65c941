/** What the TXT record of a printer says (Bonjour Printing 1.2 §9.2): each value checked by type, length and range. */
import { displayable, shortenOctets } from '../../base/text.ts';

/** What is wrong or unknown is left out; every text can be shown as it is. */
export interface TxtFactsFound {
  /** Without its first slash: `ipp/print`. Fits a URI as it is. */
  readonly resourcePath?: string;
  /** Lower case. */
  readonly uuid?: string;
  /** Media types in lower case, never `application/octet-stream`. */
  readonly formats: readonly string[];
  readonly makeAndModel?: string;
  /** Where it says that it stands. */
  readonly note?: string;
  readonly color?: boolean;
  readonly duplex?: boolean;
  /** `legal-A4`, `tabloid-A3`, `isoC-A2` or `>isoC-A2`. */
  readonly paperMax?: string;
  /** `MFG:HP;MDL:LaserJet;`, made of `usb_MFG` and `usb_MDL`. */
  readonly deviceId?: string;
  /** Wants to know who prints: `username,password`, `certificate` … */
  readonly authentication?: string;
}

/** Strings of a record that are looked at; real ones have about twenty. */
const MOST_STRINGS = 100;
/** UTF-16 units, and octets of UTF-8. */
const LONGEST_TEXT = 127;
const MOST_FORMATS = 50;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** What RFC 3986 §3.3 allows in a path, and no step upwards. */
const PATH = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))(?:[A-Za-z0-9/._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2}){1,200}$/;
const FORMAT = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,60}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}$/;
const PAPERS: readonly string[] = ['<legal-A4', 'legal-A4', 'tabloid-A3', 'isoC-A2', '>isoC-A2'];
const AIR: readonly string[] = [
  'username,password',
  'certificate',
  'certificate,username,password',
  'negotiate',
];
/** What has a meaning in a device id (IEEE 1284 §7.6). */
const DEVICE_ID_SYNTAX = /[;:,]/g;

export function readTxt(strings: readonly string[]): TxtFactsFound {
  const values = valuesOf(strings);
  const path = values.get('rp')?.replace(/^\/+/, '');
  const uuid = values
    .get('uuid')
    ?.toLowerCase()
    .replace(/^urn:uuid:/, '');
  const model = text(values.get('ty')) ?? text(values.get('product')?.replace(/^\((.*)\)$/, '$1'));
  return {
    formats: formatsOf(values.get('pdl')),
    ...optional('resourcePath', path !== undefined && PATH.test(path) ? path : undefined),
    ...optional('uuid', uuid !== undefined && UUID.test(uuid) ? uuid : undefined),
    ...optional('makeAndModel', model),
    ...optional('note', text(values.get('note'))),
    ...optional('color', flag(values.get('color'))),
    ...optional('duplex', flag(values.get('duplex'))),
    ...optional(
      'paperMax',
      PAPERS.find((each) => each === values.get('papermax')),
    ),
    ...optional(
      'authentication',
      AIR.find((each) => each === values.get('air')),
    ),
    ...optional('deviceId', deviceIdOf(values.get('usb_mfg'), values.get('usb_mdl'))),
  };
}

/** The first of a key counts, capitals do not (RFC 6763 §6.4). */
function valuesOf(strings: readonly string[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const each of strings.slice(0, MOST_STRINGS)) {
    const [, key = '', value] = /^([\x20-\x3c\x3e-\x7e]{1,40})=(.*)$/s.exec(each) ?? [];
    const name = key.toLowerCase();
    if (value !== undefined && !values.has(name)) values.set(name, value);
  }
  return values;
}

function text(value: string | undefined): string | undefined {
  const shown = shortenOctets(displayable(value ?? '', LONGEST_TEXT), LONGEST_TEXT).trim();
  return shown === '' ? undefined : shown;
}

function flag(value: string | undefined): boolean | undefined {
  return value === 'T' ? true : value === 'F' ? false : undefined;
}

function formatsOf(value = ''): string[] {
  const formats = value
    .split(',')
    .slice(0, MOST_FORMATS)
    .map((each) => each.trim().toLowerCase());
  return [...new Set(formats)].filter((each) => FORMAT.test(each) && each !== 'application/octet-stream');
}

function deviceIdOf(maker: string | undefined, model: string | undefined): string | undefined {
  const [mfg, mdl] = [maker, model].map((each) => text(each?.replace(DEVICE_ID_SYNTAX, ' ')));
  return mfg === undefined || mdl === undefined ? undefined : `MFG:${mfg};MDL:${mdl};`;
}

function optional<Name extends string, T>(name: Name, value: T | undefined): { readonly [N in Name]?: T } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [N in Name]?: T };
}
