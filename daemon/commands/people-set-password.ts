/** `holdfast people set-password USER`: the password by which somebody prints at `/auth`. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { Secret } from '../../base/secrets/secret.ts';
import { personNamed } from '../person-named.ts';
import { defineCommand } from './command.ts';
import { readSecret } from './read-secret.ts';

interface Arguments {
  readonly user: string;
  readonly remove: boolean;
}

interface Result {
  readonly user: string;
  readonly password: 'set' | 'removed' | 'none';
}

export const peopleSetPassword = defineCommand<Arguments, Result>({
  name: 'people set-password',
  summary: "Set somebody's password for printing, read from the terminal or standard input",
  words: [['<user>', 'user name']],
  options: [['--remove', 'take the password away']],
  async request({ words: [user = ''], options }) {
    if (options['remove'] === true) return { arguments: { user, remove: true } };
    const password = await readSecret(`Password for ${user}`);
    return { arguments: { user, remove: false }, upload: Buffer.from(password) };
  },
  arguments: z.strictObject({ user: z.string().min(1).max(255), remove: z.boolean() }),
  async handle({ gateway, arguments: { user, remove }, upload }) {
    const person = personNamed(gateway.identity, user);
    const { localPasswords } = gateway.credentials;
    if (remove) {
      const removed = await localPasswords.remove(person.id);
      return { user: person.userName, password: removed ? 'removed' : 'none' };
    }
    if (upload.length === 0) throw new Failure('bad-password', 'no password came with the command');
    await localPasswords.set(person.id, new Secret(upload.toString('utf8')));
    return { user: person.userName, password: 'set' };
  },
  show({ user, password }) {
    return password === 'none' ? `${user} had no password` : `password of ${user} ${password}`;
  },
});
