// What administrators read is whole: every limit and every metric stands in docs/operations.md.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { limits } from '../../config/limits.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess } from './gateway-process.ts';

const PAGE = join(import.meta.dirname, '../../docs/operations.md');

/** The text of a section, up to the next one. */
async function section(name: string): Promise<string> {
  const [, after = ''] = (await readFile(PAGE, 'utf8')).split(`\n## ${name}\n`);
  return after.split('\n## ', 1)[0] ?? '';
}

test('every limit stands in the table of limits', async (t) => {
  const text = await section('Limits');
  const keys = Object.keys(limits.parse({})).map((key) =>
    key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  );
  t.true(keys.length > 20);
  t.deepEqual(
    keys.filter((key) => !text.includes(`\`${key}\``)),
    [],
  );
});

test('every metric stands in the table of metrics', async (t) => {
  const folder = await temporaryFolder(t);
  const gateway = await GatewayProcess.start(
    t,
    folder,
    `
queues:
  print: { unowned-jobs: claimable }
printers:
  folder: { uri: "file://${folder}/output" }
`,
  );
  const told = await (await fetch(`http://${gateway.web}/metrics`)).text();
  const names = Array.from(told.matchAll(/^# TYPE holdfast_(\S+)/gm), ([, name = '']) => name);
  const text = await section('Metrics');
  t.true(names.length > 20);
  t.deepEqual(
    names.filter((name) => !text.includes(`\`${name}\``) && !text.includes(`\`${name}{`)),
    [],
  );
});
