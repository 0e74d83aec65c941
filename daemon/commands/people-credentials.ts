/** `holdfast people set-pin`, `people add-card`, `people revoke-cards`: what is given by hand, typed or piped in. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { displayable } from '../../base/text.ts';
import { LONGEST_TEXT, type PeoplePlan } from '../../identity/people/draft.ts';
import { personNamed } from '../person-named.ts';
import { defineCommand } from './command.ts';
import { endOf } from './dates.ts';
import { readSecret } from './read-secret.ts';
import { localTime } from './table.ts';

interface Result {
  readonly user: string;
  readonly done: string;
}

const user = z
  .string()
  .min(1)
  .max(LONGEST_TEXT * 2);
const words = [['<user>', 'user name']] as const;
const show = ({ user, done }: Result) => `${user}: ${done}`;

export const peopleSetPin = defineCommand<{ user: string; remove: boolean }, Result>({
  name: 'people set-pin',
  summary: "Set somebody's PIN, the second factor beside a card, read from the terminal or standard input",
  words,
  options: [['--remove', 'take the PIN away']],
  async request({ words: [user = ''], options }) {
    if (options['remove'] === true) return { arguments: { user, remove: true } };
    return { arguments: { user, remove: false }, upload: Buffer.from(await readSecret(`PIN for ${user}`)) };
  },
  arguments: z.strictObject({ user, remove: z.boolean() }),
  async handle({ gateway: { identity }, arguments: { user, remove }, upload }) {
    const { id } = personNamed(identity, user);
    await (remove ? identity.removePin(id) : identity.setPin(id, upload.toString('utf8')));
    return { user, done: `PIN ${remove ? 'removed' : 'set'}` };
  },
  show,
});

interface AddedCard {
  readonly user: string;
  readonly secondary: boolean;
  /** Milliseconds since 1970; without it the card does not end by itself. */
  readonly until?: number;
}

export const peopleAddCard = defineCommand<AddedCard, Result>({
  name: 'people add-card',
  summary: 'Give somebody a card, its number read from the terminal or standard input',
  words,
  options: [
    ['--secondary', 'beside the card that they have'],
    ['--until <date>', 'a temporary one: the last day on which it signs in, such as 2026-12-31'],
  ],
  async request({ words: [user = ''], options }) {
    const date = options['until'];
    const until = typeof date === 'string' ? { until: endOf(date, '--until') } : {};
    if (until.until !== undefined && until.until <= Date.now())
      throw new Failure('bad-option', '--until must lie in the future');
    const upload = Buffer.from(await readSecret(`Card number for ${user}`, false));
    return { arguments: { user, secondary: options['secondary'] === true, ...until }, upload };
  },
  arguments: z.strictObject({
    user,
    secondary: z.boolean(),
    until: z.number().exactOptional(),
  }) as z.ZodType<AddedCard>,
  async handle({ gateway: { identity }, arguments: { user, secondary, until }, upload }) {
    const { id: person } = personNamed(identity, user);
    const rank = secondary ? 'secondary' : 'primary';
    const text = upload.toString('utf8');
    const end = until === undefined ? {} : { expiresAt: until };
    const plan = await identity.previewEdits([
      { edit: 'issue', person, kind: 'card', text, rank, replace: false, ...end },
    ]);
    const [issue] = plan.issues;
    if (issue?.issue === 'conflict') throw new Failure('card-taken', 'somebody else has that card');
    if (issue !== undefined) throw new Failure('bad-card', 'that is no card number, or one too many');
    await identity.apply(plan);
    return { user, done: until === undefined ? 'card added' : `card added, until ${localTime(until)}` };
  },
  show,
});

export const peopleRevokeCards = defineCommand<{ user: string }, Result>({
  name: 'people revoke-cards',
  summary: "Revoke all of somebody's cards; they stay revoked though the directory gives them",
  words,
  request: ({ words: [user = ''] }) => ({ arguments: { user } }),
  arguments: z.strictObject({ user }),
  async handle({ gateway: { identity }, arguments: { user } }) {
    const { id: person } = personNamed(identity, user);
    const plan = await identity.previewEdits([{ edit: 'revoke', person, kind: 'card' }]);
    const { lost } = await identity.apply(plan);
    const done = [`${lost.cards} ${lost.cards === 1 ? 'card' : 'cards'} revoked`, ...nowOthers(plan)];
    return { user, done: done.join('; ') };
  },
  show,
});

/** Whoever revokes a stolen card must know whom it signs in now: the next one to whom the directory gives it. */
function nowOthers({ people }: PeoplePlan): string[] {
  return people
    .filter(({ gained }) => gained.cards > 0)
    .map(({ userName, domain, gained }) => {
      const who = displayable(domain === '' ? userName : `${userName}@${domain}`);
      return `${gained.cards} now ${who}'s`;
    });
}
