/** `holdfast codes lengths`: how often a guess hits with codes of each length, and which are taken. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { assess, codeSpace } from '../../identity/codes/accounting.ts';
import { CODE_LENGTHS } from '../../identity/codes/policy.ts';
import { defineCommand } from './command.ts';
import { table } from './table.ts';

interface Length {
  readonly digits: number;
  readonly 'expected-guesses': number;
  readonly 'hits-per-week': number;
  readonly allowed: boolean;
}

interface Result {
  readonly people: number;
  readonly 'guesses-per-week': number;
  readonly 'accept-risk': boolean;
  readonly lengths: readonly Length[];
}

/** Past ten digits nothing changes for anybody. */
const SHOWN = CODE_LENGTHS.filter((digits) => digits <= 10);
const MOST_PEOPLE = 10_000_000;

export const codesLengths = defineCommand<{ people?: number | undefined }, Result>({
  name: 'codes lengths',
  summary: 'Show how often somebody who guesses hits a code, for each length, and which lengths are taken',
  options: [['--people <number>', 'with so many codes; as many as there are people unless told']],
  request({ options: { people } }) {
    if (people === undefined) return { arguments: {} };
    if (!/^[0-9]{1,8}$/.test(String(people)))
      throw new Failure('bad-number', '--people takes a whole number');
    return { arguments: { people: Number(people) } };
  },
  arguments: z.strictObject({ people: z.int().min(1).max(MOST_PEOPLE).optional() }),
  handle({ gateway, arguments: { people = Math.max(1, gateway.identity.size) } }) {
    const { guessesPerWeek, hitsAllowedPerWeek, acceptRisk, secondFactor = 1 } = gateway.codePolicy;
    const lengths = SHOWN.map((digits): Length => {
      const space = codeSpace(digits);
      const { expectedGuesses, hitsPerWeek } = assess({
        space: space * secondFactor,
        inUse: people,
        guessesPerWeek,
      });
      return {
        digits,
        'expected-guesses': Math.round(expectedGuesses),
        'hits-per-week': Number(hitsPerWeek.toPrecision(2)),
        allowed: acceptRisk || (hitsPerWeek < hitsAllowedPerWeek && people <= space),
      };
    });
    return { people, 'guesses-per-week': guessesPerWeek, 'accept-risk': acceptRisk, lengths };
  },
  show: (result) =>
    [
      `${result.people} codes, ${result['guesses-per-week']} guesses a week at all panels together`,
      table(
        ['DIGITS', 'GUESSES UNTIL A HIT', 'HITS A WEEK', 'TAKEN'],
        result.lengths.map((each) => [
          `${each.digits}`,
          `${each['expected-guesses']}`,
          `${each['hits-per-week']}`,
          each.allowed ? 'yes' : 'no',
        ]),
      ),
      ...(result['accept-risk'] ? ['codes.accept-risk is set: every length is taken'] : []),
    ].join('\n'),
});
