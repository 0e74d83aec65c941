// `holdfast queues …`: a paused queue prints nothing, not after a restart either, and goes on when it is resumed.
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { documentStream } from '../simulators/document-stream.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess } from './gateway-process.ts';
import { PrintClient } from './print-client.ts';

test('a queue is paused and closed by command, and stays so over a restart', async (t) => {
  const folder = await temporaryFolder(t);
  const output = join(folder, 'output');
  await mkdir(output);
  const config = `
queues:
  direct: { printers: [virtual], release: immediately, unowned-jobs: claimable }
printers:
  virtual: { uri: "file://${output}" }
`;
  const first = await GatewayProcess.start(t, folder, config);
  t.is((await first.holdfast('queues', 'pause', 'direct')).stdout, 'direct: paused\n');
  const unknown = await first.holdfast('queues', 'pause', 'direct', 'nowhere');
  t.is(unknown.code, 1);
  t.regex(unknown.stderr, /no queue "nowhere"/);
  {
    using client = new PrintClient(first.ipp, 'direct');
    await client.print(documentStream(20_000), 'Waits');
  }
  await first.kill('SIGTERM');

  const second = await GatewayProcess.start(t, folder, config);
  const { stdout } = await second.holdfast('queues', 'list', '--json');
  t.like(JSON.parse(stdout).queues[0], { name: 'direct', jobs: 1, paused: true, accepting: true });
  t.deepEqual(await readdir(output), []);
  await second.holdfast('queues', 'refuse', 'direct');
  {
    using client = new PrintClient(second.ipp, 'direct');
    await t.throwsAsync(client.print(documentStream(20_000), 'Refused'), { message: /not-accepting/ });
  }
  await second.holdfast('queues', 'resume', 'direct');
  await second.logged('job was printed');
  t.is((await readdir(output)).length, 1);
});
