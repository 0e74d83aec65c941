// Forged, replayed and reordered messages are refused and logged; names of jobs can't turn a screen around.
import test from 'ava';
import { RecordingLog } from '../recording-log.ts';
import { CODE, job, PAUL } from './fakes.ts';
import { openGateway, TestPanel } from './gateway.ts';

const PAULS = { owner: { kind: 'person', person: PAUL.id, proof: 'claimed' } } as const;

test('ids of jobs of others, and of none, are refused alike, and logged', async (t) => {
  const log = new RecordingLog();
  const gateway = await openGateway(t, { log });
  gateway.jobs.put(job(6, PAULS));
  const client = await TestPanel.signedIn(gateway, t);
  for (const [count, id] of [6, 99].entries()) {
    await client.ask({ type: 'release', key: `key-0000000${count}`, 'job-ids': [id] });
    t.like(await client.next('outcome'), { outcome: 'refused', reason: 'job-not-found' });
    await client.ask({ type: 'cancel', 'job-ids': [id] });
    t.like(await client.next('outcome'), { outcome: 'refused', reason: 'job-not-found' });
    t.like(await client.ask({ type: 'options', 'job-id': id }), { code: 'job-not-found' });
  }
  t.deepEqual(gateway.jobs.orders, []);
  t.is(gateway.jobs.get(6).state, 'pending-held');
  t.true(log.events('warn').includes('panel named a job that is not on its list'));
});

test('a replayed credential and messages out of order are refused, and logged once', async (t) => {
  const log = new RecordingLog();
  const gateway = await openGateway(t, { log });
  const client = await TestPanel.greeted(gateway, t);
  const credential = { id: 9, type: 'credential', kind: 'code', value: CODE };
  t.like(await client.ask(credential), { type: 'ok' });
  await client.ask({ id: 10, type: 'logout' });
  t.like(await client.ask(credential), { code: 'id-repeated' });
  t.like(await client.ask({ ...credential, id: 3 }), { code: 'id-repeated' });
  t.is(gateway.identity.attempts.length, 1);
  const told = log.lines.filter(({ event }) => event === 'panel broke the protocol');
  t.is(told.length, 1);
  t.like(told[0]?.fields, { reason: 'id-repeated', address: '127.0.0.1' });
  t.notRegex(JSON.stringify(log.lines), new RegExp(CODE));
});

/** In each language a name, and the marks that would turn it, hide in it or break out of its line. */
const NAMES = {
  English: 'report\u202Efdp.exe',
  Arabic: '\u202Bتقرير\u061C شهري\u202C',
  Hebrew: '\u2067דוח\u200F חודשי\u2069',
  Persian: 'گزارش\u200Cها\u200E',
  Polish: 'zażółć\u0000 gęślą\u001b[2J',
  German: 'Größe\u2028<script>alert(1)</script>',
  French: 'été\u0085\u2066 fini',
  Chinese: '报告\u200B\uFEFF书',
  Japanese: '報告\u2068書\u2069',
  Hindi: 'रिपोर्ट\u200D\u202D',
  Russian: 'отчёт\u180E\u00AD',
  Emoji: `${'x'.repeat(125)}😀😀`,
};

test('a name in any language goes to a panel without controls and direction marks, and in bounds', async (t) => {
  const gateway = await openGateway(t);
  const client = await TestPanel.signedIn(gateway, t);
  for (const [number, [language, name]] of Object.entries(NAMES).entries()) {
    gateway.jobs.put(job(number + 1, { name, submitter: { address: '10.0.0.7', claimedName: name } }));
    const { job: told } = await client.next('job');
    for (const text of [told['job-name'] ?? '', told['job-originating-user-name'] ?? '']) {
      t.notRegex(text, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u, language);
      t.true(text.length > 0 && text.length <= 127, language);
      const [first = ''] = /^\p{L}+/u.exec(name.replace(/^\p{Cf}/u, '')) ?? [];
      t.true(text.startsWith(first), language);
    }
  }
});
