/** People as the rest of the gateway knows them. */

declare const personId: unique symbol;

/** The gateway's own id of a person: a UUID, never a name (two domains may have the same names). */
export type PersonId = string & { readonly [personId]: true };

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** @throws RangeError when it is not a UUID in lower case. */
export function PersonId(text: string): PersonId {
  if (!FORM.test(text)) throw new RangeError('not a person id');
  return text as PersonId;
}

export interface Person {
  readonly id: PersonId;
  /** As typed at a computer; compared without regard to case. */
  readonly userName: string;
  readonly displayName: string;
  /** Lower case; empty when unknown. */
  readonly email: string;
}

/** The form in which user names are compared: two names are the same when their keys are. */
export function userNameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
