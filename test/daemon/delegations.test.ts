// Delegations and temporary badges of the real program: who prints whose job, and how both end.
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { TestPanel } from '../panel-protocol/gateway.ts';
import { documentStream } from '../simulators/document-stream.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess } from './gateway-process.ts';
import { PrintClient } from './print-client.ts';

const CARD = '04A1B2C3D4E5F6';
const configOf = (out: string) => `
queues:
  print: { unowned-jobs: claimable, claimed-names: trust }
printers:
  folder: { uri: "file://${out}" }
limits: { free-disk-floor: 1 MiB }
panels:
  wall: { printer: folder, addresses: [127.0.0.1, "::1"], sign-in: [badge, password] }
`;

test('a delegate prints the job under the name of its owner until that ends; a badge goes from hand to hand', async (t) => {
  const folder = await temporaryFolder(t);
  const out = join(folder, 'out');
  await mkdir(out);
  const gateway = await GatewayProcess.start(t, folder, configOf(out));
  const user = new PrintClient(gateway.ipp);
  t.teardown(() => user[Symbol.dispose]());
  const delegations = (...words: string[]) => gateway.holdfast('delegations', ...words);
  for (const name of ['ada', 'bob', 'cyd']) await gateway.holdfast('people', 'add', name);
  await gateway.holdfastGiven(`${CARD}\n`, 'people', 'add-card', 'bob', '--until', '2099-01-01');
  const [first, second] = [
    await user.print(documentStream(20_000)),
    await user.print(documentStream(20_000)),
  ];

  t.regex((await delegations('add', 'ada', 'bob')).stderr, /--until is missing/);
  t.regex((await delegations('add', 'ada', 'bob', '--until', '2020-01-01')).stderr, /in the future/);
  t.regex((await delegations('add', 'nobody', 'bob', '--until', '2020-01-01')).stderr, /no one person/);
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  t.regex((await delegations('add', 'ada', 'bob', '--until', tomorrow)).stdout, /^bob may print/);
  t.like(JSON.parse((await delegations('list', '--json')).stdout), {
    total: 1,
    delegations: [{ from: 'ada', to: 'bob' }],
  });

  const wall = await TestPanel.at(gateway, t);
  await wall.ask({ type: 'credential', kind: 'badge', value: CARD });
  const { jobs } = await wall.next('jobs');
  t.deepEqual(jobs.map((job) => [job['job-id'], job.owner?.['display-name']]).sort(), [
    [first, 'ada'],
    [second, 'ada'],
  ]);
  const release = (id: number, key: string) => wall.ask({ type: 'release', key, 'job-ids': [id] });
  t.like(await release(first, 'a-key-of-the-first-job'), { type: 'ok' });
  t.like(await wall.next('outcome'), { 'job-id': first, outcome: 'completed' });
  t.is((await readdir(out)).length, 1);
  const released = await gateway.logged('job released', (line) => line['job-id'] === first);
  t.not(released['by'], released['owner']);

  // While Bob still looks at the list.
  t.regex((await delegations('remove', 'ada', 'bob')).stdout, /not print the jobs/);
  t.regex((await delegations('remove', 'ada', 'bob')).stderr, /there is no delegation/);
  await release(second, 'a-key-of-the-second-job');
  t.like(await wall.next('outcome'), { 'job-id': second, outcome: 'refused', reason: 'job-not-found' });
  t.is((await readdir(out)).length, 1);

  const past = await gateway.holdfastGiven(`${CARD}\n`, 'people', 'add-card', 'cyd', '--until', '2020-01-01');
  t.regex(past.stderr, /--until must lie in the future/);
  const held = await gateway.holdfastGiven(`${CARD}\n`, 'people', 'add-card', 'cyd');
  t.regex(held.stderr, /somebody else has that card/);
  t.false(gateway.output.includes(CARD));
});
