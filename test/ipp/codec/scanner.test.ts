// The scanner finds the same end however the stream is cut up, and gives up at the limit.
import test from 'ava';
import { encodeMessage } from '../../../ipp/codec/encode.ts';
import { DecodeFailure } from '../../../ipp/codec/errors.ts';
import { MessageScanner, type ScannedMessage } from '../../../ipp/codec/scanner.ts';
import { Random } from '../random.ts';
import { randomMessage } from '../random-message.ts';
import { jobGroup, uint, wire } from '../wire.ts';

const LIMITS = { messageOctets: 64 * 1024 };

/** Feeds the octets in chunks as long as `cut` says until the message is there; the chunks left over are joined to its rest. */
function feed(octets: Buffer, cut: () => number): ScannedMessage {
  const scanner = new MessageScanner(LIMITS);
  for (let at = 0; at < octets.length; ) {
    const end = Math.min(octets.length, at + cut());
    const scanned = scanner.push(octets.subarray(at, end));
    if (scanned !== undefined) {
      return { message: scanned.message, rest: Buffer.concat([scanned.rest, octets.subarray(end)]) };
    }
    at = end;
  }
  return scanner.end();
}

test('fed octet by octet, in random chunks or at once, the end is the same', (t) => {
  const random = new Random(3);
  for (let round = 0; round < 300; round++) {
    const message = encodeMessage(randomMessage(random));
    const document = Buffer.from(random.octets(random.integer(0, 50)));
    const stream = Buffer.concat([message, document]);
    for (const cut of [() => 1, () => random.integer(0, 20), () => stream.length]) {
      const scanned = feed(stream, cut);
      t.deepEqual(scanned.message, message);
      t.deepEqual(scanned.rest, document);
    }
  }
});

test('tag 3 inside a name or a value is no end', (t) => {
  const message = jobGroup(wire`30 0003 030303 0003 030303`);
  t.deepEqual(
    feed(wire`${message} 0303`, () => 1),
    { message, rest: wire`0303` },
  );
});

test('a message at once is not copied', (t) => {
  const stream = wire`${jobGroup(wire`21 0001 "x" 0004 00000001`)} "%PDF"`;
  const scanned = new MessageScanner(LIMITS).push(stream);
  t.is(scanned?.message.buffer, stream.buffer);
  t.is(scanned?.message.byteOffset, stream.byteOffset);
});

test('a stream that ends before the message is told by what came', (t) => {
  const scanner = new MessageScanner(LIMITS);
  scanner.push(wire`0101 0002 0000`);
  scanner.push(wire`0001 02`);
  t.deepEqual(scanner.received, wire`0101 0002 00000001 02`);
  t.throws(() => scanner.end(), { instanceOf: DecodeFailure, code: 'message-truncated' });
});

test('a negative length is refused as soon as it is there', (t) => {
  const scanner = new MessageScanner(LIMITS);
  t.throws(() => scanner.push(wire`0101 0002 00000001 02 21 8000`), { code: 'message-malformed' });
});

/** A message of exactly so many octets. */
const sized = (octets: number): Buffer => {
  const value = octets - 10 - 6;
  return jobGroup(wire`30 0001 "x" ${uint(value)} ${'v'.repeat(value)}`);
};

test('a message as large as the limit passes, one octet more does not, cut up or not', (t) => {
  const limits = { messageOctets: 1000 };
  for (const size of [1, 7, 2000]) {
    const push = (octets: Buffer) => {
      const scanner = new MessageScanner(limits);
      for (let at = 0; at < octets.length; at += size) {
        const scanned = scanner.push(octets.subarray(at, at + size));
        if (scanned !== undefined) return scanned;
      }
      return scanner.end();
    };
    t.is(push(sized(1000)).message.length, 1000);
    t.throws(() => push(sized(1001)), { code: 'message-too-large' });
  }
});

test('a length past the limit is refused before its octets come', (t) => {
  const scanner = new MessageScanner({ messageOctets: 1000 });
  t.throws(() => scanner.push(wire`0101 0002 00000001 02 30 0001 "x" 7fff`), { code: 'message-too-large' });
});

test('no more is copied than in proportion to the message, fed octet by octet', (t) => {
  const size = 32 * 1024;
  const { allocUnsafeSlow } = Buffer;
  let allocated = 0;
  Buffer.allocUnsafeSlow = (octets) => {
    allocated += octets;
    return allocUnsafeSlow(octets);
  };
  t.teardown(() => {
    Buffer.allocUnsafeSlow = allocUnsafeSlow;
  });
  t.is(feed(sized(size), () => 1).message.length, size);
  t.true(allocated > 0 && allocated <= 4 * size, `${allocated} octets allocated`);
});
