// SNMPv3: an answer in the clear is none, as the library would take it.
import test from 'ava';
import { isProvenOrReport } from '../../../../drivers/printers/snmp/datagrams.ts';

const tlv = (tag: number, ...content: (Buffer | number[])[]): Buffer => {
  const octets = Buffer.concat(content.map((each) => Buffer.from(each)));
  return Buffer.concat([Buffer.from([tag, octets.length]), octets]);
};

/** A message of RFC 3412 §6 with a scoped PDU of that type. */
function message(flags: number, pdu: number): Buffer {
  const header = tlv(0x30, tlv(2, [1]), tlv(2, [0x7f, 0xff]), tlv(4, [flags]), tlv(2, [3]));
  const scoped = tlv(0x30, tlv(4, []), tlv(4, []), tlv(pdu, tlv(2, [1])));
  return tlv(0x30, tlv(2, [3]), header, tlv(4, []), scoped);
}

test('only what is authenticated and encrypted counts, but for the report of the first exchange', (t) => {
  t.true(isProvenOrReport(message(3, 0xa2)));
  t.true(isProvenOrReport(message(0, 0xa8)));
  t.false(isProvenOrReport(message(0, 0xa2)), 'an answer in the clear');
  t.false(isProvenOrReport(message(1, 0xa2)), 'authenticated, not encrypted');
  t.false(isProvenOrReport(message(2, 0xa2)), 'encrypted, not authenticated');
  for (let length = 0; length < 20; length++) {
    t.false(isProvenOrReport(message(3, 0xa2).subarray(0, length)), `cut at ${length}`);
  }
  t.false(isProvenOrReport(Buffer.alloc(100, 0x30)));
  t.false(isProvenOrReport(Buffer.alloc(100, 0xff)));
});
