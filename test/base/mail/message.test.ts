// What a mail becomes, whatever stands in its parts.
import test from 'ava';
import { compose, isMailAddress, messageIdOf } from '../../../base/mail/message.ts';

const FROM = 'printing@example.org';
const MAIL = { to: ['ann@example.org'], subject: 'Code', text: 'Guten Tag\n', id: 'batch-7.ann' };
const AT = Date.UTC(2026, 0, 1);

/** Header fields, unfolded. */
async function header(mail: typeof MAIL): Promise<string[]> {
  const [head = ''] = (await compose(mail, FROM, AT)).toString('utf8').split('\r\n\r\n');
  return head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
}

test('a mail has the header that was meant', async (t) => {
  const fields = await header(MAIL);
  t.true(fields.includes('To: ann@example.org'));
  t.true(fields.includes('Message-ID: <batch-7.ann@example.org>'));
  t.true(fields.includes('Date: Thu, 01 Jan 2026 00:00:00 +0000'));
  t.is(messageIdOf(MAIL.id, FROM), '<batch-7.ann@example.org>');
});

test('a subject adds no field, no recipient and no body', async (t) => {
  const names = (fields: string[]) => fields.map((field) => field.split(':', 1)[0]);
  const plain = names(await header(MAIL));
  for (const end of ['\r\n', '\n', '\r', '\u2028', '\0', '\x0b']) {
    const subject = `Code${end}Bcc: thief@example.net${end}${end}<b>body</b>`;
    const fields = await header({ ...MAIL, subject });
    t.deepEqual(names(fields), plain, JSON.stringify(end));
    t.regex(fields.find((field) => field.startsWith('Subject:')) ?? '', /Bcc: thief/);
  }
});

for (const to of [
  'ann@example.org\r\nBcc: thief@example.net',
  'ann@example.org, thief@example.net',
  'ann@example.org>\r\nDATA',
  '<ann@example.org>',
  'Ann <ann@example.org>',
  'ann',
  '@example.org',
  'ann@',
  'ann@-example.org',
  'ann@exa mple.org',
  `${'a'.repeat(65)}@example.org`,
  `ann@${'a'.repeat(255)}`,
  '',
]) {
  test(`not an address: ${JSON.stringify(to.slice(0, 50))}${to.length}`, async (t) => {
    t.false(isMailAddress(to));
    await t.throwsAsync(compose({ ...MAIL, to: [to] }, FROM, AT), { code: 'bad-mail' });
  });
}

test('addresses as directories have them', (t) => {
  for (const address of ["o'brien+print@example.org", 'jürgen@müller.example', 'a@b', 'x.y-z_1@10.example']) {
    t.true(isMailAddress(address), address);
  }
});

test('the number of recipients has a bound on both sides', async (t) => {
  const to = (count: number) => Array.from({ length: count }, (_, index) => `p${index}@example.org`);
  for (const count of [0, 101]) {
    await t.throwsAsync(compose({ ...MAIL, to: to(count) }, FROM, AT), { code: 'bad-mail' });
  }
  await t.notThrowsAsync(compose({ ...MAIL, to: to(100) }, FROM, AT));
  await t.throwsAsync(compose({ ...MAIL, id: 'a>b' }, FROM, AT), { instanceOf: RangeError });
});
