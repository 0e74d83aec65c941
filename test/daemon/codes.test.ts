// How long codes must be, as the commands of a running gateway say.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { TestPanel } from '../panel-protocol/gateway.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess } from './gateway-process.ts';

const CONFIG = `
queues: { print: { unowned-jobs: claimable } }
printers: { folder: { uri: "file:///nonexistent/holdfast-test" } }
panels:
  one: { printer: folder, addresses: [127.0.0.1] }
  two: { printer: folder, addresses: [127.0.0.1] }
`;

test('short codes are refused with the length that would do, unless the risk is accepted', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'people.csv');
  const rows = Array.from(
    { length: 500 },
    (_, number) => `p${number}@x.org,CREATE,p${number},${3000 + number}`,
  );
  await writeFile(file, ['EMAIL,OPERATION,SHORTNAME,CODE', ...rows].join('\n'));
  const gateway = await GatewayProcess.start(t, folder, CONFIG);
  const refused = await gateway.holdfast('people', 'import', file);
  t.is(refused.code, 1);
  t.regex(
    refused.stdout,
    /people\.csv:1 CODE: codes of 4 digits are too short for some 500 people.* 7 digits would do/,
  );
  const lengths = JSON.parse(
    (await gateway.holdfast('codes', 'lengths', '--people', '500', '--json')).stdout,
  );
  t.is(lengths['guesses-per-week'], 2 * 2029);
  t.like(lengths.lengths[0], { digits: 4, 'expected-guesses': 18, allowed: false });
  t.like(lengths.lengths[3], { digits: 7, 'hits-per-week': 0.2, allowed: true });
  t.regex((await gateway.holdfast('codes', 'lengths', '--people', '500')).stdout, /^4 +18 +230 +no$/m);
  const accepting = await GatewayProcess.start(
    t,
    await temporaryFolder(t),
    `${CONFIG}codes: { accept-risk: true }\n`,
  );
  t.regex((await accepting.holdfast('people', 'import', file)).stdout, /^500 created/m);
});

test('a code that is made for somebody must be long enough too', async (t) => {
  const gateway = await GatewayProcess.start(
    t,
    await temporaryFolder(t),
    `${CONFIG}codes: { weeks-per-hit: 520 }\n`,
  );
  const short = await gateway.holdfast('people', 'add', 'ann', '--code', '4');
  t.is(short.code, 1);
  t.regex(short.stderr, /codes of 4 digits are too short for some 1 people.* 7 digits would do/);
  const long = await gateway.holdfast('people', 'add', 'ann', '--code', '7');
  t.regex(long.stdout, /^ann added; code \d{7} /);
});

test('one person’s code: replaced, wanted with a PIN, and taken away', async (t) => {
  const config = `${CONFIG.replaceAll('[127.0.0.1]', '[127.0.0.1, "::1"], bind-cards: [by-sign-in]')}codes: { second-factor: pin }\n`;
  const gateway = await GatewayProcess.start(t, await temporaryFolder(t), config);
  const codes = (...words: string[]) => gateway.holdfast('codes', ...words);
  await gateway.holdfast('people', 'add', 'ann', '--email', 'ann@example.org');
  t.regex((await codes('generate', '--all')).stderr, /codes are mailed, and there is no mail server/);
  t.regex((await codes('generate')).stderr, /nobody is named/);
  t.regex((await codes('apply', '1')).stderr, /no plan 1 waits/);
  t.regex((await codes('replace', 'ann', '--digits', '3')).stderr, /codes have 4 to 16 digits/);
  const told = await codes('replace', 'ann', '--digits', '4');
  const [, code = ''] = /^ann: code (\d{4}) \(told only now\)$/m.exec(told.stdout) ?? [];
  t.is(code.length, 4, 'a short one will do beside a PIN');
  await gateway.holdfastGiven('90417\n', 'people', 'set-pin', 'ann');

  const panel = new TestPanel(gateway.web, '/panel/one/socket');
  t.teardown(() => panel.socket.terminate());
  await panel.opened();
  await panel.ask({ type: 'hello', versions: [1] });
  await panel.next('session');
  const signIn = async (pin: string) => {
    t.like(await panel.ask({ type: 'credential', kind: 'code', value: code }), { type: 'ok' });
    t.like(await panel.next('session'), { session: 'pin' });
    return panel.ask({ type: 'credential', kind: 'pin', value: pin });
  };
  t.like(await signIn('90418'), { code: 'pin-wrong' });
  t.like(await panel.ask({ type: 'credential', kind: 'pin', value: '90417' }), { type: 'ok' });
  t.like(await panel.next('session'), { session: 'jobs', person: { 'display-name': 'ann' } });
  await panel.ask({ type: 'logout' });
  t.like(await panel.next('session'), { session: 'idle' });
  // An unknown badge becomes hers by both, not by the code alone.
  const badge = { type: 'credential', kind: 'badge', value: '04A1B2C3D4E5F6' };
  await panel.ask(badge);
  t.like(await panel.next('session'), { session: 'bind' });
  t.like(await signIn('90417'), { type: 'ok' });
  t.like(await panel.next('session'), { session: 'jobs', person: { 'display-name': 'ann' } });
  t.like(await panel.ask(badge), { type: 'ok' }, 'her own signs her out');
  t.like(await panel.next('session'), { session: 'idle', reason: 'logout' });
  t.like(await panel.ask(badge), { type: 'ok' });
  t.like(await panel.next('session'), { session: 'jobs' });
  await panel.ask({ type: 'logout' });
  await panel.next('session');
  t.is((await codes('expire', 'ann', '--until', '2020-01-31')).stdout, 'ann: the codes end with that day\n');
  t.like(await signIn('90417'), { code: 'pin-wrong' }, 'ended by the clock');
  t.is((await codes('revoke', 'ann')).stdout, 'ann: 1 code revoked\n');
  t.false(gateway.output.includes(`"${code}"`));
});
