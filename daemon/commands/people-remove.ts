/** `holdfast people remove USER...`: local people go, and what is known of them with them. */
import { z } from 'zod';
import { LONGEST_TEXT } from '../../identity/people/draft.ts';
import { removeLocal } from '../../identity/people/local.ts';
import { profileNamed } from '../person-named.ts';
import { defineCommand } from './command.ts';

export const peopleRemove = defineCommand<{ user: string }, { readonly user: string }>({
  name: 'people remove',
  summary: 'Remove a local person: sessions and tokens end, name, address, cards and codes are erased',
  words: [['<user>', 'user name']],
  request: ({ words: [user = ''] }) => ({ arguments: { user } }),
  arguments: z.strictObject({ user: z.string().min(1).max(LONGEST_TEXT) }),
  async handle({ gateway: { identity }, arguments: { user } }) {
    await removeLocal(identity, await profileNamed(identity, user));
    return { user };
  },
  show: ({ user }) => `${user} removed`,
});
