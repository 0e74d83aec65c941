// What a directory says when it refuses, as the administrator reads it.
import test from 'ava';
import { InvalidCredentialsError, NoSuchObjectError } from 'ldapts';
import { bindRefusal } from '../../../identity/directory/failures.ts';

const refused = (data: string) =>
  bindRefusal(
    new InvalidCredentialsError(
      `80090308: LdapErr: DSID-0C090569, comment: AcceptSecurityContext error, data ${data}, v4563`,
    ),
  );

for (const [code, reason] of [
  ['52e', 'wrong-password'],
  ['532', 'password-expired'],
  ['533', 'disabled'],
  ['701', 'account-expired'],
  ['773', 'password-must-change'],
  ['775', 'locked-out'],
]) {
  test(`Active Directory's ${code} is ${reason}`, (t) => {
    t.like(refused(code ?? ''), { reason, subCode: code });
  });
}

test('a refusal that says no more, and errors that are none', (t) => {
  t.like(refused('7ff'), { reason: 'refused', subCode: '7ff' });
  t.like(bindRefusal(new InvalidCredentialsError('')), { reason: 'refused', subCode: '' });
  t.is(bindRefusal(new NoSuchObjectError()), undefined);
  t.is(bindRefusal(new Error('data 52e')), undefined);
});
