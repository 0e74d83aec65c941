/** `holdfast readers test NAME`: the next swipe at a reader, as it was read and as the number it becomes; it signs nobody in. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { printable } from '../../base/text.ts';
import { Seconds } from '../../base/units.ts';
import type { RawSwipe } from '../../identity/cards/card-number.ts';
import { convert } from '../../identity/cards/conversion.ts';
import type { OpenReader } from '../card-readers.ts';
import type { Gateway } from '../gateway.ts';
import { defineCommand } from './command.ts';

const PATIENCE = Seconds(60);

const words = z.strictObject({ name: z.string().max(63), reveal: z.boolean() });

interface Result {
  readonly reader: string;
  readonly raw: string;
  /** Undefined when the conversion does not fit. */
  readonly card?: string;
  /** What does not fit. */
  readonly problem?: string;
}

export const readersTest = defineCommand<z.infer<typeof words>, Result>({
  name: 'readers test',
  summary: `Show the next swipe at a reader, within ${PATIENCE / 1000} s; it signs nobody in`,
  words: [['<name>', 'the name of a reader']],
  options: [['--reveal', 'show the whole number, not only its last two characters']],
  request: ({ words: [name = ''], options }) => ({ arguments: { name, reveal: options['reveal'] === true } }),
  arguments: words,
  async handle({ gateway, arguments: { name, reveal } }) {
    const found = gateway.readers.list().find(({ config }) => config.name === name);
    if (found === undefined) throw new Failure('no-reader', `there is no reader "${printable(name, 63)}"`);
    return told(found, await nextSwipe(gateway, found), reveal);
  },
  show: ({ reader, raw, card, problem }) =>
    [
      `${reader} read   ${raw}`,
      card === undefined ? `no card number: ${problem}` : `card number ${card}`,
    ].join('\n'),
  exitCode: ({ card }) => (card === undefined ? 1 : 0),
});

function nextSwipe({ readers, clock }: Gateway, { config, reader }: OpenReader): Promise<RawSwipe> {
  const { status } = reader;
  if (status.state === 'away') {
    throw new Failure('reader-away', `the reader does not read: ${status.detail}`);
  }
  return new Promise((resolve, reject) => {
    const timer = clock.after(PATIENCE, () => {
      stop();
      reject(new Failure('no-swipe', `nothing was read within ${PATIENCE / 1000} s`));
    });
    const stop = readers.intercept(config.name, (swipe) => {
      timer.cancel();
      stop();
      resolve(swipe);
    });
  });
}

function told({ config }: OpenReader, swipe: RawSwipe, reveal: boolean): Result {
  const mask = (text: string) => (reveal ? text : masked(text));
  const result = convert(swipe, config.conversion);
  const { kind } = swipe;
  const raw =
    kind === 'text'
      ? `${mask(swipe.text)} (${swipe.text.length} characters)`
      : `hex:${mask(Buffer.from(swipe.octets).toString('hex').toUpperCase())}/${swipe.bits}`;
  return {
    reader: config.name,
    raw: printable(raw),
    ...(result.ok ? { card: mask(result.card) } : { problem: result.problem }),
  };
}

/** A card's number is worth a code: whoever looks over a shoulder sees two characters of it. */
const masked = (text: string): string => `${'•'.repeat(Math.max(0, text.length - 2))}${text.slice(-2)}`;
