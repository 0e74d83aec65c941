// What a sync keeps for the next one, and the values that it reads.
import test from 'ava';
import { attributeNames, selfWritable } from '../../../identity/directory/options.ts';
import { type Picture, readPicture, writePicture } from '../../../identity/directory/picture.ts';
import {
  cleanText,
  Domains,
  dnKey,
  domainOf,
  fileTime,
  guidOctets,
  guidText,
  isUnder,
} from '../../../identity/directory/values.ts';

const A = '9b4de965-1fe2-4af3-be91-09ffe26c7eef';
const B = '00000000-0000-4000-8000-000000000001';

test('a picture is read as it was written', (t) => {
  const picture: Picture = {
    fingerprint: 'f',
    epoch: A,
    cursor: '9007199254740993',
    dirSync: 'Y29va2ll',
    sweptAt: 5,
    goneCursor: '1200',
    people: new Set([A, B]),
    membership: {
      byMember: new Map([
        [A, ['x', 'y']],
        [B, ['x']],
      ]),
      byPrimaryGroup: new Map([[513, ['Domain Users']]]),
      watched: new Set([B]),
    },
  };
  t.deepEqual(readPicture(writePicture(picture)), picture);
  t.is(readPicture(Buffer.from('{"version":2}')), undefined);
});

test('a GUID on the wire has its first fields reversed', (t) => {
  const wire = Buffer.from('65e94d9be21ff34abe9109ffe26c7eef', 'hex');
  t.is(guidText(wire), A);
  t.deepEqual(guidOctets(A), wire);
  t.is(guidText(wire.subarray(1)), undefined);
  t.is(guidText(undefined), undefined);
});

test('an account that never expires is written in two ways', (t) => {
  t.is(fileTime('0'), undefined);
  t.is(fileTime('9223372036854775807'), undefined);
  t.is(fileTime('133860816000000000'), Date.UTC(2025, 2, 10, 12));
  t.is(fileTime('1'), 0, 'long ago is not never');
  t.is(fileTime('-1'), undefined);
  t.is(fileTime('soon'), undefined);
});

test('texts are made clean and short', (t) => {
  t.is(cleanText(' A\u0000n\tn\na\u202e '), 'An n a');
  t.is(Buffer.byteLength(cleanText('ä'.repeat(400))), 254);
});

test('DNs are compared without case and blanks; an OU of a longer name is another', (t) => {
  const base = dnKey('OU=People, DC=print,DC=test');
  t.true(isUnder(dnKey('CN=Anna\\, B,ou=people,dc=PRINT,dc=test'), [base]));
  t.false(isUnder(dnKey('CN=Anna,OU=OldPeople,DC=print,DC=test'), [base]));
  t.is(domainOf('OU=People,DC=Print,DC=test'), 'print.test');
  t.is(domainOf('o=company'), '');
  const domains = new Domains();
  for (const dn of ['uid=a,ou=b,DC=x,dc=Y', 'uid=b,DC=x,dc=Y', 'uid=c,dc=x, dc=z', 'dc=q,ou=b,dc=y', 'o=a']) {
    t.is(domains.of(dn), domainOf(dn));
  }
});

test('attributes that people write themselves are known', (t) => {
  t.deepEqual(selfWritable(['employeeID', 'Pager', 'telephoneNumber']), ['Pager', 'telephoneNumber']);
  t.is(attributeNames('openldap', { email: 'mailPrimary' }).email, 'mailPrimary');
});
