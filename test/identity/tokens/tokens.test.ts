// Tokens: their form, whom they may name, when they work, and what is written of them.
import test from 'ava';
import { Metrics } from '../../../base/metrics.ts';
import { newKey } from '../../../base/secrets/sealing.ts';
import { Hours } from '../../../base/units.ts';
import { formatNamingRule, mayName, parseNamingRule } from '../../../identity/tokens/naming.ts';
import { hasTokenForm, newSecret } from '../../../identity/tokens/token.ts';
import { type NewToken, Tokens } from '../../../identity/tokens/tokens.ts';
import { ManualClock } from '../../manual-clock.ts';
import { RecordingLog } from '../../recording-log.ts';
import { ADA, BOB } from '../../spool/sample-job.ts';
import { FewPeople } from '../few-people.ts';
import { memoryTokenStore } from '../memory-credentials.ts';

const OF_ADA: NewToken = { kind: 'personal', label: 'laptop', queues: [], networks: [], person: ADA };
const PLACE = { queue: 'print', address: '192.0.2.7', confidential: true };

function parts() {
  return {
    store: memoryTokenStore(),
    gatewayKey: newKey(),
    people: new FewPeople(),
    clock: new ManualClock(),
    log: new RecordingLog(),
    metrics: new Metrics(),
  };
}

test('a secret has 160 random bits in a form that can be told from anything else', (t) => {
  const secrets = new Set(Array.from({ length: 1000 }, newSecret));
  t.is(secrets.size, 1000);
  for (const secret of secrets) t.regex(secret, /^hft-[a-z2-7]{32}$/);
  const letters = new Set([...secrets].flatMap((secret) => [...secret.slice(4)]));
  t.is(letters.size, 32);
  const [secret = ''] = secrets;
  t.true(hasTokenForm(secret));
  for (const other of ['', 'auth', secret.slice(1), `${secret}a`, secret.toUpperCase(), `${secret}\n`]) {
    t.false(hasTokenForm(other), JSON.stringify(other));
  }
});

const RULES: readonly [rule: string, name: string, may: boolean][] = [
  ['all', 'anybody', true],
  ['ada', 'ada', true],
  ['ada', 'ADA', true],
  ['Ada', 'ada', true],
  ['ada', 'ada2', false],
  ['ada', '', false],
  ['ada, bob', 'bob', true],
  ['ward7-*', 'ward7-nurse', true],
  ['ward7-*', 'ward8-nurse', false],
  ['*@example.org', 'eve@example.org', true],
  ['*@example.org', 'eve@example.org.evil.net', false],
  ['*nurse*', 'ward7-nurse-2', true],
  ['*nurse*', 'doctor', false],
  ['CORP\\*', 'corp\\ada', true],
  ['straße', 'STRAßE', true],
];

for (const [rule, name, may] of RULES) {
  test(`may name ${rule}: ${name || 'nobody'} ${may ? 'yes' : 'no'}`, (t) => {
    const parsed = parseNamingRule(rule);
    t.is(mayName(parsed, name), may);
    t.deepEqual(parseNamingRule(formatNamingRule(parsed)), parsed);
  });
}

for (const rule of [
  '',
  ' ',
  ',',
  'ada,',
  '*',
  '**',
  'a*b',
  'group:nurses',
  'domain:corp',
  'x'.repeat(256),
  'a\u202eb',
]) {
  test(`not a rule: ${JSON.stringify(rule.slice(0, 20))}`, (t) => {
    t.throws(() => parseNamingRule(rule), { code: 'bad-naming-rule' });
  });
}

test('tokens survive a restart by their key alone; another gateway key knows none of them', async (t) => {
  const shared = parts();
  const tokens = await Tokens.open(shared);
  const submitter: NewToken = {
    kind: 'submitter',
    label: 'ERP',
    queues: ['print'],
    networks: ['192.0.2.0/24'],
    mayName: parseNamingRule('ada,ward7-*'),
    formats: ['application/postscript'],
  };
  const made = [
    await tokens.create(OF_ADA),
    await tokens.create(submitter, Hours(1)),
    await tokens.create({ kind: 'operator', label: 'ops', queues: [], networks: [] }),
  ];
  await tokens.close();
  const rows = JSON.stringify(await shared.store.all(undefined));
  for (const { secret } of made) t.false(rows.includes(secret.reveal()));
  const again = await Tokens.open({ ...shared, metrics: new Metrics() });
  for (const { token, secret } of made) {
    t.deepEqual(again.find(secret.reveal(), PLACE), { found: true, token });
    t.is(`${secret}`, '[secret]');
  }
  const stranger = await Tokens.open({ ...shared, gatewayKey: newKey(), metrics: new Metrics() });
  for (const { secret } of made) t.false(stranger.find(secret.reveal(), PLACE).found);
  t.false(shared.log.text.includes(made[0]?.secret.reveal() ?? 'x'));
});

test('where and until when a token works', async (t) => {
  const shared = parts();
  const tokens = await Tokens.open(shared);
  const bound = { ...OF_ADA, queues: ['print'], networks: ['192.0.2.0/24', 'fd00::/8'] } as NewToken;
  const { token, secret } = await tokens.create(bound, Hours(2));
  const works = (place: Partial<typeof PLACE>) => tokens.find(secret.reveal(), { ...PLACE, ...place }).found;
  t.true(works({}));
  t.true(works({ address: 'fd00::7' }));
  t.false(works({ address: '198.51.100.7' }));
  t.false(works({ queue: 'direct' }));
  t.false(works({ confidential: false }));
  shared.clock.advance(Hours(2) - 1);
  t.true(works({}) && tokens.isLive(token.id));
  shared.clock.advance(1);
  t.false(works({}) || tokens.isLive(token.id));
});

test('the last use is written down once an hour, and at the end', async (t) => {
  const shared = parts();
  const writes: unknown[] = [];
  const store = { ...shared.store, used: async (uses: readonly unknown[]) => void writes.push(...uses) };
  const tokens = await Tokens.open({ ...shared, store });
  const { token, secret } = await tokens.create(OF_ADA);
  const start = shared.clock.now();
  for (let minute = 0; minute < 59; minute++) {
    tokens.find(secret.reveal(), PLACE);
    shared.clock.advance(60_000);
  }
  t.deepEqual(writes, []);
  shared.clock.advance(60_000);
  t.deepEqual(writes, [{ id: token.id, at: start }]);
  tokens.find(secret.reveal(), PLACE);
  t.is(tokens.list()[0]?.lastUsedAt, start + Hours(1));
  await tokens.close();
  t.deepEqual(writes[1], { id: token.id, at: start + Hours(1) });
});

test('tokens of people who went while the gateway was down are gone at its start', async (t) => {
  const shared = parts();
  const tokens = await Tokens.open(shared);
  await tokens.create(OF_ADA);
  const { token } = await tokens.create({ ...OF_ADA, person: BOB } as NewToken);
  await tokens.close();
  shared.people.remove(ADA);
  const again = await Tokens.open({ ...shared, metrics: new Metrics() });
  t.deepEqual(
    again.list().map((each) => each.token.id),
    [token.id],
  );
  t.is((await shared.store.all(undefined)).length, 1);
});

test('revoking tells which there were', async (t) => {
  const tokens = await Tokens.open(parts());
  const { token, secret } = await tokens.create(OF_ADA);
  t.deepEqual(await tokens.revoke(['unknown', token.id]), [token]);
  t.deepEqual(await tokens.revoke([token.id]), []);
  t.false(tokens.find(secret.reveal(), PLACE).found);
});

test('refused tokens do not fill the log, and noise does not hide which one was exposed', async (t) => {
  const shared = parts();
  const tokens = await Tokens.open(shared);
  const { token, secret } = await tokens.create(OF_ADA);
  for (let tries = 0; tries < 200; tries++) tokens.find('unknown', PLACE);
  for (let tries = 0; tries < 3; tries++) tokens.find(secret.reveal(), { ...PLACE, confidential: false });
  const refused = shared.log.lines.filter(({ event }) => event === 'token refused');
  t.deepEqual(
    refused.map(({ fields }) => [fields?.['reason'], fields?.['token']]),
    [
      ['unknown', undefined],
      ['without-tls', token.id],
    ],
  );
});

test('addresses of one IPv6 network are one address', async (t) => {
  const tokens = await Tokens.open(parts());
  const find = (address: string) => tokens.find('unknown', { ...PLACE, address });
  for (let tries = 0; tries < 51; tries++) find(`2001:db8::${tries}`);
  t.like(find('2001:db8::a:b:c:d'), { wait: 10_000 });
  t.like(find('2001:db8:0:1::1'), { wait: 0 });
});
