// A part of what `npm run bench -- reader-fuzz` does with a million inputs.
import test from 'ava';
import { DECODERS, fuzz } from './fuzz.ts';

for (const decoder of DECODERS) {
  test(`${decoder.name}: garbage and damaged frames`, (t) => {
    let swipes = 0;
    for (let seed = 0; seed < 2000; seed++) swipes += fuzz(decoder, seed);
    // Else the inputs do not get to where it could go wrong.
    t.true(swipes > 50, `${swipes} swipes`);
  });
}
