// What the answers of a mail server mean.
import test from 'ava';
import type { MailFate } from '../../../base/mail/mailer.ts';
import { outcomesOf, type SmtpTrouble } from '../../../base/mail/outcomes.ts';

const TO = ['ann@example.org', 'bob@example.org'];
const trouble = (fields: Partial<SmtpTrouble>): SmtpTrouble => Object.assign(new Error('cut'), fields);

const CASES: { name: string; error: SmtpTrouble; sent: boolean; fate: MailFate }[] = [
  {
    name: 'cut before the last octet',
    error: trouble({ code: 'ECONNECTION' }),
    sent: false,
    fate: 'deferred',
  },
  { name: 'cut after it', error: trouble({ code: 'ECONNECTION' }), sent: true, fate: 'unknown' },
  { name: 'a late refusal', error: trouble({ responseCode: 554 }), sent: true, fate: 'refused' },
  { name: 'a late deferral', error: trouble({ responseCode: 452 }), sent: true, fate: 'deferred' },
  { name: 'a bad sequence of commands', error: trouble({ responseCode: 503 }), sent: true, fate: 'deferred' },
  {
    name: 'too large, as the server said before',
    error: trouble({ code: 'EMESSAGE' }),
    sent: false,
    fate: 'refused',
  },
];

for (const { name, error, sent, fate } of CASES) {
  test(`the whole mail: ${name}`, (t) => {
    t.deepEqual(
      outcomesOf(TO, [], { error, sent }).map((each) => each.fate),
      [fate, fate],
    );
  });
}

test('who was refused by name stays refused, whatever became of the mail', (t) => {
  const rejected = [
    trouble({ recipient: 'bob@example.org', responseCode: 550, response: '550 gone\x1b[2J' }),
  ];
  t.deepEqual(outcomesOf(TO, rejected), [
    { recipient: 'ann@example.org', fate: 'accepted', reply: '' },
    { recipient: 'bob@example.org', fate: 'refused', reply: '550 gone\\u{1b}[2J' },
  ]);
  const cut = outcomesOf(TO, rejected, { error: trouble({}), sent: true });
  t.deepEqual(
    cut.map(({ fate }) => fate),
    ['unknown', 'refused'],
  );
});
