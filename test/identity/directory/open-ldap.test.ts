// The reading of OpenLDAP: people, groups within groups, changes by contextCSN, an answer cut by a limit, passwords.
import test from 'ava';
import { Attribute, Change, Client } from 'ldapts';
import { silentLog } from '../../../base/log.ts';
import { attributeNames, type DirectoryOptions } from '../../../identity/directory/options.ts';
import { DirectoryPasswords } from '../../../identity/directory/passwords.ts';
import { PersonId } from '../../../identity/person.ts';
import { ManualClock } from '../../manual-clock.ts';
import { peerTest } from '../../peers/require-peer.ts';
import { ROOT_DN, ROOT_PASSWORD, SLAPD_PROGRAMS, type Slapd, SUFFIX, startSlapd } from '../../peers/slapd.ts';
import { readOnce } from './domain.ts';

const peer = peerTest(test, SLAPD_PROGRAMS);

const person = (uid: string, ...more: string[]): string =>
  [
    `dn: uid=${uid},ou=people,${SUFFIX}`,
    'objectClass: inetOrgPerson',
    'objectClass: shadowAccount',
    `uid: ${uid}`,
    `cn: ${uid}`,
    'sn: Schäfer',
    `userPassword: pw-${uid}`,
    ...more,
  ].join('\n');

const LDIF = [
  `dn: ${SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\no: p\ndc: print`,
  `dn: ou=people,${SUFFIX}\nobjectClass: organizationalUnit\nou: people`,
  person('svc'),
  person('anna', 'mail: Anna@Print.Test', 'employeeNumber: 0815', 'shadowExpire: 20000'),
  person('bob', 'departmentNumber: Surgery'),
  `dn: cn=inner,${SUFFIX}\nobjectClass: groupOfNames\ncn: inner\nmember: UID=anna, OU=people,${SUFFIX}`,
  `dn: cn=outer,${SUFFIX}\nobjectClass: groupOfNames\ncn: outer\nmember: cn=inner,${SUFFIX}\nmember: cn=outer,${SUFFIX}`,
  `dn: cn=unix,${SUFFIX}\nobjectClass: posixGroup\ncn: unix\ngidNumber: 7\nmemberUid: bob`,
  '',
].join('\n\n');

function optionsFor(slapd: Slapd, more: Partial<DirectoryOptions> = {}): DirectoryOptions {
  return {
    name: 'office',
    kind: 'openldap',
    servers: [{ host: 'localhost', port: slapd.port, security: 'tls' }],
    ca: slapd.ca,
    bindName: `uid=svc,ou=people,${SUFFIX}`,
    password: 'pw-svc',
    domain: '',
    bases: [],
    groups: ['outer', 'unix'],
    people: 'all',
    includeDisabled: false,
    attributes: attributeNames('openldap', { cards: ['employeeNumber'] }),
    timeout: 10_000,
    ...more,
  };
}

peer('people and their groups, and nothing when nothing has changed', async (t) => {
  await using slapd = await startSlapd(LDIF);
  const options = optionsFor(slapd);
  const first = await readOnce(options);
  t.deepEqual(first.names, ['anna', 'bob', 'svc']);
  t.like(first.drafts.get('anna'), {
    domain: 'print.test',
    email: 'anna@print.test',
    familyName: 'Schäfer',
    groups: ['outer'],
    cards: ['0815'],
    expiresAt: 20_000 * 86_400_000,
  });
  const bob = { department: 'Surgery', groups: ['unix'], cards: [], codes: [] };
  t.like(first.drafts.get('bob'), bob, 'no attribute for codes: it gives none');
  const nothing = await readOnce(options, first.picture);
  t.false(nothing.complete);
  t.deepEqual(nothing.names, []);

  await using admin = new Client({
    url: `ldaps://localhost:${slapd.port}`,
    timeout: 10_000,
    tlsOptions: { ca: slapd.ca },
  });
  await admin.bind(ROOT_DN, ROOT_PASSWORD);
  const modification = new Attribute({ type: 'mail', values: ['bob@print.test'] });
  await admin.modify(`uid=bob,ou=people,${SUFFIX}`, new Change({ operation: 'add', modification }));
  const changed = await readOnce(options, first.picture);
  t.true(changed.complete);
  t.is(changed.drafts.get('bob')?.email, 'bob@print.test');
  const members = await readOnce({ ...options, people: 'groups' });
  t.deepEqual(members.names, ['anna', 'bob']);
});

peer('an answer that a limit cuts is an error', async (t) => {
  await using slapd = await startSlapd(LDIF, { sizeLimit: 'size.hard=2 size.pr=2 size.prtotal=2' });
  await t.throwsAsync(readOnce(optionsFor(slapd, { groups: [] })), { code: 'directory-cut-short' });
});

peer('a password is asked by the DN that belongs to the id', async (t) => {
  await using slapd = await startSlapd(LDIF);
  const options = optionsFor(slapd);
  const { drafts } = await readOnce(options);
  const verifier = new DirectoryPasswords({
    directories: new Map([['office', async () => options]]),
    keyOf: async (id) => ({ source: 'office', id }),
    clock: new ManualClock(),
    log: silentLog,
  });
  const id = PersonId(drafts.get('anna')?.key.id ?? '');
  const anna = { id, userName: 'anna', displayName: '', email: '' };
  t.true(await verifier.verify(anna, 'pw-anna'));
  t.false(await verifier.verify(anna, 'pw-bob'));
  t.is(await verifier.verify(undefined, 'pw-anna'), undefined);
});
