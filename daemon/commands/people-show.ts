/** `holdfast people show USER`: all that is known of one person, but for cards, codes and PIN themselves. */
import { z } from 'zod';
import { displayable } from '../../base/text.ts';
import { LONGEST_TEXT, type PersonProfile } from '../../identity/people/draft.ts';
import { profileNamed } from '../person-named.ts';
import { defineCommand } from './command.ts';
import { localTime } from './table.ts';

interface Result extends PersonProfile {
  /** Whether they may sign in now. */
  readonly active: boolean;
}

export const peopleShow = defineCommand<{ user: string }, Result>({
  name: 'people show',
  summary: 'Show what is known of somebody',
  words: [['<user>', 'user name; with a domain: DOMAIN\\name or name@domain']],
  request: ({ words: [user = ''] }) => ({ arguments: { user } }),
  arguments: z.strictObject({
    user: z
      .string()
      .min(1)
      .max(LONGEST_TEXT * 2),
  }),
  async handle({ gateway: { identity }, arguments: { user } }) {
    const profile = await profileNamed(identity, user);
    return { ...profile, active: identity.isActive(profile.id) };
  },
  show(person) {
    const rows = rowsOf(person).filter(([, value]) => value !== '');
    const width = Math.max(...rows.map(([name]) => name.length));
    return rows.map(([name, value]) => `${name.padEnd(width)}  ${displayable(value)}`).join('\n');
  },
});

function rowsOf(person: Result): [string, string][] {
  const both = ({ primary, secondary }: PersonProfile['cards']) =>
    `${primary} primary, ${secondary} secondary`;
  return [
    ['user name', person.userName],
    ['domain', person.domain],
    ['name', person.displayName],
    ['given name', person.givenName],
    ['family name', person.familyName],
    ['e-mail', person.email],
    ['department', person.department],
    ['office', person.office],
    ['cost center', person.costCenter],
    ['language', person.language],
    ['groups', person.groups.join(', ')],
    ...Object.entries(person.attributes),
    ['comes from', person.key.source],
    ['may sign in', person.active ? 'yes' : 'no'],
    ['until', person.expiresAt === undefined ? '' : localTime(person.expiresAt)],
    ['guest', person.guest ? 'yes' : ''],
    ['restricted', person.restricted ? 'yes' : ''],
    ['cards', both(person.cards)],
    ['codes', both(person.codes)],
    ['PIN', person.pin ? 'set' : 'none'],
    ['known since', localTime(person.createdAt)],
    ['last sign-in', person.lastActivity === 0 ? 'never' : localTime(person.lastActivity)],
    ['id', person.id],
  ];
}
