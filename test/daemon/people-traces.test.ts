// Of somebody who was removed nothing stays in the files of the gateway: not in the database, its log, or the snapshot.
import { readdir, readFile, writeFile } from 'node:fs/promises';
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
/** Long enough not to stand anywhere by chance. */
const PLANTED = ['Quuxibald', 'Vexington', 'Plumbago-Dept', 'Thimblerig-Group', 'Gallimaufry', 'Zyzzogeton'];
const [name, family, department, group, attribute, byHand] = PLANTED;

/** Which of the planted texts stand in files below, and where. */
async function tracesIn(folder: string, except: RegExp): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  const found: string[] = [];
  for (const file of files.filter((each) => !except.test(each))) {
    const content = (await readFile(file)).toString('latin1').toLowerCase();
    found.push(
      ...PLANTED.filter((each) => content.includes(each.toLowerCase())).map((each) => `${each} in ${file}`),
    );
  }
  return found;
}

test('nothing of a removed person stays in any file', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(await temporaryFolder(t), 'people.csv');
  const header = 'EMAIL,OPERATION,FIRST_NAME,LAST_NAME,SHORTNAME,GROUPS,CUSTOM_ATTRIBUTES,DEPARTMENT';
  const rows = [
    `${name}@example.org,CREATE,${name},${family},${name},"${group},Staff","{'x':'${attribute}'}",${department}`,
    `kept@example.org,CREATE,Kept,Kept,kept,Staff`,
  ];
  await writeFile(file, [header, ...rows].join('\n'));
  const first = await GatewayProcess.start(t, folder, CONFIG);
  t.is((await first.holdfast('people', 'import', file)).code, 0);
  t.is((await first.holdfast('people', 'add', byHand ?? '', '--email', `${byHand}@example.org`)).code, 0);
  t.is(await first.kill('SIGTERM'), 0);
  const before = await tracesIn(folder, /people\.snapshot/);
  t.true(
    PLANTED.every((each) => before.some((trace) => trace.startsWith(each))),
    before.join('\n'),
  );

  const second = await GatewayProcess.start(t, folder, CONFIG);
  t.is((await second.holdfast('people', 'set', name ?? '', '--office', `${family} Hall`)).code, 0);
  await writeFile(file, `${header}\n${name}@example.org,DELETE\n`);
  t.is(
    (await second.holdfast('people', 'import', file)).stdout,
    '0 created, 0 updated, 1 deleted, 0 unchanged\n',
  );
  t.is((await second.holdfast('people', 'remove', byHand ?? '')).code, 0);
  t.deepEqual(await tracesIn(folder, /people\.snapshot/), [], 'while the gateway runs');
  t.is(await second.kill('SIGTERM'), 0);
  t.deepEqual(await tracesIn(folder, /^$/), [], 'after a stop');
});
