/** An entry of a directory as a draft of a person, by the administrator's choice of attributes. */
import { isLanguage } from '../../base/i18n/languages.ts';
import { LONGEST_ATTRIBUTE, MOST_CREDENTIALS, type PersonDraft } from '../people/draft.ts';
import type { DirectoryEntry } from './entry.ts';
import type { AttributeNames, DirectoryOptions } from './options.ts';
import { cleanText, fileTime, guidText, uuidText, wholeNumber } from './values.ts';

/** RFC 5321 §4.5.3.1.3 */
const LONGEST_ADDRESS = 254;
/** A bit of userAccountControl (MS-ADTS §2.2.16). */
const ACCOUNTDISABLE = 2;
/** `pwdAccountLockedTime` of an account that an administrator has locked (draft-behera-ldap-password-policy §5.3.3). */
const LOCKED_FOR_GOOD = '000001010000Z';
const DAY = 86_400_000;
/** Of an attribute that is kept as it is. */
const MOST_VALUES = 100;

/** The directory's own id of an entry; undefined when the service account may not read it. */
export function idOf(kind: DirectoryOptions['kind'], entry: DirectoryEntry): string | undefined {
  return kind === 'active-directory'
    ? guidText(entry.octets('objectGUID'))
    : uuidText(entry.text('entryUUID'));
}

/** What has to be asked for. */
export function attributesToRead(options: DirectoryOptions): string[] {
  const { cards, codes, others, ...single } = options.attributes;
  const own =
    options.kind === 'active-directory'
      ? ['objectGUID', 'userAccountControl', 'accountExpires', 'primaryGroupID']
      : ['entryUUID', 'pwdAccountLockedTime', 'shadowExpire', 'userAccountControl', 'uid'];
  const named = [...own, ...Object.values(single), ...cards, ...codes, ...others].filter(
    (each) => each !== '',
  );
  return [...new Map(named.map((each) => [each.toLowerCase(), each])).values()];
}

/** Undefined for an entry without an id or a user name: nobody can sign in as that. */
export function draftOf(
  entry: DirectoryEntry,
  options: DirectoryOptions,
  domain: string,
  groups: readonly string[],
): PersonDraft | undefined {
  const { kind, name, attributes } = options;
  const id = idOf(kind, entry);
  const userName = entry.text(attributes.userName);
  if (id === undefined || userName === '') return undefined;
  const email = entry.text(attributes.email).toLowerCase();
  const language = entry.text(attributes.language).toLowerCase().split(/[-,;]/, 1)[0] ?? '';
  const expiresAt = expiryOf(entry);
  return {
    key: { source: name, id },
    userName,
    domain,
    displayName: entry.text(attributes.displayName),
    givenName: entry.text(attributes.givenName),
    familyName: entry.text(attributes.familyName),
    email: email.length <= LONGEST_ADDRESS && /^[^@\s]+@[^@\s]+$/.test(email) ? email : '',
    department: entry.text(attributes.department),
    office: entry.text(attributes.office),
    costCenter: entry.text(attributes.costCenter),
    language: isLanguage(language) ? language : '',
    groups,
    enabled: isEnabled(entry),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    restricted: false,
    attributes: othersOf(attributes, entry),
    cards: credentials(attributes.cards, entry),
    codes: credentials(attributes.codes, entry),
  };
}

/** None where no attribute is named for them: one that is taken out takes away what it gave. */
function credentials(named: readonly string[], entry: DirectoryEntry): string[] {
  return [...new Set(named.flatMap((each) => entry.texts(each, MOST_CREDENTIALS)))];
}

const NONE: Readonly<Record<string, string>> = {};

/** Without those that the person has not. */
function othersOf({ others }: AttributeNames, entry: DirectoryEntry): Readonly<Record<string, string>> {
  if (others.length === 0) return NONE;
  const values = others.map((name) => {
    const all = entry.texts(name, MOST_VALUES, LONGEST_ATTRIBUTE).join('; ');
    return [name, cleanText(all, LONGEST_ATTRIBUTE)] as const;
  });
  return Object.fromEntries(values.filter(([, value]) => value !== ''));
}

function isEnabled(entry: DirectoryEntry): boolean {
  const control = wholeNumber(entry.text('userAccountControl')) ?? 0;
  return (control & ACCOUNTDISABLE) === 0 && entry.text('pwdAccountLockedTime') !== LOCKED_FOR_GOOD;
}

function expiryOf(entry: DirectoryEntry): number | undefined {
  const inWindows = fileTime(entry.text('accountExpires'));
  if (inWindows !== undefined) return inWindows;
  // Days since 1970 (shadow(5)); none or a negative number: never.
  const day = wholeNumber(entry.text('shadowExpire'));
  return day === undefined || day < 0 || day > 1_000_000 ? undefined : day * DAY;
}
