/** The person that an administrator means. */
import { Failure } from '../base/errors.ts';
import { printable } from '../base/text.ts';
import type { Identity } from '../identity/identity.ts';
import type { PersonProfile } from '../identity/people/draft.ts';
import type { Person } from '../identity/person.ts';

/** @throws Failure `no-such-person` when nobody has exactly that user name, or several have */
export function personNamed(identity: Pick<Identity, 'byUserName'>, userName: string): Person {
  const person = identity.byUserName(userName);
  if (person !== undefined) return person;
  throw new Failure('no-such-person', `no one person has the user name "${printable(userName, 60)}"`, {
    advice: '"holdfast people list" shows who is known',
  });
}

/** {@link personNamed} with everything that is known of them. */
export async function profileNamed(
  identity: Pick<Identity, 'byUserName' | 'profile'>,
  userName: string,
): Promise<PersonProfile> {
  const { id } = personNamed(identity, userName);
  const profile = await identity.profile(id);
  if (profile === undefined) throw new Failure('no-such-person', 'that person has just gone');
  return profile;
}
