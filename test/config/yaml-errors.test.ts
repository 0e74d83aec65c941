// Files that are no YAML, or YAML that is not read: each told with its place, in our words.
import test from 'ava';
import { errorsOf, PRINTERS, QUEUES } from './told.ts';

const TABLE: readonly (readonly [name: string, text: string, ...errors: string[]])[] = [
  ['a tab', 'queues:\n\tprint: {}\n', 'f:2:1: a tab as indentation; must be spaces'],
  [
    'a wrong indentation',
    'queues:\n    print:\n  direct:\n',
    'f:2:11: from here on the indentation fits none of the lines above; keys of one group begin in one column',
  ],
  [
    'a colon in a text',
    'printers:\n  a:\n    info: floor 2: left\n',
    'f:3:11: a second "key:" or "- " in one line; a text with a colon and a space stands in quotes',
  ],
  ['an open quote', 'gateway: {name: "x\n', 'f:2:1: a quote is opened and never closed'],
  ['an open bracket', 'gateway: {name: x\n', 'f:2:1: a [ or { is opened and never closed'],
  [
    'no colon',
    'queues:\n  print\n  direct:\n',
    'f:2:3: a key that goes over several lines; is a colon missing?',
  ],
  ['no colon at the end', 'queues: {}\nprinters\n', 'f:2:1: a key without its colon; must be "key: value"'],
  [
    'a reserved character',
    'gateway: {name: @home}\n',
    'f:1:17: a value cannot begin with this character; must stand in quotes',
  ],
  [
    'a Windows path',
    'gateway: {state-directory: "C:\\Holdfast"}\n',
    'f:1:31: an unknown escape after a backslash; between double quotes a backslash is written \\\\',
  ],
  ['a tag', 'gateway: {name: !vault abc}\n', 'f:1:17: a tag (!name); values are written without tags here'],
  [
    'a second document',
    `${QUEUES}---\n${PRINTERS}`,
    'f:2:1: a second document begins here; must be one, without ---',
  ],
  ['an alias to nothing', 'gateway: *g\n', 'f:1:10: no anchor "&g" stands before this alias'],
  ['an alias to itself', 'gateway: &g {name: *g}\n', 'f:1:20: nested more than 50 deep'],
  ['a list as key', '? [a]\n: b\n', 'f:1:3: a key must be a plain word'],
  ['a key of JavaScript', '__proto__: {gateway: {}}\n', 'f:1:1: no key can have this name'],
  [
    'a key in two places',
    `${QUEUES}${PRINTERS}queues: {x: {}}\n`,
    'f:3:1 queues: stands in line 1 already; must be there once',
  ],
  [
    'several at once',
    'queues:\n\tprint: {}\nprinters: @a\n',
    'f:2:1: a tab as indentation; must be spaces',
    'f:3:11: a value cannot begin with this character; must stand in quotes',
  ],
];

for (const [name, text, ...errors] of TABLE) {
  test(`${name} is an error`, (t) => {
    t.deepEqual(errorsOf(text), errors);
  });
}

test('aliases repeat what an anchor names', (t) => {
  const text = `${PRINTERS}queues:\n  a: &q {claimed-names: trust, location: 1.0}\n  b: *q\n`;
  t.deepEqual(errorsOf(text), []);
});

test('an error within what an alias repeats points at where it stands', (t) => {
  t.deepEqual(errorsOf(`${PRINTERS}queues:\n  a: &q {release: now}\n  b: *q\n`), [
    'f:3:19 queues.a.release: "now" is unknown; must be at-panel or immediately',
    'f:3:19 queues.b.release: "now" is unknown; must be at-panel or immediately',
  ]);
});

test('what could take long or fill the memory ends early', (t) => {
  const letters = [...'abcdefghij'];
  const bomb = letters
    .map(
      (each, index) => `${each}: &${each} [${Array(10).fill(index === 0 ? 'x' : `*${letters[index - 1]}`)}]`,
    )
    .join('\n');
  t.deepEqual(errorsOf(bomb), ['f:1:24: more than 100000 values, with those that aliases repeat']);
  t.deepEqual(errorsOf('['.repeat(60)), ['f:1:52: nested more than 50 deep']);
  t.deepEqual(errorsOf('- '.repeat(2 ** 19)), ['f:1:1: more than 500000 words and marks; must be fewer']);
  t.deepEqual(errorsOf(' '.repeat(2 ** 20 + 1)), ['f: is too large; must be at most 1 MiB']);
});
