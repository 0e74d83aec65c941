/** Values of attributes as they come from a directory: octets and texts that anybody may have written. */
import { shortenOctets } from '../../base/text.ts';

/** Octets of a text that are taken; a longer one is cut. */
export const LONGEST_VALUE = 255;

/** ASCII without controls, with single blanks between. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;

/** Line breaks and tabs become blanks, other controls and invisible marks go; NFC; cut to 255 octets. */
export function cleanText(text: string, octets = LONGEST_VALUE): string {
  // Most of all values; a tenth of the time.
  if (text.length <= octets && PLAIN.test(text)) return text;
  const plain = text
    .slice(0, octets * 4)
    .normalize('NFC')
    .replace(/[\s\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, '')
    .trim();
  return shortenOctets(plain, octets).trim();
}

/**
 * An objectGUID as it is written everywhere else: its first three fields are little-endian on the wire (MS-DTYP §2.3.4.2).
 * Undefined when it is not 16 octets.
 */
export function guidText(value: Buffer | undefined): string | undefined {
  if (value?.length !== 16) return undefined;
  const hex = value.toString('hex');
  const octet = (at: number) => hex.slice(at * 2, at * 2 + 2);
  const first = octet(3) + octet(2) + octet(1) + octet(0);
  const second = octet(5) + octet(4);
  const third = octet(7) + octet(6);
  return `${first}-${second}-${third}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** An entryUUID (RFC 4530); undefined when it is none. */
export function uuidText(value: string): string | undefined {
  const lower = value.toLowerCase();
  return UUID.test(lower) ? lower : undefined;
}

/** The octets that stand for that GUID in a filter: the reverse of {@link guidText}. */
export function guidOctets(guid: string): Buffer {
  const value = Buffer.from(guid.replaceAll('-', ''), 'hex');
  value.subarray(0, 4).reverse();
  value.subarray(4, 6).reverse();
  value.subarray(6, 8).reverse();
  return value;
}

export const withDashes = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');

/** 100 ns steps from 1601 to 1970. */
const FILETIME_1970 = 116_444_736_000_000_000n;
const NEVER = 0x7fff_ffff_ffff_ffffn;

/** `accountExpires` (MS-ADA1 §2.2) in milliseconds since 1970; undefined for never, written as 0 or as 2⁶³−1. */
export function fileTime(written: string): number | undefined {
  if (!/^\d{1,19}$/.test(written)) return undefined;
  const steps = BigInt(written);
  if (steps === 0n || steps >= NEVER) return undefined;
  const milliseconds = (steps - FILETIME_1970) / 10_000n;
  return milliseconds < 0n ? 0 : Math.min(Number(milliseconds), Number.MAX_SAFE_INTEGER);
}

/** A whole number in decimal digits; undefined when it is none, or past 2⁵³. */
export function wholeNumber(written: string): number | undefined {
  const value = /^-?\d{1,16}$/.test(written) ? Number(written) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The DNS name that `DC=example,DC=org` at the end of a DN gives; '' when it has none. */
export function domainOf(dn: string): string {
  const parts = [...dn.matchAll(/(?:^|,)\s*dc\s*=\s*([^,\\]+)/gi)].map((match) => (match[1] ?? '').trim());
  return cleanText(parts.join('.').toLowerCase());
}

/** {@link domainOf} for many entries, most of which end in the same way. */
export class Domains {
  #end = '';
  #domain = '';

  of(dn: string): string {
    // What comes before the first `,dc=` changes nothing, unless it begins with one.
    const from = dn.search(/,\s*dc\s*=/i);
    const end = from < 0 || /^\s*dc\s*=/i.test(dn) ? dn : dn.slice(from);
    if (end !== this.#end) {
      this.#end = end;
      this.#domain = domainOf(end);
    }
    return this.#domain;
  }
}

/** A DN as it is compared: RDNs without blanks around them, lower case. */
export function dnKey(dn: string): string {
  return dn
    .replace(/(?<!\\)\s*([,=+])\s*/g, '$1')
    .normalize('NFC')
    .toLowerCase();
}

/** Whether an entry (by {@link dnKey}) lies at or below one of the bases. */
export function isUnder(key: string, bases: readonly string[]): boolean {
  return bases.some((base) => key === base || key.endsWith(`,${base}`));
}
