// A large document passes through; the gateway does not grow by it.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { documentStream } from '../simulators/document-stream.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess } from './gateway-process.ts';
import { PrintClient } from './print-client.ts';

const MiB = 1024 ** 2;

test('200 MB go in and out with less than 150 MB of memory', async (t) => {
  t.timeout(300_000);
  const folder = await temporaryFolder(t);
  const output = join(folder, 'output');
  const gateway = await GatewayProcess.start(
    t,
    folder,
    `
queues:
  print: { release: immediately, unowned-jobs: claimable }
printers:
  folder: { uri: "file://${output}" }
limits: { free-disk-floor: 1 MiB }
`,
  );
  const document = documentStream(200 * MiB);
  using client = new PrintClient(gateway.ipp);
  await client.print(document);
  await gateway.logged('job was printed');
  const [name = ''] = await readdir(output);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(join(output, name))) hash.update(chunk);
  t.is(hash.digest('hex'), document.digest());
  const status = await readFile(`/proc/${gateway.pid}/status`, 'utf8');
  const peak = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
  t.log(`peak ${Math.round(peak / 1e6)} MB`);
  t.true(peak > 0 && peak < 150e6, `${peak}`);
});
