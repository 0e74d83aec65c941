/** `holdfast people add USER`: somebody whom no directory knows, a guest for instance. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { generateCodes } from '../../identity/codes/generate.ts';
import { mustBeLongEnough } from '../../identity/codes/policy.ts';
import { LONGEST_CODE, SHORTEST_CODE } from '../../identity/credential.ts';
import { LONGEST_TEXT } from '../../identity/people/draft.ts';
import { addLocal } from '../../identity/people/local.ts';
import { defineCommand } from './command.ts';
import { asChanges, PERSON_OPTIONS, personArguments, personChanges } from './person-options.ts';

const schema = z.strictObject({
  user: z.string().min(1).max(LONGEST_TEXT),
  person: personArguments,
  digits: z.number().int().min(SHORTEST_CODE).max(LONGEST_CODE).optional(),
});

interface Result {
  readonly user: string;
  /** Told here and never again; null when none was made. */
  readonly code: string | null;
}

export const peopleAdd = defineCommand<z.infer<typeof schema>, Result>({
  name: 'people add',
  summary: 'Add somebody whom no directory knows',
  words: [['<user>', 'user name']],
  options: [
    ...PERSON_OPTIONS,
    ['--guest', 'somebody who leaves again; needs --until'],
    ['--code <digits>', 'make a code of so many digits, and tell it once'],
  ],
  request({ words: [user = ''], options }) {
    const person = personChanges(options);
    if (options['guest'] === true) {
      if (typeof person.expiresAt !== 'number') throw new Failure('bad-option', 'a guest needs --until');
      person.guest = true;
    }
    const code = options['code'];
    const digits = code === undefined ? {} : { digits: Number(code) };
    return { arguments: { user, person, ...digits } };
  },
  arguments: schema,
  async handle({ gateway: { identity, codePolicy }, arguments: { user, person, digits } }) {
    if (digits !== undefined) mustBeLongEnough(digits, await identity.shareOfCodes(digits), 1, codePolicy);
    const code =
      digits === undefined
        ? undefined
        : generateCodes(1, digits, (each) => identity.isTaken('code', each), identity.credentials)[0];
    await addLocal(identity, user, {
      ...asChanges(person),
      ...(code === undefined ? {} : { codes: [code] }),
    });
    return { user, code: code ?? null };
  },
  show: ({ user, code }) => `${user} added${code === null ? '' : `; code ${code} (told only now)`}`,
});
