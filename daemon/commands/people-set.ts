/** `holdfast people set USER`: changes what is known of a local person. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { LONGEST_TEXT } from '../../identity/people/draft.ts';
import { changeLocal } from '../../identity/people/local.ts';
import { profileNamed } from '../person-named.ts';
import { defineCommand } from './command.ts';
import { asChanges, PERSON_OPTIONS, personArguments, personChanges } from './person-options.ts';

const schema = z.strictObject({ user: z.string().min(1).max(LONGEST_TEXT), person: personArguments });

export const peopleSet = defineCommand<z.infer<typeof schema>, { readonly user: string }>({
  name: 'people set',
  summary: 'Change what is known of a local person; who comes from a directory is changed there',
  words: [['<user>', 'user name']],
  options: [
    ...PERSON_OPTIONS,
    ['--no-restricted', 'takes the mark away'],
    ['--user-name <name>', 'the new user name'],
    ['--disable', 'they sign in nowhere; their held jobs wait a day'],
    ['--enable', 'they may sign in again'],
  ],
  request({ words: [user = ''], options }) {
    const person = personChanges(options);
    if (typeof options['userName'] === 'string') person.userName = options['userName'];
    if (options['disable'] === true) person.enabled = false;
    if (options['enable'] === true) person.enabled = true;
    if (Object.keys(person).length === 0) {
      throw new Failure('bad-option', 'nothing to change was named', {
        advice: 'See --help for what can be',
      });
    }
    return { arguments: { user, person } };
  },
  arguments: schema,
  async handle({ gateway: { identity }, arguments: { user, person } }) {
    await changeLocal(identity, await profileNamed(identity, user), asChanges(person));
    return { user: person.userName ?? user };
  },
  show: ({ user }) => `${user} changed`,
});
