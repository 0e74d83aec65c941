/** How the swipes of a reader become card numbers: the steps as they stand in a configuration. */
import { z } from 'zod';
import { MOST_SWIPE_BITS } from '../identity/cards/card-number.ts';
import type { Conversion, ConversionStep } from '../identity/cards/conversion.ts';
import { count, listOf } from './values.ts';
import { kindOf, mustBe } from './wording.ts';

const MOST_STEPS = 16;
const LONGEST_EXPRESSION = 200;
const MOST_DIGITS = 128;

const ALLOWED =
  '`hex-to-decimal`, `decimal-to-hex`, `reverse-bytes`, `reverse-bits`, or one of `match`, `decimal-to-hex`, `bits`, `facility-and-number`, `pad` with what it needs';

const window = () =>
  z.strictObject({ first: count(0, MOST_SWIPE_BITS - 1), length: count(1, MOST_SWIPE_BITS) });

const expression = () =>
  z
    .string({ error: (issue) => mustBe(kindOf(issue.input), 'a regular expression') })
    .min(1)
    .max(LONGEST_EXPRESSION)
    .transform((source, context): RegExp => {
      try {
        return new RegExp(source);
      } catch {
        context.addIssue({ code: 'custom', message: mustBe('cannot be read', 'a regular expression') });
        return z.NEVER;
      }
    });

const step = z
  .union(
    [
      z
        .enum(['hex-to-decimal', 'decimal-to-hex', 'reverse-bytes', 'reverse-bits'])
        .transform((kind): ConversionStep => (kind === 'decimal-to-hex' ? { kind, digits: 0 } : { kind })),
      z
        .strictObject({ match: expression() })
        .transform(({ match }): ConversionStep => ({ kind: 'match', pattern: match })),
      z
        .strictObject({ 'decimal-to-hex': count(0, MOST_DIGITS) })
        .transform((value): ConversionStep => ({ kind: 'decimal-to-hex', digits: value['decimal-to-hex'] })),
      z
        .strictObject({ bits: window() })
        .transform(({ bits }): ConversionStep => ({ kind: 'bits', window: bits })),
      z
        .strictObject({
          'facility-and-number': z.strictObject({
            facility: window(),
            number: window(),
            digits: count(0, MOST_DIGITS),
          }),
        })
        .transform(
          (value): ConversionStep => ({ kind: 'facility-and-number', ...value['facility-and-number'] }),
        ),
      z
        .strictObject({ pad: count(1, MOST_DIGITS) })
        .transform(({ pad }): ConversionStep => ({ kind: 'pad', digits: pad })),
    ],
    { error: (issue) => mustBe(kindOf(issue.input), ALLOWED) },
  )
  .meta({ allowed: ALLOWED });

export const conversion = () =>
  listOf(step, 'a list of steps, such as [reverse-bytes, hex-to-decimal]', MOST_STEPS).transform(
    (steps): Conversion => steps,
  );
