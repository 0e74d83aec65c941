/** `holdfast cards find`: whose card it is. Numbers come typed or piped in, and stand in no answer. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { defineCommand } from './command.ts';
import { readSecret } from './read-secret.ts';

export interface Found {
  /** User names in the order of the numbers; null where nobody has the card. */
  readonly holders: readonly (string | null)[];
  /** Who are known here. */
  readonly people: number;
  /** Unknown cards that are looked at in a week, at all panels together. */
  readonly 'guesses-per-week': number;
}

/** Numbers of one question; one upload holds them all. */
export const MOST_CARDS = 100_000;

export const cardsFind = defineCommand<Record<string, never>, Found>({
  name: 'cards find',
  summary: 'Say whose card a number is, typed or piped in, as the directory writes it',
  request: async () => ({ arguments: {}, upload: Buffer.from(await readSecret('Number', false)) }),
  arguments: z.strictObject({}),
  async handle({ gateway: { identity, cardGuessesPerWeek }, upload }) {
    const numbers = upload.toString('utf8').split('\n', MOST_CARDS + 1);
    if (numbers.length > MOST_CARDS) {
      throw new Failure('too-many-cards', `at most ${MOST_CARDS} cards are looked up at once`);
    }
    const holders = await identity.holdersOf('card', numbers);
    return {
      holders: holders.map((person) => person?.userName ?? null),
      people: identity.size,
      'guesses-per-week': cardGuessesPerWeek,
    };
  },
  show: ({ holders }) => holders.map((holder) => holder ?? 'nobody').join('\n'),
  exitCode: ({ holders }) => (holders.includes(null) ? 1 : 0),
});
