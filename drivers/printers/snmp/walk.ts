/** Walks one table of a printer's MIB, bounded whatever the printer answers. */
import { Failure } from '../../../base/errors.ts';
import type { SnmpSource, Varbind } from './session.ts';

/** Variables of one table; an MFP with 12 supplies has about 100. */
const MOST_VARIABLES = 1000;
/** Variables asked for at once: an answer fits one datagram (RFC 3416 §4.2.3). */
const AT_ONCE = 20;
/** Numbers of an index. */
const LONGEST_INDEX = 8;

/** Values of one row by column. */
export type Row = ReadonlyMap<number, unknown>;
/** Rows by what follows the column in the OID: `1.3`. */
export type Table = ReadonlyMap<string, Row>;

/** @param entry OID of the table's entry: `1.3.6.1.2.1.43.11.1.1`. @throws Failure */
export async function walkTable(source: SnmpSource, entry: string): Promise<Table> {
  const rows = new Map<string, Map<number, unknown>>();
  let last = entry;
  let seen = 0;
  for (;;) {
    const found: readonly Varbind[] = await source.next(last, AT_ONCE);
    for (const { oid, value } of found) {
      if (!follows(oid, last)) throw new Failure('snmp-unusable', 'its answers are out of order');
      if (!oid.startsWith(`${entry}.`)) return rows;
      last = oid;
      seen += 1;
      if (seen > MOST_VARIABLES) return rows;
      const [column = '', ...index] = oid.slice(entry.length + 1).split('.');
      if (index.length === 0 || index.length > LONGEST_INDEX) continue;
      const key = index.join('.');
      const row = rows.get(key) ?? new Map<number, unknown>();
      rows.set(key, row.set(Number(column), value));
    }
    if (found.length === 0) return rows;
  }
}

/** Whether it comes after the other, number by number. */
function follows(oid: string, other: string): boolean {
  const [a, b] = [oid.split('.').map(Number), other.split('.').map(Number)];
  for (const [index, number] of a.entries()) {
    const before = b[index];
    if (before === undefined || number > before) return true;
    if (number < before) return false;
  }
  return false;
}

/** A number of 32 bits; undefined when the value is anything else. */
export function numberIn(row: Row | undefined, column: number): number | undefined {
  const value = row?.get(column);
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 0xffff_ffff
    ? value
    : undefined;
}

/** The octets of a text; undefined when the value is anything else. */
export function octetsIn(row: Row | undefined, column: number): Buffer | undefined {
  const value = row?.get(column);
  return Buffer.isBuffer(value) ? value : undefined;
}
