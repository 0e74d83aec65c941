/** `holdfast codes generate`, `codes apply PLAN`: codes for many people, looked at before they are made. */
import { z } from 'zod';
import { Failure, messageOf } from '../../base/errors.ts';
import { nodeFiles } from '../../base/files/node-files.ts';
import { readSmallFile } from '../../base/files/small-files.ts';
import type { BatchOutcome, BatchPerson, BatchPreview, CodeRequest } from '../../identity/codes/batch.ts';
import { LONGEST_CODE, SHORTEST_CODE } from '../../identity/credential.ts';
import { LONGEST_TEXT } from '../../identity/people/draft.ts';
import { defineCommand } from './command.ts';
import { startOf } from './dates.ts';
import { planNumber } from './plan-number.ts';
import { table } from './table.ts';

const MOST_NAMED = 20_000;
const LARGEST_LIST = 4 * 1024 * 1024;
/** Of a preview on a terminal. */
const MOST_SHOWN = 20;

const text = z.string().min(1).max(LONGEST_TEXT).exactOptional();
export const digits = z.int().min(SHORTEST_CODE).max(LONGEST_CODE);

const schema = z.strictObject({
  criteria: z.strictObject({
    people: z
      .array(
        z
          .string()
          .min(1)
          .max(2 * LONGEST_TEXT),
      )
      .min(1)
      .max(MOST_NAMED)
      .exactOptional(),
    group: text,
    department: text,
    office: text,
    restricted: z.boolean().exactOptional(),
    noActivitySince: z.number().exactOptional(),
  }),
  digits: digits.exactOptional(),
  rank: z.enum(['primary', 'secondary']),
  mode: z.enum(['only-empty', 'replace']),
  atOnce: z.boolean(),
});
type Arguments = Omit<CodeRequest, 'digits'> & { readonly digits?: number };

export const codesGenerate = defineCommand<Arguments, BatchPreview>({
  name: 'codes generate',
  summary: 'Show who would get a new code by mail; "holdfast codes apply" then gives them',
  options: [
    ['--all', 'everybody who may sign in'],
    ['--people <names>', 'user names with commas, or @FILE with one in each line'],
    ['--group <name>', 'members of a group'],
    ['--department <name>', 'of a department'],
    ['--office <name>', 'of an office'],
    ['--restricted <yes|no>', 'who is marked as restricted, or is not'],
    ['--no-activity-since <date>', 'who has not signed in since that day, such as 2026-01-31'],
    ['--digits <number>', 'how long the codes are; as the policy asks for unless told'],
    ['--secondary', 'beside the code that they have'],
    ['--only-empty', 'who has a code keeps it and gets none; so it is unless --replace is given'],
    ['--replace', 'who has a code gets another; the old one goes on for 3 days'],
    ['--at-once', 'with --replace: the old codes end when the new ones are made'],
    ['--dry-run', 'as always: nothing is changed before "holdfast codes apply"'],
  ],
  async request({ options }) {
    const criteria = await criteriaOf(options);
    if (options['replace'] === true && options['onlyEmpty'] === true) {
      throw new Failure('bad-option', '--replace and --only-empty exclude each other');
    }
    if (options['atOnce'] === true && options['replace'] !== true) {
      throw new Failure('bad-option', '--at-once goes with --replace');
    }
    return {
      arguments: {
        criteria,
        ...digitsOf(options['digits']),
        rank: options['secondary'] === true ? 'secondary' : 'primary',
        mode: options['replace'] === true ? 'replace' : 'only-empty',
        atOnce: options['atOnce'] === true,
      },
    };
  },
  arguments: schema as z.ZodType<Arguments>,
  handle({ gateway: { codes, config }, arguments: { digits = codes.giving.usualDigits, ...rest } }) {
    if (config.mail === undefined) {
      throw new Failure('mail-not-configured', 'codes are mailed, and there is no mail server', {
        advice: 'Add mail: with host and from; see docs/configuration.md',
      });
    }
    return codes.batches.preview({ ...rest, digits });
  },
  show: shown,
  exitCode: ({ plan }) => (plan === null ? 1 : 0),
});

export const codesApply = defineCommand<{ number: number }, BatchOutcome>({
  name: 'codes apply',
  summary: 'Make the codes of a plan, exactly as it was shown, and mail them',
  words: [['<plan>', 'its number, as "holdfast codes generate" told it']],
  request: ({ words: [plan = ''] }) => ({ arguments: { number: planNumber(plan) } }),
  arguments: z.strictObject({ number: z.int().min(1) }),
  handle: ({ gateway, arguments: { number } }) => gateway.codes.batches.apply(number),
  show: ({ plan, count, withoutAddress }) =>
    [
      `${count} new ${count === 1 ? 'code' : 'codes'}; see "holdfast codes mails --batch ${plan}" for who got theirs`,
      ...withoutAddressOf(withoutAddress),
    ].join('\n'),
});

type Options = Readonly<Record<string, string | boolean | undefined>>;

async function criteriaOf(options: Options): Promise<CodeRequest['criteria']> {
  const given: Record<string, unknown> = {};
  for (const name of ['group', 'department', 'office']) {
    if (typeof options[name] === 'string') given[name] = options[name];
  }
  const { people, restricted, activitySince } = options;
  if (typeof people === 'string') given['people'] = await namesIn(people);
  if (restricted !== undefined) {
    if (restricted !== 'yes' && restricted !== 'no')
      throw new Failure('bad-option', '--restricted is yes or no');
    given['restricted'] = restricted === 'yes';
  }
  if (typeof activitySince === 'string')
    given['noActivitySince'] = startOf(activitySince, '--no-activity-since');
  if (Object.keys(given).length === 0 && options['all'] !== true) {
    throw new Failure('bad-option', 'nobody is named', { advice: 'Say --all, or who: see --help' });
  }
  return given;
}

async function namesIn(people: string): Promise<string[]> {
  const path = people.startsWith('@') ? people.slice(1) : undefined;
  const content =
    path === undefined
      ? people
      : await readSmallFile(nodeFiles, path, LARGEST_LIST)
          .then((octets) => octets?.toString('utf8'))
          .catch((cause: unknown) => {
            throw new Failure('cannot-read', `${path} cannot be read: ${messageOf(cause)}`, { cause });
          });
  if (content === undefined) throw new Failure('cannot-read', `there is no file ${path}`);
  const names = content
    .replace(/^\ufeff/, '')
    .split(path === undefined ? ',' : /[\r\n]+/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new Failure('bad-option', '--people names nobody');
  if (names.length > MOST_NAMED)
    throw new Failure('bad-option', `--people takes at most ${MOST_NAMED} names`);
  return names;
}

export function digitsOf(given: string | boolean | undefined): { digits?: number } {
  if (given === undefined) return {};
  const number = Number(given);
  if (Number.isInteger(number) && number >= SHORTEST_CODE && number <= LONGEST_CODE)
    return { digits: number };
  throw new Failure('bad-number', `codes have ${SHORTEST_CODE} to ${LONGEST_CODE} digits`);
}

function shown(preview: BatchPreview): string {
  const { plan, request, count, people, withCode, withoutPin, verdict, longEnough } = preview;
  const { digits, rank, mode, atOnce } = request;
  const old = atOnce ? 'the old ones end at once' : 'the old ones go on for 3 days';
  const lines = [
    `${count} ${count === 1 ? 'person gets' : 'people get'} a ${rank} code of ${digits} digits${mode === 'replace' ? `; ${old}` : ''}`,
    ...listed(people, count),
    ...(withCode > 0 ? [`${withCode} have one already and keep it`] : []),
    ...withoutAddressOf(preview.withoutAddress),
    ...(withoutPin > 0 && count > 0 ? [`${withoutPin} of them have no PIN`] : []),
  ];
  if (count > 0) {
    lines.push(
      `one guess in ${preview.expectedGuesses} hits; ${preview.hitsPerWeek} hits a week with somebody guessing at every panel`,
    );
  }
  if (verdict !== null)
    lines.push(plan === null ? `refused: ${verdict}` : `taken all the same (codes.accept-risk): ${verdict}`);
  if (plan !== null)
    lines.push(
      `nothing was changed; "holdfast codes apply ${plan}" does it${longEnough ? '' : ' in spite of that'}`,
    );
  return lines.join('\n');
}

function withoutAddressOf({ count, people }: BatchPreview['withoutAddress']): string[] {
  if (count === 0) return [];
  return [`${count} have no mail address and get none:`, ...listed(people, count)];
}

function listed(people: readonly BatchPerson[], count: number): string[] {
  if (people.length === 0) return [];
  const some = people.slice(0, MOST_SHOWN);
  const rows = some.map(({ userName, displayName, email }) => [userName, displayName, email]);
  const more = count - some.length;
  const lines = table(['USER', 'NAME', 'E-MAIL'], rows).split('\n');
  return [
    ...lines.map((line) => `  ${line}`),
    ...(more > 0 ? [`  … and ${more} more (--json lists 1000)`] : []),
  ];
}
