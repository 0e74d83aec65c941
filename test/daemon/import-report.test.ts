// The report of an import by mail: what it says, and what is told when the mail does not go.
import test from 'ava';
import { Failure } from '../../base/errors.ts';
import type { Mailer, MailFate } from '../../base/mail/mailer.ts';
import type { MailMessage } from '../../base/mail/message.ts';
import { mailImportReport } from '../../daemon/commands/import-report.ts';
import { openIdentity } from '../identity/fixture.ts';

const FILE = 'EMAIL,OPERATION,SHORTNAME,CODE\na@x.org,CREATE,a,12345678\nb@x.org,CREATE,b,975310864x\n';

async function outcome(perRow: boolean) {
  const { identity } = await openIdentity();
  return { ...(await identity.importPeople(Buffer.from(FILE), { perRow })), file: 'people.csv' };
}

function mailer(fate: MailFate, sent: MailMessage[]): Mailer {
  return {
    async send(message) {
      sent.push(message);
      return { messageId: '<x@y>', outcomes: [{ recipient: message.to[0] ?? '', fate, reply: '' }] };
    },
  };
}

test('the mail has the lines, the remarks and the counts, and no code', async (t) => {
  const sent: MailMessage[] = [];
  const told = await mailImportReport(
    mailer('accepted', sent),
    'Office',
    'admin@example.org',
    await outcome(true),
  );
  t.deepEqual(told, { sent: true, told: 'report mailed to admin@example.org' });
  t.like(sent[0], { to: ['admin@example.org'], subject: 'Office: import of people, done' });
  t.deepEqual(
    sent[0]?.text.split('\n').map((line) => line.split(';')[0]),
    [
      'people.csv:3 CODE: is not a code',
      'people.csv:2 CODE: is one that a thief tries first',
      '1 created, 0 updated, 0 deleted, 0 unchanged, 1 row left out',
      '',
    ],
  );
  t.notRegex(sent[0]?.text ?? '', /12345678|975310864/);
});

test('a mail that does not go is told, and the import stands', async (t) => {
  const refused = await mailImportReport(mailer('refused', []), 'Office', 'a@b.org', await outcome(false));
  t.deepEqual(refused, { sent: false, told: 'report not mailed: refused' });
  const none: Mailer = {
    send: () => Promise.reject(new Failure('mail-not-configured', 'no mail server is configured')),
  };
  const told = await mailImportReport(none, 'Office', 'a@b.org', await outcome(false));
  t.deepEqual(told, { sent: false, told: 'report not mailed: no mail server is configured' });
});
