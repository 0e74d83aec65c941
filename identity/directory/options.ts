/** What a directory is asked with: plain values, so that they can be handed to the sync worker. */

export type DirectoryKind = 'active-directory' | 'openldap';

export interface DirectoryServer {
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** `tls`: from the first octet (ldaps). `starttls`: asked for before anything else is said (RFC 4511 §4.14). */
  readonly security: 'tls' | 'starttls';
}

/** Which attribute of the directory says what; '' where none does. */
export interface AttributeNames {
  readonly userName: string;
  readonly displayName: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
  readonly department: string;
  readonly office: string;
  readonly costCenter: string;
  readonly language: string;
  /** Every value of every one of them is a card; the first is primary. */
  readonly cards: readonly string[];
  readonly codes: readonly string[];
  /** Kept with the person under their own names; several values of one with `; ` between them. At most 32. */
  readonly others: readonly string[];
}

export interface DirectoryOptions {
  /** The source of its people. */
  readonly name: string;
  readonly kind: DirectoryKind;
  /** Of one domain; tried in this order. */
  readonly servers: readonly DirectoryServer[];
  /** PEM of who signed the servers' certificates; undefined: whom the system trusts. */
  readonly ca: string | undefined;
  /** A DN or user principal name. */
  readonly bindName: string;
  readonly password: string;
  /** To which its user names belong; '' for the name that its naming context gives (`DC=example,DC=org`). */
  readonly domain: string;
  /** Where people are looked for; none: the whole domain. */
  readonly bases: readonly string[];
  /** DNs or names of the groups that are read. */
  readonly groups: readonly string[];
  /** `groups`: only members of these groups. */
  readonly people: 'all' | 'groups';
  /** Whether people come in who are disabled and were never known enabled. */
  readonly includeDisabled: boolean;
  readonly attributes: AttributeNames;
  /** Milliseconds that a connection, and each answer, may take. */
  readonly timeout: number;
}

const NOTHING = { costCenter: '', language: '', cards: [], codes: [], others: [] } as const;

const DEFAULTS: Readonly<Record<DirectoryKind, AttributeNames>> = {
  'active-directory': {
    ...NOTHING,
    userName: 'sAMAccountName',
    displayName: 'displayName',
    givenName: 'givenName',
    familyName: 'sn',
    email: 'mail',
    department: 'department',
    office: 'physicalDeliveryOfficeName',
    language: 'preferredLanguage',
  },
  openldap: {
    ...NOTHING,
    userName: 'uid',
    displayName: 'displayName',
    givenName: 'givenName',
    familyName: 'sn',
    email: 'mail',
    department: 'departmentNumber',
    office: 'roomNumber',
    language: 'preferredLanguage',
  },
};

/** The usual attributes of that kind, where `own` does not say otherwise. */
export function attributeNames(kind: DirectoryKind, own: Partial<AttributeNames> = {}): AttributeNames {
  return { ...DEFAULTS[kind], ...own };
}

/**
 * Attributes of a person that Active Directory lets that person write (the property sets Personal-Information and
 * Web-Information, granted to SELF by default; MS-ADTS §3.1.1.2.3.3, "Property Sets"). A card or code read from one of
 * them can be made up by its owner.
 */
const SELF_WRITABLE = new Set(
  [
    'assistant c facsimileTelephoneNumber homePhone homePostalAddress info internationalISDNNumber ipPhone l mobile',
    'otherFacsimileTelephoneNumber otherHomePhone otherIpPhone otherMobile otherPager otherTelephone pager',
    'personalTitle physicalDeliveryOfficeName postalAddress postalCode postOfficeBox preferredDeliveryMethod',
    'primaryInternationalISDNNumber primaryTelexNumber registeredAddress st street streetAddress telephoneNumber',
    'teletexTerminalIdentifier telexNumber thumbnailPhoto url userCert userCertificate wWWHomePage x121Address',
  ]
    .join(' ')
    .toLowerCase()
    .split(' '),
);

/** Those of the attributes that people can write themselves in Active Directory as it is delivered. */
export function selfWritable(attributes: readonly string[]): string[] {
  return attributes.filter((each) => SELF_WRITABLE.has(each.toLowerCase()));
}
