// Known badges in, the conversion of their reader out.
import test from 'ava';
import type { RawSwipe } from '../../../identity/cards/card-number.ts';
import { type Conversion, convert } from '../../../identity/cards/conversion.ts';
import { conversionYaml } from '../../../identity/cards/conversion-yaml.ts';
import { type KnownBadge, solve } from '../../../identity/cards/solver.ts';
import { random } from '../../random.ts';

const text = (read: string): RawSwipe => ({ kind: 'text', text: read });

function bits(binary: string): RawSwipe {
  const octets = binary.match(/.{1,8}/g)?.map((each) => Number.parseInt(each.padEnd(8, '0'), 2)) ?? [];
  return { kind: 'bits', octets: Uint8Array.from(octets), bits: binary.length };
}

/** H10301: even parity, 8 bits of facility, 16 of number, odd parity. */
function wiegand26(facility: number, number: number): RawSwipe {
  const data = facility.toString(2).padStart(8, '0') + number.toString(2).padStart(16, '0');
  const ones = (part: string) => [...part].filter((bit) => bit === '1').length;
  return bits(`${ones(data.slice(0, 12)) % 2}${data}${1 - (ones(data.slice(12)) % 2)}`);
}

interface Case {
  readonly badges: [read: RawSwipe, written: string][];
  /** A third badge, which the solver has not seen. */
  readonly other: [read: RawSwipe, written: string];
  readonly yaml: string;
}

const CASES: Record<string, Case> = {
  'the same number, padded by the reader': {
    badges: [
      [text('0009876543'), '9876543'],
      [text('0012345678'), '12345678'],
    ],
    other: [text('0000000815'), '815'],
    yaml: '[]',
  },
  'hexadecimal at the reader, decimal in the directory': {
    badges: [
      [text('66CF4DC2'), '1724861890'],
      [text('04A1B2C3'), '77705923'],
    ],
    other: [text('F00DBEEF'), '4027432687'],
    yaml: '- hex-to-decimal',
  },
  'octets the other way round': {
    badges: [
      [text('66CF4DC2'), 'C24DCF66'],
      [text('04A1B2C3'), 'C3B2A104'],
    ],
    other: [text('F00DBEEF'), 'EF:BE:0D:F0'],
    yaml: '- reverse-bytes',
  },
  'octets the other way round, in decimal': {
    badges: [
      [text('66CF4DC2'), String(0xc24dcf66)],
      [text('04A1B2C3'), String(0xc3b2a104)],
    ],
    other: [text('F00DBEEF'), String(0xefbe0df0)],
    yaml: '- reverse-bytes\n- hex-to-decimal',
  },
  'decimal at the reader, mirrored hexadecimal in the directory': {
    badges: [
      [text(String(0x66cf4dc2)), 'C24DCF66'],
      [text(String(0x84a1b2c3)), 'C3B2A184'],
    ],
    other: [text(String(0xf00dbeef)), 'EFBE0DF0'],
    yaml: '- decimal-to-hex\n- reverse-bytes',
  },
  'bits of each octet mirrored': {
    badges: [
      [text('66CF4DC2'), '66F3B243'],
      [text('04A1B2C3'), '20854DC3'],
    ],
    other: [text('F00DBEEF'), '0FB07DF7'],
    yaml: '- reverse-bits',
  },
  'a magnetic stripe': {
    badges: [
      [text(';1234567890123456=25121010000012300?'), '1234567890123456'],
      [text(';9876543210987654=26011010000032100?'), '9876543210987654'],
    ],
    other: [text(';1111222233334444=27051010000045600?'), '1111222233334444'],
    yaml: "- match: '^[^0-9A-Za-z]*([^=]*)='",
  },
  'a reader that writes the facility code before the number': {
    badges: [
      [text('rfid:117.54321'), '54321'],
      [text('rfid:117.10987'), '10987'],
    ],
    other: [text('rfid:117.33333'), '33333'],
    yaml: "- match: '([0-9]+)[^0-9]*$'",
  },
  'Wiegand 26, facility code and number': {
    badges: [
      [wiegand26(173, 54321), '17354321'],
      [wiegand26(201, 40001), '20140001'],
    ],
    other: [wiegand26(173, 7), '17300007'],
    yaml: '- facility-and-number: { facility: { first: 1, length: 8 }, number: { first: 9, length: 16 }, digits: 5 }',
  },
  'Wiegand 26, the number alone': {
    badges: [
      [wiegand26(173, 54321), '54321'],
      [wiegand26(201, 40001), '40001'],
    ],
    other: [wiegand26(201, 7), '7'],
    yaml: '- bits: { first: 9, length: 16 }\n- hex-to-decimal',
  },
};

for (const [name, { badges, other, yaml }] of Object.entries(CASES)) {
  test(name, (t) => {
    const solution = solve(badges.map(([read, written]): KnownBadge => ({ read, written })));
    t.is(conversionYaml(solution?.conversion ?? [{ kind: 'pad', digits: 1 }]), yaml);
    const [read, written] = other;
    const converted = convert(read, solution?.conversion as Conversion);
    const known = convert(text(written), []);
    t.true(converted.ok && known.ok && converted.card === known.card, 'a badge that it has not seen');
  });
}

test('nothing fits numbers that have nothing to do with the badges', (t) => {
  const badges = [
    { read: text('66CF4DC2'), written: '4711' },
    { read: text('04A1B2C3'), written: '99999999999' },
  ];
  t.is(solve(badges), undefined);
});

test('small numbers leave it open how many bits count', (t) => {
  const few = [wiegand26(173, 17), wiegand26(173, 20)];
  const solution = solve([
    { read: few[0] as RawSwipe, written: '17' },
    { read: few[1] as RawSwipe, written: '20' },
  ]);
  t.is(solution?.certain, false);
  t.true((solution?.fits ?? 0) > 1);
  t.is(
    solve([
      { read: wiegand26(173, 54321), written: '54321' },
      { read: wiegand26(201, 40001), written: '40001' },
    ])?.keptBits,
    16,
  );
});

test('with one facility code it is told which bits of it the badges leave open; other open bits are not told so', (t) => {
  const written = (facility: number, number: number) => String(facility * 2 ** 16 + number);
  const badge = (facility: number, number: number): KnownBadge => ({
    read: wiegand26(facility, number),
    written: written(facility, number),
  });
  const ofOneCode = solve([badge(123, 1021), badge(123, 40_000), badge(123, 65_001), badge(123, 31_007)]);
  // 123 begins with a zero bit, which nothing tells from no bit at all.
  t.like(ofOneCode, { certain: false, undecided: [1] });
  const ofTwo = solve([badge(123, 1021), badge(123, 40_000), badge(201, 31_007)]);
  t.like(ofTwo, { certain: true, undecided: [] });
  const small = solve([
    { read: text('00000102'), written: '102' },
    { read: text('00A00203'), written: '203' },
  ]);
  t.like(small, { certain: false, undecided: [] }, 'what differs is open too');
});

test('whole numbers of random cards are found and certain', (t) => {
  const next = random(7);
  const uid = () => Math.floor(next() * 2 ** 32);
  for (let round = 0; round < 20; round++) {
    const cards = [uid(), uid(), uid()].map((each) => (each | 0x80000000) >>> 0);
    const solution = solve(
      cards.map((card) => ({ read: text(card.toString(16).padStart(8, '0')), written: String(card) })),
    );
    t.is(conversionYaml(solution?.conversion ?? []), '- hex-to-decimal');
    t.true(solution?.certain);
  }
});
