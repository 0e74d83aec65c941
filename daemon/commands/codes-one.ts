/** `holdfast codes replace`, `codes revoke`, `codes expire`: the codes of one person. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { hasAddress } from '../../identity/codes/giving.ts';
import type { CredentialRank } from '../../identity/credential.ts';
import { LONGEST_TEXT } from '../../identity/people/draft.ts';
import { personNamed } from '../person-named.ts';
import { digits, digitsOf } from './codes-generate.ts';
import { defineCommand } from './command.ts';
import { endOf } from './dates.ts';

const words = [['<user>', 'user name']] as const;
const user = z
  .string()
  .min(1)
  .max(2 * LONGEST_TEXT);

interface Replaced {
  readonly user: string;
  /** Where it was mailed to; null when there was nowhere. */
  readonly mailed: string | null;
  /** Told here and never again; null when it was mailed. */
  readonly code: string | null;
}

interface Replacing {
  readonly user: string;
  readonly digits?: number;
  readonly rank: CredentialRank;
  readonly later: boolean;
  readonly tell: boolean;
}

export const codesReplace = defineCommand<Replacing, Replaced>({
  name: 'codes replace',
  summary: 'Give one person a new code by mail, or tell it once where there is no address; the old one ends',
  words,
  options: [
    ['--digits <number>', 'how long it is; as the policy asks for unless told'],
    ['--secondary', 'the code beside their own'],
    ['--later', 'the old one goes on for 3 days'],
    ['--tell', 'tell it here, and mail nothing'],
  ],
  request: ({ words: [user = ''], options }) => ({
    arguments: {
      user,
      ...digitsOf(options['digits']),
      rank: options['secondary'] === true ? 'secondary' : 'primary',
      later: options['later'] === true,
      tell: options['tell'] === true,
    },
  }),
  arguments: z.strictObject({
    user,
    digits: digits.exactOptional(),
    rank: z.enum(['primary', 'secondary']),
    later: z.boolean(),
    tell: z.boolean(),
  }) as z.ZodType<Replacing>,
  async handle({ gateway: { codes, identity, config }, arguments: { rank, later, tell, ...named } }) {
    const person = personNamed(identity, named.user);
    const { digits = codes.giving.usualDigits } = named;
    const mailed = !tell && config.mail !== undefined && hasAddress(person);
    const before = later ? 'ends-later' : 'ends-at-once';
    const given = await codes.giving.give([person.id], { digits, rank, before }, mailed);
    if (mailed) codes.mails.look();
    else await codes.mails.drop(person.id, rank);
    const [code = null] = given.codes;
    return { user: named.user, mailed: mailed ? person.email : null, code: mailed ? null : code };
  },
  show: ({ user, mailed, code }) =>
    mailed === null ? `${user}: code ${code} (told only now)` : `${user}: a new code is mailed to ${mailed}`,
});

export const codesRevoke = defineCommand<
  { user: string; rank?: CredentialRank },
  { user: string; codes: number }
>({
  name: 'codes revoke',
  summary: "Take away somebody's codes at once; they stay revoked though the directory gives them",
  words,
  options: [
    ['--primary', 'only their own'],
    ['--secondary', 'only those beside it'],
  ],
  request({ words: [user = ''], options: { primary, secondary } }) {
    const both = primary === secondary;
    const rank = both ? undefined : primary === true ? 'primary' : 'secondary';
    return { arguments: { user, ...(rank === undefined ? {} : { rank }) } };
  },
  arguments: z.strictObject({ user, rank: z.enum(['primary', 'secondary']).exactOptional() }) as z.ZodType<{
    user: string;
    rank?: CredentialRank;
  }>,
  async handle({ gateway: { codes, identity }, arguments: { user, ...rank } }) {
    const { id: person } = personNamed(identity, user);
    const { lost } = await identity.edit([{ edit: 'revoke', person, kind: 'code', ...rank }]);
    await codes.mails.drop(person, rank.rank);
    return { user, codes: lost.codes };
  },
  show: ({ user, codes }) => `${user}: ${codes} ${codes === 1 ? 'code' : 'codes'} revoked`,
});

export const codesExpire = defineCommand<{ user: string; expiresAt: number }, { user: string }>({
  name: 'codes expire',
  summary: "Let somebody's codes end with a day; those that end before it apart",
  words,
  options: [['--until <date>', 'the last day on which they sign in, such as 2026-12-31']],
  request({ words: [user = ''], options: { until } }) {
    if (typeof until !== 'string')
      throw new Failure('bad-option', '--until is missing: the last day, such as 2026-12-31');
    return { arguments: { user, expiresAt: endOf(until, '--until') } };
  },
  arguments: z.strictObject({ user, expiresAt: z.number() }),
  async handle({ gateway: { identity }, arguments: { user, expiresAt } }) {
    const { id: person } = personNamed(identity, user);
    await identity.edit([{ edit: 'expire', person, kind: 'code', expiresAt }]);
    return { user };
  },
  show: ({ user }) => `${user}: the codes end with that day`,
});
