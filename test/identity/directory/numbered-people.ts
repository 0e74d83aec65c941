/** As many people as a test or a measurement wants, in OpenLDAP. */
import { attributeNames, type DirectoryOptions } from '../../../identity/directory/options.ts';
import { type Slapd, SUFFIX } from '../../peers/slapd.ts';

/** As many people as that, p0 with the password `pw`, each with a card in employeeNumber. */
export function ldif(people: number): string {
  const entries = [
    `dn: ${SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\no: p\ndc: print\n`,
    `dn: ou=people,${SUFFIX}\nobjectClass: organizationalUnit\nou: people\n`,
  ];
  for (let at = 0; at < people; at++) {
    entries.push(
      `dn: uid=p${at},ou=people,${SUFFIX}\nobjectClass: inetOrgPerson\nuid: p${at}\ncn: Given Family ${at}\nsn: Family ${at}\n` +
        `givenName: Given\ndisplayName: Given Family ${at}\nmail: p${at}@print.test\ndepartmentNumber: D${at % 20}\n` +
        `roomNumber: B${at % 7}\nemployeeNumber: ${1_000_000 + at}\nuserPassword: pw\n`,
    );
  }
  return entries.join('\n');
}

/** Everybody of a server that holds what `ldif` gives. */
export function optionsOf({ port, ca }: Slapd): DirectoryOptions {
  return {
    name: 'office',
    kind: 'openldap',
    servers: [{ host: 'localhost', port, security: 'tls' }],
    ca,
    bindName: `uid=p0,ou=people,${SUFFIX}`,
    password: 'pw',
    domain: '',
    bases: [],
    groups: [],
    people: 'all',
    includeDisabled: false,
    attributes: attributeNames('openldap', { cards: ['employeeNumber'] }),
    timeout: 60_000,
  };
}
