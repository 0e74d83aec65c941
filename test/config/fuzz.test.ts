// Thousands of damaged files: each is a configuration or a ConfigError, never another error, and never a long wait.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { parseConfig } from '../../config/load.ts';
import { ConfigError, formatProblems } from '../../config/problems.ts';
import { PRINTERS, QUEUES } from './told.ts';

const ROUNDS = 5000;
const SEED = 20_260_801;
const SECRET = 'hunter2';

/** Mulberry32: small, and the same everywhere. Gives a whole number from 0 to below `limit`. */
function randomFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** What YAML, JavaScript and our own readers may stumble over. */
const MORSELS = [
  ...[
    '\t',
    '\n',
    '\r',
    ' ',
    '  ',
    ':',
    ': ',
    '- ',
    '? ',
    '#',
    ' #',
    ',',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '|',
    '>',
    '>-\n',
  ],
  ...[
    '&a ',
    '*a',
    '&a [*a]',
    '<<: *a',
    '!',
    '!!str ',
    '!!int "x"',
    '!x ',
    '%',
    '%YAML 1.1\n---\n',
    '---\n',
    '...\n',
    '~',
    'null',
    '@',
    '`',
  ],
  ...['\0', '\u0085', '\u2028', '\ufeff', '\ud800', '\u202e', '🖨', '\\', '\\x', '\\u{0}', '%00', '%zz'],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'length',
    '0',
    '-1',
    '1e999',
    '0x10',
    '.inf',
    '9'.repeat(400),
  ],
  ...[
    '[::]:631',
    '::',
    '0.0.0.0:0',
    '10.1.2.3/24',
    'ipp://',
    'file:///',
    'socket://[::1]:70000/',
    'true',
    'all',
    'immediately',
  ],
  ...['['.repeat(80), '{a: '.repeat(80), '- '.repeat(80), 'a: '.repeat(80)],
];

function damaged(text: string, random: (limit: number) => number): string {
  let result = text;
  for (let times = 1 + random(4); times > 0; times--) {
    const from = random(result.length + 1);
    const to = Math.min(result.length, from + random(12));
    const other = random(result.length + 1);
    const piece = result.slice(other, other + random(60));
    const inserts = ['', MORSELS[random(MORSELS.length)] ?? '', piece, String.fromCharCode(random(0x300))];
    result = `${result.slice(0, from)}${inserts[random(inserts.length)]}${result.slice(random(2) === 0 ? from : to)}`;
  }
  return result;
}

test(`${ROUNDS} damaged files`, async (t) => {
  const example = await readFile(join(import.meta.dirname, '../../config/example.yaml'), 'utf8');
  const withoutComments = example.replace(/^ *#.*\n/gm, '');
  const flow = `${PRINTERS}${QUEUES}gateway: {ipp: {listen: ["[::]:631"]}, log: {level: info}}\nlimits: {code-tries: {budget: 3}}\n`;
  const secretive = `${PRINTERS.replace('10.1.2.3', `admin:${SECRET}@10.1.2.3`)}${QUEUES}gateway: {password: ${SECRET}, key-file: ${SECRET}}\n`;
  const seeds = [withoutComments, flow, secretive];
  const random = randomFrom(SEED);
  let right = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const text = damaged(seeds[random(seeds.length)] ?? '', random);
    try {
      parseConfig(text, 'f');
      right++;
    } catch (error) {
      if (!(error instanceof ConfigError)) {
        t.log(JSON.stringify(text));
        throw error;
      }
      const told = formatProblems(error.problems);
      if (error.problems.length === 0 || error.problems.some(({ line, column }) => line < 1 || column < 1)) {
        t.fail(`no place: ${told}: ${JSON.stringify(text)}`);
      }
      if (/[\p{Cc}\p{Cf}]/u.test(told.replaceAll('\n', ''))) t.fail(`unprintable: ${JSON.stringify(told)}`);
    }
  }
  // Else the damage is too small or too great to say anything.
  t.true(right > ROUNDS / 50 && right < ROUNDS / 2, `${right} were right all the same`);
});
