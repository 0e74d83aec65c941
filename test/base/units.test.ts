import test from 'ava';
import {
  Bytes,
  Days,
  formatDuration,
  formatSize,
  Hours,
  MiB,
  Milliseconds,
  parseDuration,
  parseSize,
  Seconds,
} from '../../base/units.ts';

for (const [text, value] of [
  ['250 ms', 250],
  ['90 s', 90_000],
  ['1.5h', 5_400_000],
  ['15 min', 900_000],
  ['3 d', 259_200_000],
] as const) {
  test(`${text} is ${value} ms`, (t) => t.is(parseDuration(text), Milliseconds(value)));
}

for (const text of ['', '5', 's', '-1 s', '1 m', '1  s', '1e3 s', '１ s', '1 s ', `${'9'.repeat(400)} d`]) {
  test(`"${text.slice(0, 20)}" is no duration`, (t) => {
    t.throws(() => parseDuration(text));
  });
}

test('sizes count in powers of 1024', (t) => {
  t.is(parseSize('64 MiB'), MiB(64));
  t.is(parseSize('0.5 KiB'), Bytes(512));
  t.throws(() => parseSize('0.3 B'), { code: 'bad-size' });
  t.throws(() => parseSize('64 MB'), { code: 'bad-size' });
  t.throws(() => parseSize('99999999 TiB'), { code: 'bad-size' });
});

test('values are written in the largest unit that fits', (t) => {
  t.is(formatDuration(Days(3)), '3 d');
  t.is(formatDuration(Hours(25)), '25 h');
  t.is(formatDuration(Seconds(90)), '90 s');
  t.is(formatSize(MiB(64)), '64 MiB');
  t.is(formatSize(Bytes(1025)), '1025 B');
});

test('what is written is read back', (t) => {
  for (const value of [Seconds(1), Seconds(90), Hours(2), Days(30), Milliseconds(1)]) {
    t.is(parseDuration(formatDuration(value)), value);
  }
});
