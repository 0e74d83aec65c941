// Files of people through the real program: imports in both formats, reports, passwords, exports that change nothing.
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess } from './gateway-process.ts';

const CONFIG = `
queues:
  print: { unowned-jobs: claimable }
printers:
  folder: { uri: "file:///nonexistent/holdfast-test" }
limits: { free-disk-floor: 1 MiB }
`;
const HEADER =
  'EMAIL,OPERATION,PASSWORD,FIRST_NAME,LAST_NAME,DISPLAY_NAME,SHORTNAME,GROUPS,CUSTOM_ATTRIBUTES,COST_CENTER,DEPARTMENT,CARD,CODE,PIN';
const PASSWORD = 'correct horse battery';
const CODE = '9182736450';
const CARD = '04A1B2C3D4E5F6';
const FILE = [
  HEADER,
  `Ada@Example.org,CREATE,${PASSWORD},Ada,Lovelace,Ada L.,ada,"Staff,Print","{'floor':'3'}",CC1,Maths,${CARD},${CODE},40926`,
  'bob@example.org,CREATE\r',
  "eve@example.org,CREATE,,,,'=Eve,eve",
].join('\n');

test('imported, exported, imported again: nothing changes, and no secret comes out', async (t) => {
  const gateway = await GatewayProcess.start(t, await temporaryFolder(t), CONFIG);
  const folder = join(gateway.folder, 'files');
  await mkdir(folder);
  const people = (...words: string[]) => gateway.holdfast('people', ...words);
  const write = async (name: string, content: string | Uint8Array) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };

  const wrong = await write('wrong.txt', `${FILE}\nx@x.org,UPDATE\ny@x.org,CREATE,,,,,ada\n`);
  const refused = await people('import', wrong);
  t.is(refused.code, 1);
  t.is(
    refused.stdout,
    [
      `${wrong}:5 EMAIL: belongs to nobody; UPDATE needs somebody who is there`,
      `${wrong}:6 SHORTNAME: is also the user name of ada (line 2); user names must differ`,
      'nothing was changed\n',
    ].join('\n'),
  );
  const preview = await people('import', '--per-row', '--dry-run', wrong);
  t.regex(
    preview.stdout,
    /^3 created, 0 updated, .*, 1 password set, 2 rows left out\nnothing was changed \(--dry-run\)$/m,
  );
  t.is((await people('list')).stdout.trim(), 'no people; import some with "holdfast people import FILE.csv"');

  const file = await write('people.csv', Buffer.from(`\u{feff}${FILE}`, 'utf16le'));
  const done = await people('import', '--mail-report', 'admin@example.org', file);
  t.regex(done.stdout, /^read as UTF-16/m);
  t.regex(done.stdout, /^3 created, 0 updated, 0 deleted, 0 unchanged, 1 password set$/m);
  t.regex(done.stdout, /^report not mailed: /m, 'no mail server is configured');
  t.is(done.code, 1);
  const shown = (await people('show', 'ada')).stdout;
  for (const line of [
    /^e-mail +ada@example\.org$/m,
    /^floor +3$/m,
    /^groups +Print, Staff$/m,
    /^PIN +set$/m,
  ]) {
    t.regex(shown, line);
  }
  const set = await people('set', 'ada', '--attributes', 'floor=,room=4');
  t.is(set.stdout, 'ada changed\n', set.stderr);
  t.regex((await people('show', 'ada')).stdout, /^room +4$/m);

  const copy = join(folder, 'copy.csv');
  t.is((await people('export', copy)).stdout, `${copy}: 3 people written\n`);
  t.is((await stat(copy)).mode & 0o777, 0o600);
  const text = await readFile(copy, 'utf8');
  t.is(text, (await people('export')).stdout);
  t.regex(
    text,
    /^ada@example\.org,UPDATE,,Ada,Lovelace,Ada L\.,ada,"Print,Staff","\{""room"":""4""\}",CC1,Maths$/m,
  );
  t.regex(text, /^eve@example\.org,UPDATE,,,,'=Eve,eve,,,,$/m);
  for (const secret of [PASSWORD, CODE, CARD, '40926']) t.false(text.includes(secret));
  t.is((await people('import', copy)).stdout, '0 created, 0 updated, 0 deleted, 3 unchanged\n');

  const list = await write(
    'papercut.tsv',
    'bob\t5.00\tN\tBob Burns\t\tSales\tNord\t4711\t\t\t4712\ncy\t\tY\n',
  );
  const moved = await people('import', '--format', 'papercut', '--json', list);
  t.like(JSON.parse(moved.stdout), { applied: true, report: { created: 1, updated: 1 }, refused: 0 });
  t.regex((await people('show', 'bob')).stdout, /^cards +1 primary, 1 secondary$/m);
  t.regex((await people('import', '--numbers', 'cards', list)).stderr, /goes with --format papercut/);
  for (const secret of [PASSWORD, CODE, CARD, '40926'])
    t.false(gateway.output.includes(secret), 'in the log');
});
