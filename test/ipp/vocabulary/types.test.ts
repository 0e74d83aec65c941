// What the compiler knows of the table. Each @ts-expect-error fails `tsc` when the mistake is let through.
import test from 'ava';
import { Attributes } from '../../../ipp/model.ts';
import { attributes } from '../../../ipp/vocabulary/build.ts';
import { JobState } from '../../../ipp/vocabulary/enums.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import { noValue } from '../../../ipp/vocabulary/shapes.ts';

test('reading gives the type of the attribute', (t) => {
  const none = new Attributes();
  const copies: number | undefined = read(none, 'copies');
  const sides: readonly string[] | undefined = read(none, 'sides-supported');
  const state: JobState | undefined = read(none, 'job-state');
  const width: number | undefined = read(none, 'media-col')?.['media-size']?.['x-dimension'];
  const lower: number | undefined = read(none, 'copies-supported')?.lower;
  t.deepEqual([copies, sides, state, width, lower], [undefined, undefined, undefined, undefined, undefined]);
  // @ts-expect-error a number is no string
  const wrong: string | undefined = read(none, 'copies');
  t.is(wrong, undefined);
  // @ts-expect-error a set is an array
  const single: string | undefined = read(none, 'sides-supported');
  t.is(single, undefined);
});

test('building takes the type of the attribute', (t) => {
  t.is(attributes({ 'job-state': JobState.completed }).size, 1);
  // @ts-expect-error no such attribute
  t.throws(() => attributes({ 'job-idd': 5 }));
  // @ts-expect-error a single value where a set is wanted
  t.throws(() => attributes({ 'sides-supported': 'one-sided' }));
  // @ts-expect-error no such job-state
  t.throws(() => attributes({ 'job-state': 2 }));
  // @ts-expect-error the standard foresees no no-value here
  t.throws(() => attributes({ copies: noValue }));
  // @ts-expect-error no such member
  t.throws(() => attributes({ 'media-col': { 'media-size': { width: 1 } } }));
});
