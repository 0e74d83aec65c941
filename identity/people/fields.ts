/** A draft's fields, bounded and in one form: what comes from a directory or a file is a claim. */
import { isLanguage } from '../../base/i18n/languages.ts';
import { type Person, PersonId, userNameKey } from '../person.ts';
import {
  LOCAL,
  LONGEST_ATTRIBUTE,
  LONGEST_TEXT,
  MOST_ATTRIBUTES,
  MOST_GROUPS,
  type PersonDetails,
  type PersonDraft,
  type PersonKey,
} from './draft.ts';

export interface CheckedFields {
  readonly person: Omit<Person, 'id'>;
  readonly details: PersonDetails;
}

/** RFC 5321 §4.5.3.1.3: a path of 256 octets less its brackets. */
export const LONGEST_EMAIL = 254;
const EMAIL = /^[^\s@\p{C}]+@[^\s@\p{C}]+$/u;
/** Controls and line breaks; format characters too in a user name, where they would make two names look alike. */
const BAD_IN_TEXT = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const BAD_IN_NAME = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const SOURCE_ID = /^[0-9a-f-]{1,64}$/;
/** What `Date` can hold. */
const LATEST_TIME = 8.64e15;

/** @throws RangeError when whoever made the draft did not keep to the contract */
export function checkKey(key: PersonKey, source: string): void {
  if (key.source !== source) throw new RangeError(`a draft of ${key.source} in a delta of ${source}`);
  if (!SOURCE_ID.test(key.id)) throw new RangeError('not an id of a person of a source');
  if (source === LOCAL) PersonId(key.id);
}

/** Undefined when there is no user name to go by. @param complain hears the name of each field that was emptied */
export function checkedFields(
  draft: PersonDraft,
  complain: (field: string) => void,
): CheckedFields | undefined {
  const text = (field: string, value: string, bad = BAD_IN_TEXT, longest = LONGEST_TEXT): string => {
    const form = value.normalize('NFC').trim();
    if (Buffer.byteLength(form) <= longest && !bad.test(form)) return form;
    complain(field);
    return '';
  };
  const userName = text('userName', draft.userName, BAD_IN_NAME);
  if (userName === '') {
    if (draft.userName.trim() === '') complain('userName');
    return undefined;
  }
  const email = text('email', draft.email.toLowerCase(), BAD_IN_TEXT, LONGEST_EMAIL);
  const goodEmail = email === '' || EMAIL.test(email);
  if (!goodEmail) complain('email');
  const expiresAt = expiryOf(draft, complain);
  return {
    person: {
      userName,
      displayName: text('displayName', draft.displayName) || userName,
      email: goodEmail ? email : '',
    },
    details: {
      key: draft.key,
      domain: text('domain', draft.domain, BAD_IN_NAME).toLowerCase(),
      givenName: text('givenName', draft.givenName),
      familyName: text('familyName', draft.familyName),
      department: text('department', draft.department),
      office: text('office', draft.office),
      costCenter: text('costCenter', draft.costCenter),
      language: isLanguage(draft.language) ? draft.language : '',
      groups: groupsOf(draft.groups, (name) => text('groups', name), complain),
      enabled: draft.enabled,
      ...(expiresAt === undefined ? {} : { expiresAt }),
      restricted: draft.restricted,
      guest: draft.guest ?? false,
      attributes: attributesOf(draft.attributes, text, complain),
    },
  };
}

/** Names of the fields in which somebody differs from what is kept. */
export function differences(
  before: { readonly person: Person; readonly details: PersonDetails },
  after: CheckedFields,
): string[] {
  const was: Readonly<Record<string, unknown>> = { ...before.person, ...before.details };
  const is: Readonly<Record<string, unknown>> = { ...after.person, ...after.details };
  const fields = new Set([...Object.keys(was), ...Object.keys(is)]);
  for (const field of ['id', 'key', 'groups', 'attributes']) fields.delete(field);
  const changed = [...fields].filter((field) => was[field] !== is[field]);
  if (groupForm(before.details.groups) !== groupForm(after.details.groups)) changed.push('groups');
  if (attributeForm(before.details.attributes) !== attributeForm(after.details.attributes))
    changed.push('attributes');
  return changed;
}

function expiryOf({ expiresAt }: PersonDraft, complain: (field: string) => void): number | undefined {
  if (expiresAt === undefined) return undefined;
  if (Number.isFinite(expiresAt) && expiresAt >= 0 && expiresAt <= LATEST_TIME) return Math.floor(expiresAt);
  complain('expiresAt');
  // Whoever has an end that cannot be read has ended: the safe side.
  return 0;
}

function groupsOf(
  names: readonly string[],
  text: (name: string) => string,
  complain: (field: string) => void,
): string[] {
  if (names.length > MOST_GROUPS) complain('groups');
  const byKey = new Map<string, string>();
  for (const name of names.slice(0, MOST_GROUPS)) {
    const form = text(name);
    if (form !== '' && !byKey.has(userNameKey(form))) byKey.set(userNameKey(form), form);
  }
  return [...byKey.values()];
}

function attributesOf(
  attributes: Readonly<Record<string, string>>,
  text: (field: string, value: string, bad: RegExp, longest: number) => string,
  complain: (field: string) => void,
): Record<string, string> {
  const entries = Object.entries(attributes);
  if (entries.length > MOST_ATTRIBUTES) complain('attributes');
  const kept = entries.slice(0, MOST_ATTRIBUTES).flatMap(([name, value]): [string, string][] => {
    const form = text('attributes', name, BAD_IN_NAME, LONGEST_TEXT);
    return form === '' ? [] : [[form, text('attributes', value, BAD_IN_TEXT, LONGEST_ATTRIBUTE)]];
  });
  return Object.fromEntries(kept);
}

const groupForm = (groups: readonly string[]): string => groups.map(userNameKey).sort().join('\n');

function attributeForm(attributes: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
}
