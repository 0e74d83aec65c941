/** Messages of every syntax, nested, with the ends of every range among their values. */
import {
  type Attribute,
  Attributes,
  type Group,
  type GroupKind,
  type Message,
  OUT_OF_BAND,
  type StringSyntax,
  type Value,
} from '../../ipp/model.ts';
import type { Random } from './random.ts';

const GROUPS: readonly GroupKind[] = [
  'operation',
  'job',
  'printer',
  'unsupported',
  'subscription',
  'document',
];
const INTEGERS = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31)];
const LONGEST: Record<StringSyntax, number> = {
  textWithoutLanguage: 1023,
  nameWithoutLanguage: 255,
  keyword: 255,
  uri: 1023,
  uriScheme: 63,
  charset: 63,
  naturalLanguage: 63,
  mimeMediaType: 255,
};
const STRINGS = Object.keys(LONGEST) as StringSyntax[];
const OTHER_TAGS = [0x1f, 0x20, 0x2f, 0x3f, 0x43, 0x5f, 0x7e, 0x80, 0xff, 0x100, 0x40000000, 0x7fffffff];

export function randomMessage(random: Random): Message {
  return {
    version: { major: random.integer(0, 2), minor: random.integer(0, 2) },
    code: random.integer(0, 0xffff),
    requestId: random.integer(1, 2 ** 31 - 1),
    groups: random.several(
      0,
      4,
      (): Group => ({ kind: random.pick(GROUPS), attributes: randomAttributes(random, 3) }),
    ),
  };
}

function randomAttributes(random: Random, depth: number): Attributes {
  return new Attributes(random.several(0, 6, () => randomAttribute(random, depth)));
}

function randomAttribute(random: Random, depth: number): Attribute {
  const longest = random.chance(0.05) ? 255 : 20;
  return {
    name: ascii(random, random.integer(1, longest)),
    values: random.several(1, 4, () => randomValue(random, depth)),
  };
}

function randomValue(random: Random, depth: number): Value {
  switch (random.integer(0, depth > 0 ? 10 : 9)) {
    case 0:
      return { syntax: random.pick(['integer', 'enum']), value: integer(random) };
    case 1:
      return { syntax: 'boolean', value: random.chance(0.5) };
    case 2:
      return {
        syntax: 'octetString',
        value: random.octets(random.integer(0, random.chance(0.1) ? 1023 : 10)),
      };
    case 3:
      return { syntax: 'dateTime', value: randomDate(random) };
    case 4:
      return {
        syntax: 'resolution',
        value: {
          cross: random.pick([1, 600, 2 ** 31 - 1]),
          feed: random.pick([1, 300, 2 ** 31 - 1]),
          units: random.pick(['dpi', 'dpcm']),
        },
      };
    case 5: {
      const [lower, upper] = [integer(random), integer(random)].sort((a, b) => a - b) as [number, number];
      return { syntax: 'rangeOfInteger', value: { lower, upper } };
    }
    case 6: {
      const syntax = random.pick(['textWithLanguage', 'nameWithLanguage'] as const);
      const language = ascii(random, random.integer(1, 63));
      return { syntax, value: { language, text: text(random, syntax === 'textWithLanguage' ? 1023 : 255) } };
    }
    case 7:
    case 8: {
      const syntax = random.pick(STRINGS);
      const most = random.chance(0.05) ? LONGEST[syntax] : 20;
      const free = syntax === 'textWithoutLanguage' || syntax === 'nameWithoutLanguage';
      return { syntax, value: free ? text(random, most) : ascii(random, random.integer(1, most)) };
    }
    case 9:
      return random.chance(0.5)
        ? { syntax: random.pick(OUT_OF_BAND) }
        : { syntax: 'other', tag: random.pick(OTHER_TAGS), value: random.octets(random.integer(0, 10)) };
    default:
      return { syntax: 'collection', value: randomAttributes(random, depth - 1) };
  }
}

function integer(random: Random): number {
  return random.chance(0.5) ? random.pick(INTEGERS) : random.integer(-(2 ** 31), 2 ** 31 - 1);
}

function randomDate(random: Random) {
  return {
    year: random.integer(0, 0xffff),
    month: random.integer(1, 12),
    day: random.integer(1, 31),
    hour: random.integer(0, 23),
    minute: random.integer(0, 59),
    second: random.integer(0, 60),
    deciSecond: random.integer(0, 9),
    offset: random.pick([0, 60, -60, 839, -839, 345, -1]),
  };
}

const ascii = (random: Random, length: number): string =>
  Array.from({ length }, () => String.fromCharCode(random.integer(0x21, 0x7e))).join('');

/** At most `most` octets of UTF-8, of characters of one to four octets. */
function text(random: Random, most: number): string {
  let result = '';
  for (let left = random.integer(0, most); left > 0; ) {
    const character = random.pick(['a', ' ', '\n', '\0', 'ü', '€', '🖨', '\u{10ffff}', '\ufeff']);
    left -= Buffer.byteLength(character);
    if (left >= 0) result += character;
  }
  return result;
}
