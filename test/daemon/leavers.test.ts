// Somebody leaves while a job of theirs is held and they stand at a panel: all of it ends at once, the job within a day.
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type Clock, systemClock } from '../../base/clock.ts';
import { silentLog } from '../../base/log.ts';
import { Hours, Milliseconds } from '../../base/units.ts';
import { parseConfig } from '../../config/load.ts';
import { Gateway } from '../../daemon/gateway.ts';
import { changeLocal } from '../../identity/people/local.ts';
import { csv, importRight } from '../identity/fixture.ts';
import { TestPanel } from '../panel-protocol/gateway.ts';
import { documentStream } from '../simulators/document-stream.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { PrintClient } from './print-client.ts';

const CODE = '48151623';
const LOG = { ...silentLog, setLevel: () => {}, close: async () => {}, flushNow: () => {} };

/** @param ahead of the real time, in milliseconds; then it also wakes up often */
async function start(t: ExecutionContext, folder: string, ahead = 0): Promise<Gateway> {
  const { config } = parseConfig(
    `
gateway:
  state-directory: ${folder}/state
  control-socket: ${folder}/control.sock
  ipp: { listen: ["127.0.0.1:0"] }
  web: { listen: ["127.0.0.1:0"] }
queues: { print: { claimed-names: trust } }
printers: { folder: { uri: "file://${folder}/output", formats: [application/pdf] } }
panels: { desk: { printer: folder, addresses: [127.0.0.1] } }
limits: { free-disk-floor: 1 MiB }
`,
    join(folder, 'holdfast.yaml'),
  );
  const clock: Clock = {
    ...systemClock,
    now: () => systemClock.now() + ahead,
    after: (delay, run) => systemClock.after(ahead === 0 ? delay : Milliseconds(Math.min(delay, 100)), run),
  };
  const gateway = await Gateway.start(config, LOG, clock);
  t.teardown(() => gateway.stop().catch(() => {}));
  return gateway;
}

const addressOf = ([first]: Gateway['webAddresses']) => `localhost:${first?.port}`;

async function atPanel(gateway: Gateway): Promise<TestPanel> {
  const panel = new TestPanel(addressOf(gateway.webAddresses), '/panel/desk/socket');
  await panel.opened();
  await panel.ask({ type: 'hello', versions: [1] });
  return panel;
}

test('session and token end at once, the job freezes, comes back with them, and is gone after a day', async (t) => {
  const folder = await temporaryFolder(t);
  const first = await start(t, folder);
  await importRight(t, first.identity, csv(`ada@x.org,CREATE,ada,Ada,${CODE}`));
  const ada = first.identity.byUserName('ada');
  if (ada === undefined) return t.fail();
  const token = { kind: 'personal', person: ada.id, label: 'laptop', queues: [], networks: [] } as const;
  const { token: made } = await first.credentials.tokens.create(token);
  using client = new PrintClient(addressOf(first.ippAddresses));
  const id = await client.print(documentStream(10_000));
  const panel = await atPanel(first);
  t.is((await panel.ask({ type: 'credential', kind: 'code', value: CODE })).type, 'ok');
  const { jobs } = await panel.next('jobs');
  t.deepEqual(
    jobs.map((job) => job['job-id']),
    [id],
  );

  const enable = async (gateway: Gateway, enabled: boolean) => {
    const profile = await gateway.identity.profile(ada.id);
    if (profile === undefined) return t.fail();
    await changeLocal(gateway.identity, profile, { enabled });
  };
  await enable(first, false);
  t.like(await panel.ask({ type: 'release', key: 'release-1', 'job-ids': [id] }), { type: 'error' });
  t.is((await panel.ask({ type: 'credential', kind: 'code', value: CODE })).type, 'error');
  t.false(first.credentials.tokens.isLive(made.id));
  t.is(first.jobs.living, 1, 'frozen');

  await enable(first, true);
  t.is((await panel.ask({ type: 'credential', kind: 'code', value: CODE })).type, 'ok');
  t.false(first.credentials.tokens.isLive(made.id), 'a token does not come back');
  await enable(first, false);
  panel.socket.close();
  await first.stop();

  const before = await start(t, folder, Hours(24) - 60_000);
  t.is(before.jobs.living, 1, 'not a minute too early');
  await before.stop();
  const after = await start(t, folder, Hours(24) + 60_000);
  for (let turns = 0; turns < 200 && after.jobs.living > 0; turns++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  t.is(after.jobs.living, 0);
});
