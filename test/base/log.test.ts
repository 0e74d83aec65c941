import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import test from 'ava';
import { type LogFormat, openLog } from '../../base/log.ts';
import { Secret } from '../../base/secrets/secret.ts';
import { temporaryFolder } from '../temporary-folder.ts';

async function written(t: Parameters<typeof temporaryFolder>[0], format: LogFormat): Promise<string> {
  const path = join(await temporaryFolder(t), 'log');
  const descriptor = openSync(path, 'w');
  const log = openLog({ level: 'info', format, descriptor });
  log.debug('too small to tell');
  log
    .child({ 'job-id': 7 })
    .warn('printer is out of reach', { printer: 'mfp 1\nforged', tries: 2, absent: undefined });
  log.setLevel('debug');
  log.debug('now told', { list: ['a\u001b', 'b'] });
  await log.close();
  return readFileSync(path, 'utf8');
}

test('JSON: one line an event, with level, time, event and fields', async (t) => {
  const lines = (await written(t, 'json'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.is(lines.length, 2);
  const { time, ...first } = lines[0];
  t.regex(time, /^\d{4}-\d\d-\d\dT/);
  t.deepEqual(first, {
    level: 'warn',
    'job-id': 7,
    printer: 'mfp 1\\u{a}forged',
    tries: 2,
    event: 'printer is out of reach',
  });
  t.deepEqual(lines[1].list, ['a\\u{1b}', 'b']);
});

test('text: the same for a person', async (t) => {
  const [first] = (await written(t, 'text')).split('\n');
  t.regex(
    first ?? '',
    /^\d\d:\d\d:\d\d warn printer is out of reach job-id=7 printer="mfp 1\\\\u\{a\}forged" tries=2$/,
  );
});

test('a secret prints as one, whatever prints it', (t) => {
  const secret = new Secret('2468');
  t.is(
    `${secret} ${JSON.stringify({ secret })} ${inspect({ secret })}`,
    '[secret] {"secret":"[secret]"} { secret: [secret] }',
  );
  t.is(secret.reveal(), '2468');
});
