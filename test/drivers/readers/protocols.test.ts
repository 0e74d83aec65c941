import test from 'ava';
import type { AnyProtocol } from '../../../drivers/readers/protocol.ts';
import { keyboard } from '../../../drivers/readers/protocols/keyboard.ts';
import { LAYOUTS, type Layout, typedBy } from '../../../drivers/readers/protocols/layouts.ts';
import { pcProx } from '../../../drivers/readers/protocols/pcprox.ts';
import { opaque, type SerialProtocol, serialProtocol } from '../../../drivers/readers/protocols/protocols.ts';
import { crcText } from '../../../drivers/readers/protocols/twn4.ts';
import type { RawSwipe } from '../../../identity/cards/card-number.ts';
import { plain } from '../../contracts/reader.ts';

/** What a machine makes of octets that come in these pieces; each first comes alone, then cut octet by octet. */
function swipesOf(protocol: AnyProtocol, ...pieces: readonly (string | Uint8Array)[]): unknown[] {
  const octets = pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece));
  const whole = feed(protocol, octets);
  const cut = feed(
    protocol,
    octets.flatMap((each) => Array.from(each, (octet) => Uint8Array.of(octet))),
  );
  if (JSON.stringify(whole) !== JSON.stringify(cut)) throw new Error('it matters how the octets are cut');
  return whole;
}

function feed(protocol: AnyProtocol, octets: readonly Uint8Array[]): unknown[] {
  let { state } = protocol.start();
  const swipes: RawSwipe[] = [];
  for (const piece of octets) {
    const step = protocol.take(state, piece);
    ({ state } = step);
    swipes.push(...(step.swipes ?? []));
  }
  const last = protocol.quiet(state);
  return [...swipes, ...(last.swipes ?? [])].map(plain);
}

const text = (value: string) => ({ kind: 'text', text: value });
const bits = (count: number, octets: string) => ({ kind: 'bits', bits: count, octets });

interface Case {
  readonly protocol: SerialProtocol;
  readonly title: string;
  readonly sent: string;
  readonly swipes: readonly unknown[];
}

const CASES: readonly Case[] = [
  {
    protocol: 'lines',
    title: 'every kind of line end',
    sent: '1\r2\n3\r\n',
    swipes: ['1', '2', '3'].map(text),
  },
  {
    protocol: 'lines',
    title: 'empty lines and spaces',
    sent: '\r\n  \r\n 0815 \r\n',
    swipes: [text('0815')],
  },
  { protocol: 'lines', title: 'a line without end', sent: '0815', swipes: [] },
  { protocol: 'lines', title: 'controls in a line', sent: '08\x0015\r\n4711\r\n', swipes: [text('4711')] },
  {
    protocol: 'lines',
    title: 'a line that is too long',
    sent: `${'9'.repeat(300)}\r\n4711\r\n`,
    swipes: [text('4711')],
  },
  { protocol: 'stx-etx', title: 'a frame', sent: '\x0204A1\r\n\x03\r\n', swipes: [text('04A1')] },
  {
    protocol: 'stx-etx',
    title: 'noise and a lost end',
    sent: 'xx\x0204\x0204A2\x03',
    swipes: [text('04A2')],
  },
  { protocol: 'stx-etx', title: 'a lost start', sent: '04A1\x03\x0204A2\x03', swipes: [text('04A2')] },
  { protocol: 'rdm6300', title: 'a right sum', sent: '\x027A005B6A3972\x03', swipes: [text('7A005B6A39')] },
  { protocol: 'rdm6300', title: 'a wrong sum', sent: '\x027A005B6A3973\x03', swipes: [] },
  { protocol: 'track-2', title: 'without LRC', sent: ';12345=2512?\r', swipes: [text('12345=2512')] },
  { protocol: 'track-2', title: 'the right LRC', sent: ';12345=2512?<\r', swipes: [text('12345=2512')] },
  { protocol: 'track-2', title: 'a wrong LRC', sent: ';12345=2512?0\r', swipes: [] },
  {
    protocol: 'wiegand',
    title: '34 bits have no one layout',
    sent: '1A2B3C4D5/34\n',
    swipes: [bits(34, '68acf13540')],
  },
  { protocol: 'wiegand', title: 'digits that say more than the bits', sent: '4000000/26\n', swipes: [] },
  { protocol: 'wiegand', title: 'a key of a keypad', sent: '0101\n', swipes: [] },
  { protocol: 'twn4', title: 'a card', sent: '000180200466CF4DC2\r', swipes: [bits(32, '66cf4dc2')] },
  { protocol: 'twn4', title: 'none, and answers to a beep', sent: '0000\r00\r', swipes: [] },
  { protocol: 'twn4', title: 'a length that is not the bits', sent: '000180180466CF4DC2\r', swipes: [] },
  { protocol: 'twn4', title: 'an octet too few', sent: '000180200466CF4D\r', swipes: [] },
  { protocol: 'twn4', title: 'an error', sent: '010180200466CF4DC2\r', swipes: [] },
  {
    protocol: 'twn4-crc',
    title: 'a right CRC',
    sent: `000180200466CF4DC2${crcText('000180200466CF4DC2')}\r`,
    swipes: [bits(32, '66cf4dc2')],
  },
  { protocol: 'twn4-crc', title: 'no CRC', sent: '000180200466CF4DC2\r', swipes: [] },
  {
    protocol: 'twn4-crc',
    title: 'a digit changed',
    sent: `000180200466CF4DC3${crcText('000180200466CF4DC2')}\r`,
    swipes: [],
  },
  {
    protocol: 'rf-ideas',
    title: 'echo, prompt, nothing, a card',
    sent: 'rfid:qid.id\r\nRF IDeas>\r\n{0x0000,0,0x00,0;0x00}\r\n{0x0040,1,0x00,26;0x2026D82}\r\n',
    swipes: [bits(26, '809b6080')],
  },
  { protocol: 'rf-ideas', title: 'more digits than bits', sent: '{0x0,0,0x0,4;0xFF}\r\n', swipes: [] },
];

for (const { protocol, title, sent, swipes } of CASES) {
  test(`${protocol}: ${title}`, (t) => {
    t.deepEqual(swipesOf(serialProtocol(protocol), sent), [...swipes]);
  });
}

test('H10301: facility 18, number 4660, with its parity; a bit flipped is refused', (t) => {
  // P 00010010 0001001000110100 P
  const body = '000100100001001000110100';
  const ones = (part: string) => part.replaceAll('0', '').length;
  const frame = `${ones(body.slice(0, 12)) % 2}${body}${1 - (ones(body.slice(12)) % 2)}`;
  const octets = Buffer.from(BigInt(`0b${frame}000000`).toString(16).padStart(8, '0'), 'hex').toString('hex');
  t.deepEqual(swipesOf(serialProtocol('wiegand'), `${frame}\r\n`), [bits(26, octets)]);
  for (let at = 0; at < frame.length; at++) {
    const flipped = `${frame.slice(0, at)}${frame[at] === '0' ? '1' : '0'}${frame.slice(at + 1)}`;
    t.deepEqual(swipesOf(serialProtocol('wiegand'), `${flipped}\r\n`), [], `bit ${at}`);
    t.is(swipesOf(serialProtocol('wiegand-unchecked'), `${flipped}\r\n`).length, 1);
  }
});

test('pcProx: the lowest octet comes first, parity is gone', (t) => {
  // Facility 18, number 4660 of 24 bits.
  const data = Uint8Array.of(0x34, 0x12, 0x12, 0, 0, 0, 0, 0);
  const info = Uint8Array.of(24, 24, 0, 0, 0, 0, 0, 0);
  const nothing = new Uint8Array(8);
  t.deepEqual(swipesOf(opaque(pcProx()), data, info), [bits(24, '121234')]);
  t.deepEqual(swipesOf(opaque(pcProx()), nothing, nothing), []);
  t.deepEqual(swipesOf(opaque(pcProx()), data, nothing), [], 'the card went between the two questions');
  t.deepEqual(swipesOf(opaque(pcProx()), data, Uint8Array.of(8, 8, 0, 0, 0, 0, 0, 0)), [], 'too many bits');
});

/** Reports of a keyboard that types: a key down, all up. */
function reports(layout: Layout, typed: string): Uint8Array {
  const keys = Array.from({ length: 0x70 }, (_, usage) => usage);
  return Buffer.concat(
    [...typed].flatMap((character) => {
      if (character === '\n') return [Uint8Array.of(0, 0, 0x28, 0, 0, 0, 0, 0), new Uint8Array(8)];
      for (const shift of [false, true]) {
        const usage = keys.find((key) => typedBy(key, shift, layout) === character);
        if (usage !== undefined)
          return [Uint8Array.of(shift ? 2 : 0, 0, usage, 0, 0, 0, 0, 0), new Uint8Array(8)];
      }
      throw new Error(`no key types ${character}`);
    }),
  );
}

for (const layout of LAYOUTS) {
  test(`keyboard ${layout}: every digit and letter, twice the same too`, (t) => {
    const typed = '0011223456789abcdefABCDEFxyzXYZwqm:;=.-';
    t.deepEqual(swipesOf(opaque(keyboard(layout, 'enter')), reports(layout, `${typed}\n`)), [text(typed)]);
  });
}

test('keyboard without Enter: a burst ends by itself; held keys and errors type nothing more', (t) => {
  const one = Uint8Array.of(0, 0, 0x1e, 0, 0, 0, 0, 0);
  const two = Uint8Array.of(0, 0, 0x1e, 0x1f, 0, 0, 0, 0);
  const errors = Uint8Array.of(0, 0, 1, 1, 1, 1, 1, 1);
  t.deepEqual(swipesOf(opaque(keyboard('us', 'silence')), one, one, errors, two, two), [text('12')]);
  t.deepEqual(
    swipesOf(opaque(keyboard('us', 'enter')), one, one, errors, two, two),
    [],
    'half a number is none',
  );
});
