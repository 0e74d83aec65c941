// Files of people that chance has made or damaged: no crash, no half of a file, and what is written is what is read.
import test from 'ava';
import { systemClock } from '../../../base/clock.ts';
import { asCell, attributesOf, fromCell, listCell, listOf, quoted } from '../../../identity/import/cells.ts';
import { readCsv } from '../../../identity/import/csv.ts';
import { Problems } from '../../../identity/import/problems.ts';
import { Turns } from '../../../identity/import/turns.ts';
import { random } from '../../random.ts';
import { openIdentity } from '../fixture.ts';

const SEED = 20_261_121;
const PIECES = [
  'a',
  'Zoë',
  '雪',
  ',',
  '"',
  "'",
  '=',
  '-',
  '@',
  '[',
  ']',
  '{',
  '}',
  ':',
  '\\',
  ' ',
  '\n',
  '\r\n',
  '😀',
  '\t',
];
const HEADER = 'EMAIL,OPERATION,SHORTNAME,GROUPS,CUSTOM_ATTRIBUTES,CARD,CODE,PIN,PASSWORD';

function texts(seed: number) {
  const next = random(seed);
  const below = (limit: number) => Math.floor(next() * limit);
  const text = (longest: number, pieces = PIECES) =>
    Array.from({ length: below(longest + 1) }, () => pieces[below(pieces.length)]).join('');
  return { below, text };
}

test('what is written as CSV is read as it was, in every encoding', async (t) => {
  const { below, text } = texts(SEED);
  for (let round = 0; round < 150; round++) {
    // A record of one empty field is a blank line, and a mark at the beginning is no text.
    const rows = Array.from({ length: 1 + below(8) }, () => ['x', text(6), text(12), text(3)]);
    const content = rows.map((row) => row.map((field) => quoted(asCell(field))).join(',')).join('\n');
    for (const encoded of [Buffer.from(content), Buffer.from(`\u{feff}${content}`, 'utf16le')]) {
      const read: string[][] = [];
      const problems = new Problems();
      const take = ({ fields }: { fields: readonly string[] }) => void read.push(fields.map(fromCell));
      await readCsv(encoded, problems, take, new Turns(systemClock));
      t.deepEqual(problems.list(), [], `round ${round}`);
      t.deepEqual(read, rows, `round ${round}`);
    }
  }
});

test('lists and attributes come back as they were; anything else is a list, attributes or none, and no error', (t) => {
  const { below, text } = texts(SEED + 1);
  const visible = PIECES.filter((piece) => !/[\r\n\t]/.test(piece));
  for (let round = 0; round < 3000; round++) {
    const names = Array.from({ length: 1 + below(4) }, () => `${text(4, visible)}n`.trim());
    t.deepEqual(listOf(fromCell(asCell(listCell(names)))), names);
    const attributes = Object.fromEntries(names.map((name) => [name, text(5)]));
    t.deepEqual(attributesOf(JSON.stringify(attributes)), attributes);
    const apostrophes = (each: string) => `'${each.replaceAll(/['\\]/g, '\\$&')}'`;
    const pairs = Object.entries(attributes).map(
      ([name, value]) => `${apostrophes(name)}: ${apostrophes(value)}`,
    );
    t.deepEqual(attributesOf(`{${pairs.join(' ,')} }`), attributes);
    const noise = `${['{', '[', ''][below(3)]}${text(12)}`;
    t.notThrows(() => [listOf(noise), attributesOf(noise)]);
  }
});

test('damaged files are refused whole, or taken whole', async (t) => {
  const { below, text } = texts(SEED + 2);
  let taken = 0;
  for (let round = 0; round < 120; round++) {
    const { identity } = await openIdentity();
    const rows = Array.from({ length: 1 + below(6) }, (_, at) =>
      below(3) === 0 ? text(30) : `p${at}@x.org,CREATE,p${at},"g,h","{'k':'v'}",${7700 + at},`,
    );
    const content = Buffer.from([HEADER, ...rows].join('\n'));
    for (let damage = below(3); damage > 0; damage--) content[below(content.length)] = below(256);
    const outcome = await identity.importPeople(content);
    t.is(outcome.applied, outcome.count === 0, `round ${round}`);
    t.is(identity.size, outcome.report.created, `round ${round}`);
    if (outcome.applied) taken += 1;
    const some = await identity.importPeople(content, { perRow: true });
    t.is(identity.size, outcome.report.created + some.report.created, `round ${round}`);
  }
  t.true(taken > 5, 'some files were right');
});
