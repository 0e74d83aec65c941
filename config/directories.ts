/** The `directories` group: where people come from. */
import type { z } from 'zod';
import { Days, Hours, Minutes, Seconds } from '../base/units.ts';
import { MOST_ATTRIBUTES } from '../identity/people/draft.ts';
import { group } from './groups.ts';
import { absolutePath, choice, duration, flag, listOf, single, WrongValue } from './values.ts';
import { quoted } from './wording.ts';

/** `ldaps://dc1.example.org`, `ldap+starttls://dc1.example.org:3389`. */
const SERVER =
  /^(ldaps|ldap\+starttls):\/\/([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::(\d{1,5}))?\/?$/;
const PORTS = { tls: 636, starttls: 389 } as const;

const server = () =>
  single({
    allowed: '`ldaps://HOST[:PORT]`, or `ldap+starttls://HOST[:PORT]`',
    json: { pattern: SERVER.source, examples: ['ldaps://dc1.example.org'] },
    read: (text) => {
      if (/^ldap:\/\//i.test(text))
        throw new WrongValue('ldap:// sends the password of everybody in the clear');
      const [, scheme, host = '', port] = SERVER.exec(text) ?? [];
      if (scheme === undefined) throw new WrongValue(`${quoted(text)} is no address of a directory server`);
      const security = scheme === 'ldaps' ? 'tls' : 'starttls';
      const number = port === undefined ? PORTS[security] : Number(port);
      if (number < 1 || number > 65_535) throw new WrongValue(`${quoted(text)} has no port from 1 to 65535`);
      return { host: host.replace(/^\[|\]$/g, ''), port: number, security } as const;
    },
  });

const ATTRIBUTE = /^[A-Za-z][A-Za-z0-9-]{0,62}$/;
const attributeName = () =>
  single({
    allowed: 'the name of an attribute, such as employeeID',
    json: { pattern: ATTRIBUTE.source },
    read: (text) => {
      if (!ATTRIBUTE.test(text)) throw new WrongValue(`${quoted(text)} is no name of an attribute`);
      return text;
    },
  });

const text = (allowed: string) =>
  single({
    allowed,
    json: { maxLength: 1000 },
    read: (value) => {
      if (value.trim() === '') throw new WrongValue('is empty');
      if (value.length > 1000 || /\p{Cc}/u.test(value))
        throw new WrongValue('is too long, or has control characters');
      return value;
    },
  });

const one = (meaning: string, activeDirectory: string, openldap: string) =>
  attributeName()
    .exactOptional()
    .meta({ byDefault: activeDirectory === '' ? 'none' : `${activeDirectory}; openldap: ${openldap}` })
    .describe(meaning);

const several = (meaning: string, most = 10) =>
  listOf(attributeName(), 'a list of names of attributes, such as [employeeID]', most)
    .exactOptional()
    .meta({ byDefault: 'none' })
    .describe(meaning);

const attributes = group({
  'user-name': one('What people type at computers.', 'sAMAccountName', 'uid'),
  'display-name': one('What panels show.', 'displayName', 'displayName'),
  'given-name': one('The given name.', 'givenName', 'givenName'),
  'family-name': one('The family name.', 'sn', 'sn'),
  email: one('The e-mail address.', 'mail', 'mail'),
  department: one('The department.', 'department', 'departmentNumber'),
  office: one('The office.', 'physicalDeliveryOfficeName', 'roomNumber'),
  'cost-center': one('The cost centre.', '', ''),
  language: one('The language: en, fr, de or pl.', 'preferredLanguage', 'preferredLanguage'),
  cards: several('Numbers of cards. Every value counts; the first is the primary one.'),
  codes: several('Codes to type at a panel. Every value counts; the first is the primary one.'),
  others: several(
    'Further attributes that are kept with the person under their own names, such as [employeeType]. Several values stand with `; ` between them.',
    MOST_ATTRIBUTES,
  ),
});

const age = (what: string) =>
  duration(Minutes(30), Days(366))
    .exactOptional()
    .meta({ byDefault: 'for ever' })
    .describe(`How long ${what} of its people open without contact to it.`);

const maxAge = group({
  cards: age('cards'),
  codes: age('codes'),
  passwords: age('passwords'),
});

const NAMES_ALLOWED = 'a list of DNs';

export const directory = group({
  kind: choice(['active-directory', 'openldap'])
    .prefault('active-directory')
    .describe('`openldap` stands for OpenLDAP and its like (inetOrgPerson, entryUUID).'),
  servers: listOf(server(), 'a list of addresses, such as [ldaps://dc1.example.org]', 20).describe(
    'The servers of one domain, tried in this order. The host must be named as in its certificate. Plain `ldap://` is not offered.',
  ),
  'ca-file': absolutePath()
    .exactOptional()
    .meta({ byDefault: 'whom the system trusts' })
    .describe('A PEM file with the certificate of the CA that signed those of the servers.'),
  'bind-name': text('a DN or user principal name, such as holdfast@example.org').describe(
    'The service account; an ordinary user is enough.',
  ),
  'password-file': absolutePath().describe(
    'The file with its password, in one line, readable by the service only. With systemd: LoadCredential and a path below /run/credentials.',
  ),
  domain: text('the name of a domain')
    .exactOptional()
    .meta({ byDefault: 'from the naming context: `DC=example,DC=org` is `example.org`' })
    .describe('To which its user names belong: people may write `name@DOMAIN` or `DOMAIN\\name`.'),
  bases: listOf(text('a DN'), NAMES_ALLOWED, 100)
    .default([])
    .meta({ byDefault: 'the whole domain' })
    .describe('Where people are looked for, such as ["OU=People,DC=example,DC=org"].'),
  groups: listOf(text('a DN or name'), 'a list of DNs or names of groups', 100)
    .default([])
    .meta({ byDefault: 'none' })
    .describe('Groups whose members are known as such here, members of groups within them too.'),
  people: choice(['all', 'groups'])
    .prefault('all')
    .describe('`groups`: only members of `groups` are taken in.'),
  'include-disabled': flag()
    .prefault(false)
    .describe('Whether people are taken in who are disabled there. They cannot sign in.'),
  attributes: attributes.prefault({}).describe('Which attribute says what.'),
  interval: duration(Seconds(10), Hours(24))
    .prefault('5 min')
    .describe('How often it is asked what has changed. Once a day everybody is read.'),
  'max-age': maxAge
    .prefault({})
    .describe(
      'For how long people from here sign in though the directory was not reached: whoever left meanwhile is not known here yet. An answer counts also when its plan waits for a person.',
    ),
  timeout: duration(Seconds(1), Minutes(5))
    .prefault('30 s')
    .describe('How long a connection, and each answer, may take.'),
});

export type DirectoryConfig = { readonly name: string } & z.output<typeof directory>;
