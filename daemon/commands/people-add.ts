/** `holdfast people add USER`: somebody whom no directory knows, a guest for instance. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { hasAddress } from '../../identity/codes/giving.ts';
import { LONGEST_TEXT } from '../../identity/people/draft.ts';
import { addLocal } from '../../identity/people/local.ts';
import type { PersonId } from '../../identity/person.ts';
import { digits, digitsOf } from './codes-generate.ts';
import { defineCommand } from './command.ts';
import { asChanges, PERSON_OPTIONS, personArguments, personChanges } from './person-options.ts';

const schema = z.strictObject({
  user: z.string().min(1).max(LONGEST_TEXT),
  person: personArguments,
  digits: digits.optional(),
  tell: z.boolean(),
});

interface Result {
  readonly user: string;
  /** Where the code was mailed to; null when it was not. */
  readonly mailed: string | null;
  /** Told here and never again; null when none was made, or when it was mailed. */
  readonly code: string | null;
}

export const peopleAdd = defineCommand<z.infer<typeof schema>, Result>({
  name: 'people add',
  summary: 'Add somebody whom no directory knows',
  words: [['<user>', 'user name']],
  options: [
    ...PERSON_OPTIONS,
    ['--guest', 'somebody who leaves again; needs --until; gets a code that ends then'],
    [
      '--code <digits>',
      'make a code of so many digits, and tell it once; to a guest with an address it is mailed',
    ],
    ['--tell', "tell a guest's code here, and mail nothing"],
  ],
  request({ words: [user = ''], options }) {
    const person = personChanges(options);
    if (options['guest'] === true) {
      if (typeof person.expiresAt !== 'number') throw new Failure('bad-option', 'a guest needs --until');
      if (person.expiresAt <= Date.now())
        throw new Failure('bad-option', '--until of a guest is a day that is not over');
      person.guest = true;
    }
    return { arguments: { user, person, ...digitsOf(options['code']), tell: options['tell'] === true } };
  },
  arguments: schema,
  async handle({ gateway: { identity, codes, config }, arguments: { user, person, tell, ...asked } }) {
    const guest = person.guest === true;
    const digits = asked.digits ?? (guest ? codes.giving.usualDigits : undefined);
    if (digits === undefined) {
      await addLocal(identity, user, asChanges(person));
      return { user, mailed: null, code: null };
    }
    await codes.giving.mustBeLongEnough(digits, 1);
    const [code = ''] = await codes.giving.make(1, digits);
    const email = person.email?.trim().toLowerCase() ?? '';
    const mailed = guest && !tell && config.mail !== undefined && hasAddress({ email });
    const mails = (id: PersonId) => (mailed ? [codes.seal.mail(id, 'primary', { code })] : []);
    await addLocal(identity, user, { ...asChanges(person), codes: [code] }, mails);
    if (mailed) codes.mails.look();
    return { user, mailed: mailed ? email : null, code: mailed ? null : code };
  },
  show({ user, mailed, code }) {
    if (mailed !== null) return `${user} added; the code is mailed to ${mailed}`;
    return `${user} added${code === null ? '' : `; code ${code} (told only now)`}`;
  },
});
