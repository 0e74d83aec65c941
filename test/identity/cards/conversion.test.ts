// Each step of a conversion, what does not fit it, and the YAML of it.
import test from 'ava';
import { parse } from 'yaml';
import type { RawSwipe } from '../../../identity/cards/card-number.ts';
import {
  type BitWindow,
  type Conversion,
  type ConversionStep,
  convert,
  run,
} from '../../../identity/cards/conversion.ts';
import { conversionYaml, plainConversion } from '../../../identity/cards/conversion-yaml.ts';
import { random } from '../../random.ts';

const text = (read: string): RawSwipe => ({ kind: 'text', text: read });

const STEPS: [read: string, step: ConversionStep, card: string][] = [
  ['%B4711^DOE?', { kind: 'match', pattern: /^%B(\d+)/ }, '4711'],
  ['ab12', { kind: 'match', pattern: /[0-9]+/ }, '12'],
  ['66CF4DC2', { kind: 'hex-to-decimal' }, '1724861890'],
  ['10', { kind: 'decimal-to-hex', digits: 0 }, 'A'],
  ['1724861890', { kind: 'decimal-to-hex', digits: 10 }, '66CF4DC2'],
  ['1A2B3', { kind: 'reverse-bytes' }, 'B3A201'],
  ['01', { kind: 'reverse-bits' }, '80'],
  ['F5', { kind: 'bits', window: { first: 4, length: 4 } }, '5'],
  ['7', { kind: 'pad', digits: 3 }, '7'],
  [
    '75D431',
    {
      kind: 'facility-and-number',
      facility: { first: 0, length: 8 },
      number: { first: 8, length: 16 },
      digits: 6,
    },
    '117054321',
  ],
];

for (const [read, step, card] of STEPS) {
  test(`${step.kind} makes ${card} of ${read}`, (t) => {
    t.deepEqual(convert(text(read), [step]), { ok: true, card: card as never });
  });
}

const UNFIT: [name: string, swipe: RawSwipe, conversion: Conversion, step: number, problem: RegExp][] = [
  ['an expression', text('4711'), [{ kind: 'match', pattern: /^x/ }], 0, /does not match/],
  ['letters', text('47Z1'), [{ kind: 'pad', digits: 9 }, { kind: 'hex-to-decimal' }], 1, /not hexadecimal/],
  ['hexadecimal', text('4A'), [{ kind: 'decimal-to-hex', digits: 0 }], 0, /not decimal/],
  ['few bits', text('FF'), [{ kind: 'bits', window: { first: 0, length: 9 } }], 0, /8 bits, fewer/],
  ['nothing at the end', text('0000'), [{ kind: 'hex-to-decimal' }], 1, /no card number/],
  ['a long text', text('7'.repeat(257)), [], 0, /too long/],
  ['long arithmetic', text('7'.repeat(200)), [{ kind: 'hex-to-decimal' }], 0, /not hexadecimal/],
  ['no bits', { kind: 'bits', octets: new Uint8Array(4), bits: 0 }, [], 0, /no bits/],
  ['more bits than octets', { kind: 'bits', octets: new Uint8Array(4), bits: 33 }, [], 0, /too many/],
  ['half a bit', { kind: 'bits', octets: new Uint8Array(4), bits: 7.5 }, [], 0, /no bits/],
];

for (const [name, swipe, conversion, step, problem] of UNFIT) {
  test(`${name} does not fit, and the problem says where and quotes nothing`, (t) => {
    const converted = convert(swipe, conversion);
    t.false(converted.ok);
    if (converted.ok) return;
    t.is(converted.step, step);
    t.regex(converted.problem, problem);
    t.notRegex(converted.problem, /47|77/);
  });
}

test('bits that do not fill their octets are taken from the front', (t) => {
  const octets = Uint8Array.from([0b1010_0000, 0b1111_1111]);
  t.deepEqual(convert({ kind: 'bits', octets, bits: 3 }, []), { ok: true, card: '5' as never });
  t.deepEqual(convert({ kind: 'bits', octets, bits: 9 }, []), { ok: true, card: '141' as never });
});

test('reversing twice changes nothing', (t) => {
  const next = random(11);
  for (let round = 0; round < 500; round++) {
    const read = Array.from({ length: 16 }, () => Math.floor(next() * 16).toString(16)).join('');
    for (const kind of ['reverse-bytes', 'reverse-bits'] as const) {
      t.deepEqual(convert(text(read), [{ kind }, { kind }]), convert(text(read), []));
    }
  }
});

test('steps give what arithmetic with whole numbers of any size gives', (t) => {
  const next = random(12);
  const upTo = (most: number) => Math.floor(next() * (most + 1));
  const windowIn = (width: number): BitWindow => {
    const length = 1 + upTo(width - 1);
    return { first: upTo(width - length), length };
  };
  const mask = ({ length }: BitWindow) => (1n << BigInt(length)) - 1n;
  for (let round = 0; round < 3000; round++) {
    const octets = Uint8Array.from({ length: 1 + upTo(19) }, () => upTo(255));
    const bits = Math.max(1, octets.length * 8 - upTo(7));
    const value = BigInt(`0x${Buffer.from(octets).toString('hex')}`) >> BigInt(octets.length * 8 - bits);
    const swipe: RawSwipe = { kind: 'bits', octets, bits };
    const hex = (number: bigint, width: number) =>
      number
        .toString(16)
        .toUpperCase()
        .padStart(Math.ceil(width / 4), '0');
    const gives = (read: RawSwipe, conversion: Conversion, expected: string) => {
      const ran = run(read, conversion);
      t.is(ran.ok && ran.text, expected, JSON.stringify({ bits, hex: hex(value, bits), conversion }));
    };
    gives(swipe, [], hex(value, bits));
    gives(swipe, [{ kind: 'hex-to-decimal' }], `${value}`);
    gives(text(`${value}`), [{ kind: 'decimal-to-hex', digits: 9 }], hex(value, 36));
    const window = windowIn(bits);
    const part = (value >> BigInt(bits - window.first - window.length)) & mask(window);
    gives(swipe, [{ kind: 'bits', window }], hex(part, window.length));
    const padded: Conversion = [
      { kind: 'pad', digits: 64 },
      { kind: 'bits', window },
    ];
    gives(swipe, padded, hex(part, window.length));
    const number = windowIn(bits);
    const rest = (value >> BigInt(bits - number.first - number.length)) & mask(number);
    const facility: Conversion = [{ kind: 'facility-and-number', facility: window, number, digits: 5 }];
    gives(swipe, facility, `${part}${rest.toString().padStart(5, '0')}`);
    const whole = Buffer.from(hex(value, bits).padStart(Math.ceil(bits / 8) * 2, '0'), 'hex');
    const mirrored = whole.map((octet) =>
      Number.parseInt([...octet.toString(2).padStart(8, '0')].reverse().join(''), 2),
    );
    gives(swipe, [{ kind: 'reverse-bits' }], Buffer.from(mirrored).toString('hex').toUpperCase());
    gives(swipe, [{ kind: 'reverse-bytes' }], Buffer.from(whole).reverse().toString('hex').toUpperCase());
  }
});

test('the YAML of a conversion parses to its plain form', (t) => {
  const conversion = [...STEPS.map(([, step]) => step), { kind: 'match', pattern: /it's (\d+): #/ } as const];
  t.deepEqual(parse(conversionYaml(conversion)), plainConversion(conversion));
});
