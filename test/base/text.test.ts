import test from 'ava';
import { displayable, nearest, printable } from '../../base/text.ts';

test('nothing that moves a terminal or a line passes into a log', (t) => {
  t.is(printable('a\nb\r\u001b[31mred\u0007'), 'a\\u{a}b\\u{d}\\u{1b}[31mred\\u{7}');
  t.is(printable('invoice\u202efdp.exe\u2028\u200f'), 'invoice\\u{202e}fdp.exe\\u{2028}\\u{200f}');
  t.is(printable('Grüße 漢字 🖨'), 'Grüße 漢字 🖨');
  t.is(printable('x'.repeat(1001)).length, 1001);
});

test('a screen shows a name on one line without tricks', (t) => {
  t.is(displayable('  a\n\n b\u202e c '), 'a b c');
  t.is(displayable('x'.repeat(300)).length, 255);
});

for (const [word, expected] of [
  ['relase', 'release'],
  ['pritners', 'printers'],
  ['queue', 'queues'],
  ['Release', 'release'],
  ['zzz', undefined],
  ['', undefined],
] as const) {
  test(`nearest to "${word}" is ${expected}`, (t) => {
    t.is(nearest(word, ['release', 'printers', 'queues', 'panels']), expected);
  });
}
