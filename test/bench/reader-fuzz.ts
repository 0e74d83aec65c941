// A million seeded inputs through the decoders of card readers.
import { DECODERS, fuzz } from '../drivers/readers/fuzz.ts';
import type { Bench } from './bench.ts';

const INPUTS = 1_000_000;

export const bench: Bench = {
  summary: `${INPUTS} seeded inputs, garbage and damaged frames, shared out among the decoders of card readers`,
  atMost: { failed: 0 },
  async run(say) {
    const begun = performance.now();
    let failed = 0;
    let swipes = 0;
    for (let seed = 0; seed < INPUTS; seed++) {
      const decoder = DECODERS[seed % DECODERS.length];
      if (decoder === undefined) continue;
      try {
        swipes += fuzz(decoder, seed);
      } catch (error) {
        if (failed++ < 10) say(String(error));
      }
    }
    return { inputs: INPUTS, swipes, failed, seconds: Math.round((performance.now() - begun) / 100) / 10 };
  },
};
