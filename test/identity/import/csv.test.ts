// CSV as files really are: line ends, marks, quotes, and the line that a defect is in.
import test from 'ava';
import { systemClock } from '../../../base/clock.ts';
import { type CsvRecord, LARGEST_FILE, readCsv } from '../../../identity/import/csv.ts';
import { Problems } from '../../../identity/import/problems.ts';
import { Turns } from '../../../identity/import/turns.ts';

async function read(content: string | Uint8Array) {
  const problems = new Problems();
  const records: CsvRecord[] = [];
  await readCsv(
    typeof content === 'string' ? Buffer.from(content) : content,
    problems,
    (each) => records.push(each),
    new Turns(systemClock),
  );
  return {
    records: records.map(({ line, fields }) => `${line} ${fields.join('|')}`),
    problems: problems.list().map(({ line, message }) => `${line} ${message}`),
  };
}

const RIGHT: { name: string; content: string; records: string[] }[] = [
  { name: 'plain', content: 'a,b\n1,2\n', records: ['1 a|b', '2 1|2'] },
  { name: 'no line end at the end', content: 'a,b\n1,2', records: ['1 a|b', '2 1|2'] },
  { name: 'mixed line ends', content: 'a\r\nb\nc\rd\r\n', records: ['1 a', '2 b', '3 c', '4 d'] },
  { name: 'blank lines', content: '\na\r\n\r\n\nb\n\n', records: ['2 a', '5 b'] },
  { name: 'byte order mark', content: '\u{feff}a,b\n1,2\n', records: ['1 a|b', '2 1|2'] },
  { name: 'quotes', content: 'a,"b,""c"""\n"d",e\n', records: ['1 a|b,"c"', '2 d|e'] },
  {
    name: 'line breaks in quotes',
    content: '"a\r\nb\nc",d\ne,f\n"g\rh"',
    records: ['1 a\r\nb\nc|d', '4 e|f', '5 g\rh'],
  },
  { name: 'short and long rows', content: 'a,b\n1\n1,2,3\n', records: ['1 a|b', '2 1', '3 1|2|3'] },
];

for (const { name, content, records } of RIGHT) {
  test(`right: ${name}`, async (t) => {
    t.deepEqual(await read(content), { records, problems: [] });
  });
}

test('characters of several octets survive the slices that a file is read in', async (t) => {
  const line = 'Zoë,雪,😀\n';
  const { records, problems } = await read(line.repeat(20_000));
  t.deepEqual(problems, []);
  t.is(records.length, 20_000);
  t.true(records.every((each, index) => each === `${index + 1} Zoë|雪|😀`));
});

const utf16 = Buffer.from('\u{feff}a,b\n', 'utf16le');
const cut = Buffer.concat([Buffer.from('a,ä\r\n1,2\n3,'), Buffer.from([0xe4]), Buffer.from('\n5,6\n')]);
const TEXT = 'a,Zoë €\r\n雪,😀\n';
const ENCODED: { name: string; content: Uint8Array; records?: string[] }[] = [
  { name: 'UTF-16', content: Buffer.from(`\u{feff}${TEXT}`, 'utf16le') },
  { name: 'UTF-16 big-endian', content: Buffer.from(`\u{feff}${TEXT}`, 'utf16le').swap16() },
  { name: 'UTF-16 without a mark', content: Buffer.from(TEXT, 'utf16le') },
  {
    name: 'Windows-1252',
    content: Buffer.from('a,Zo\xeb \x80\n\x9eluk\xe9,\xdf\n', 'latin1'),
    records: ['1 a|Zoë €', '2 žluké|ß'],
  },
];

for (const { name, content, records = ['1 a|Zoë €', '2 雪|😀'] } of ENCODED) {
  test(`read as it is meant: ${name}`, async (t) => {
    t.deepEqual(await read(content), { records, problems: [] });
  });
}

test('UTF-16 survives the slices, wherever they cut it', async (t) => {
  const lines = 'ab😀,é\n'.repeat(20_000);
  const { records, problems } = await read(Buffer.from(`\u{feff}x${lines}`, 'utf16le'));
  t.deepEqual(problems, []);
  t.is(records.length, 20_000);
  t.true(records.slice(1).every((each, index) => each === `${index + 2} ab😀|é`));
});

const WRONG: { name: string; content: string | Uint8Array; records: string[]; problems: RegExp[] }[] = [
  { name: 'empty', content: '', records: [], problems: [/^1 the file is empty/] },
  { name: 'UTF-16 that is cut', content: utf16.subarray(0, -1), records: [], problems: [/^1 .*UTF-16/] },
  { name: 'a NUL', content: 'a,b\n\n1,2\0\n', records: [], problems: [/^3 .*NUL/] },
  { name: 'UTF-8 that is damaged', content: cut, records: [], problems: [/^3 .*not UTF-8/] },
  {
    name: 'octets of no encoding',
    content: Buffer.from('a\n\x81\n', 'latin1'),
    records: [],
    problems: [/^2 .*not UTF-8/],
  },
  {
    name: 'a quotation mark inside',
    content: 'a,b\n1,x"y"\n2,3\n4,"x"y\n"5,6\n',
    records: ['1 a|b', '3 2|3'],
    problems: [/^2 a quotation mark stands inside/, /^4 a quotation mark stands inside/],
  },
  {
    name: 'a quotation mark that is never closed',
    content: 'a,b\n\r\n1,"x\n2,3\n',
    records: ['1 a|b'],
    problems: [/^3 a quotation mark is opened and never closed/],
  },
  {
    name: 'the same in a long file',
    content: `a,b\n1,"x\n${'2,3\n'.repeat(50_000)}`,
    records: ['1 a|b'],
    problems: [/^2 the row is longer than 64 KiB/],
  },
  {
    name: 'a quotation mark inside, and none behind it in a long file',
    content: `a,b\n1,"x"y\n${'2,3\n'.repeat(50_000)}`,
    records: ['1 a|b'],
    problems: [/^2 a quotation mark stands inside/],
  },
  { name: 'one endless line', content: 'x'.repeat(100_000), records: [], problems: [/^1 the row is longer/] },
];

for (const { name, content, records, problems } of WRONG) {
  test(`wrong: ${name}`, async (t) => {
    const seen = await read(content);
    t.deepEqual(seen.records, records);
    t.is(seen.problems.length, problems.length, seen.problems.join('\n'));
    for (const [index, problem] of problems.entries()) t.regex(seen.problems[index] ?? '', problem);
  });
}

test('a file past the bound is not read at all', async (t) => {
  const seen = await read(new Uint8Array(LARGEST_FILE + 1));
  t.deepEqual(seen, { records: [], problems: ['1 the file is larger than 64 MiB; split it'] });
});
