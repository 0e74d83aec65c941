/**
 * `holdfast cards solve FILE|-`: the conversion of a reader, found from known badges. Solved here, with the rights of who
 * typed it; the running gateway only says whose cards come out, and how many people it knows.
 */
import { systemClock } from '../../base/clock.ts';
import { Failure, messageOf } from '../../base/errors.ts';
import { nodeFiles } from '../../base/files/node-files.ts';
import { readSmallFile } from '../../base/files/small-files.ts';
import { type Badge, readBadges } from '../../identity/cards/badge-file.ts';
import { type Conversions, convertAll, isLossless } from '../../identity/cards/collisions.ts';
import { conversionYaml, plainConversion } from '../../identity/cards/conversion-yaml.ts';
import { guessableCards } from '../../identity/cards/guessable.ts';
import { FEWEST_BADGES, MOST_BADGES, type Solution, solve } from '../../identity/cards/solver.ts';
import { assess } from '../../identity/codes/accounting.ts';
import { askGateway } from '../control/client.ts';
import type { Found } from './cards-find.ts';

const LARGEST_FILE = 16 * 1024 * 1024;
/** Lines that are told one by one. */
const MOST_TOLD = 20;

/** What the gateway knows of the cards. */
interface Known extends Pick<Found, 'people' | 'guesses-per-week'> {
  /** By line. */
  readonly holders: ReadonlyMap<number, string | null>;
}

/** What somebody gets who makes up cards. */
interface Exposure {
  readonly people: number;
  readonly guesses: number;
  readonly hitsPerWeek: number;
}

/** @returns the exit code: 0 when the conversion is certain and no two cards become one. @throws Failure */
export async function solveCards(file: string, socket: string, json: boolean): Promise<number> {
  const badges = await badgesOf(file);
  const pairs = badges.filter(({ written }) => written !== '');
  if (pairs.length < FEWEST_BADGES || pairs.length > MOST_BADGES) {
    throw new Failure(
      'bad-badges',
      `${pairs.length} rows have READ and WRITTEN; ${FEWEST_BADGES} to ${MOST_BADGES} are needed`,
    );
  }
  const solution = solve(pairs);
  if (solution === undefined) {
    throw new Failure('no-conversion', 'no conversion of the usual shapes fits all these badges', {
      advice: 'Look for a row whose WRITTEN belongs to another badge',
    });
  }
  const converted = convertAll(badges, solution.conversion);
  const known = await askAbout(converted, socket);
  const guessable = guessableOf(badges, converted, solution);
  const good = solution.certain && converted.collisions.length === 0;
  const answer = json
    ? JSON.stringify(asJson(solution, converted, guessable, known))
    : [
        `conversion:`,
        indented(solution),
        ...remarks(solution, converted, guessable, known).map((each) => `# ${each}`),
      ].join('\n');
  process.stdout.write(`${answer}\n`);
  return good ? 0 : 1;
}

async function badgesOf(file: string): Promise<readonly Badge[]> {
  const content = file === '-' ? await standardInput() : await fileContent(file);
  const read = await readBadges(content, systemClock);
  if (read.ok) return read.badges;
  const lines = read.problems.map(
    ({ line, column, message }) => `${file}:${line}${column === undefined ? '' : ` ${column}`}: ${message}`,
  );
  throw new Failure('bad-badges', lines.join('\n'));
}

async function fileContent(file: string): Promise<Buffer> {
  const content = await readSmallFile(nodeFiles, file, LARGEST_FILE).catch((cause: unknown) => {
    throw new Failure('cannot-read', `${file} cannot be read: ${messageOf(cause)}`, { cause });
  });
  if (content === undefined) throw new Failure('cannot-read', `there is no file ${file}`);
  return content;
}

async function standardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LARGEST_FILE) throw new Failure('file-too-large', `at most ${LARGEST_FILE} bytes are read`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Undefined when no gateway runs. */
async function askAbout({ cards }: Conversions, socket: string): Promise<Known | undefined> {
  const fitting = cards.filter(({ card }) => card !== undefined);
  const question = {
    command: 'cards find',
    arguments: {},
    upload: Buffer.from(fitting.map(({ card }) => card).join('\n')),
    onProgress: () => {},
  };
  try {
    const found = (await askGateway(socket, question)) as Found;
    return {
      ...found,
      holders: new Map(fitting.map(({ line }, index) => [line, found.holders[index] ?? null])),
    };
  } catch (error) {
    if (error instanceof Failure && error.code === 'not-running') return undefined;
    throw error;
  }
}

const indented = ({ conversion }: Solution): string => conversionYaml(conversion).replace(/^/gm, '  ');

function remarks(
  solution: Solution,
  { cards, collisions }: Conversions,
  guessable: number,
  known: Known | undefined,
): string[] {
  const unfit = cards.filter(({ card }) => card === undefined).map(({ line }) => line);
  return [
    certainty(solution),
    guessing(solution, guessable, known),
    'reckoned with how these badges differ: what they have the same is read off any one of them',
    isLossless(solution.conversion)
      ? 'leaves nothing out: no two cards of one length become one, whoever has them'
      : `may leave something out: looked for different cards that become one among the ${cards.length} of this file`,
    ...(unfit.length === 0 ? [] : [`does not fit the badges of the lines ${some(unfit)}`]),
    ...collisions.slice(0, MOST_TOLD).map((lines) => `different cards become one: lines ${some(lines)}`),
    ...(collisions.length > MOST_TOLD ? [`… and ${collisions.length - MOST_TOLD} more`] : []),
    ...(known === undefined
      ? ['no gateway runs here: not looked up whose these cards are']
      : belongings(known.holders)),
  ];
}

function certainty({ certain, undecided, fits }: Solution): string {
  if (certain) return 'certain: nothing else fits these badges and differs for others like them';
  if (undecided.length === 0) {
    return `not certain: ${fits} conversions fit; add a badge with a very different number`;
  }
  const places = `place${undecided.length === 1 ? '' : 's'} ${some(undecided)} of what is read, from 0`;
  return `not certain: ${fits} conversions fit, and differ only where all these badges have the same (${places}): right if every badge of the site has it so; else add one that has not`;
}

/** Of everybody's badges that fit. */
function guessableOf(badges: readonly Badge[], { cards }: Conversions, { conversion }: Solution): number {
  const fitting = cards.flatMap(({ card }) => card ?? []);
  const reads = badges.filter((_, index) => cards[index]?.card !== undefined).map(({ read }) => read);
  return guessableCards(fitting, reads, conversion);
}

/** Undefined where nothing is known of people. */
function exposureOf(guessable: number, known: Known | undefined): Exposure | undefined {
  if (known === undefined || known.people === 0) return undefined;
  const { people, 'guesses-per-week': guessesPerWeek } = known;
  const assessed = assess({ space: guessable, inUse: people, guessesPerWeek });
  return {
    people,
    guesses: Math.max(1, Math.round(assessed.expectedGuesses)),
    hitsPerWeek: Number(assessed.hitsPerWeek.toPrecision(2)),
  };
}

function guessing({ conversion, keptBits }: Solution, guessable: number, known: Known | undefined): string {
  const step = conversion.find(({ kind }) => kind === 'facility-and-number');
  const beside =
    step?.kind === 'facility-and-number' ? `, ${step.number.length} of them beside the facility code` : '';
  const kept = keptBits === undefined ? '' : `keeps ${keptBits} bits of the card${beside}: `;
  const exposure = exposureOf(guessable, known);
  const told =
    exposure === undefined
      ? `one made-up card in ${guessable} is a certain person's`
      : `with the ${exposure.people} people here one made-up card in ${exposure.guesses} is somebody's, ${exposure.hitsPerWeek} hits a week with somebody trying at every panel`;
  return `${kept}${told}`;
}

function belongings(holders: ReadonlyMap<number, string | null>): string[] {
  const lines = [...holders].map(([line, holder]) =>
    holder === null ? `line ${line}: nobody has this card` : `line ${line}: ${holder}`,
  );
  const more = lines.length - MOST_TOLD;
  return more > 0 ? [...lines.slice(0, MOST_TOLD), `… and ${more} more`] : lines;
}

const some = (lines: readonly number[]): string =>
  lines.length > MOST_TOLD ? `${lines.slice(0, MOST_TOLD).join(', ')} …` : lines.join(', ');

function asJson(
  { conversion, certain, undecided, fits, keptBits }: Solution,
  { cards, collisions }: Conversions,
  guessable: number,
  known: Known | undefined,
) {
  const exposure = exposureOf(guessable, known);
  return {
    conversion: plainConversion(conversion),
    certain,
    undecided,
    fits,
    'kept-bits': keptBits ?? null,
    'guessable-cards': guessable,
    exposure:
      exposure === undefined
        ? null
        : {
            people: exposure.people,
            'expected-guesses': exposure.guesses,
            'hits-per-week': exposure.hitsPerWeek,
          },
    lossless: isLossless(conversion),
    unfit: cards.filter(({ card }) => card === undefined).map(({ line }) => line),
    collisions,
    holders: known === undefined ? null : [...known.holders].map(([line, user]) => ({ line, user })),
  };
}
