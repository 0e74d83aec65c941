// A large document passes through; the gateway does not grow by it, whatever kind of printer takes it.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { documentStream } from '../simulators/document-stream.ts';
import { FaultyIppPrinter } from '../simulators/faulty-ipp-printer.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess } from './gateway-process.ts';
import { PrintClient } from './print-client.ts';

const MiB = 1024 ** 2;
const MOST = 150e6;
/** An office has more than one printer; that these are off costs something too. */
const OFF = [1, 2, 3, 4, 5, 6].map((port) => `  off-${port}: { uri: "ipp://127.0.0.1:${port}/ipp/print" }`);

interface Printer {
  readonly uri: string;
  /** SHA-256 of what it got. */
  digest(): Promise<string>;
}

const PRINTERS: Readonly<Record<string, (t: ExecutionContext, folder: string) => Promise<Printer>>> = {
  async folder(_t, folder) {
    const output = join(folder, 'output');
    const digest = async () => {
      const [name = ''] = await readdir(output);
      const hash = createHash('sha256');
      for await (const chunk of createReadStream(join(output, name))) hash.update(chunk);
      return hash.digest('hex');
    };
    return { uri: `file://${output}`, digest };
  },
  async 'raw port'(t) {
    const hash = createHash('sha256');
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('data', (chunk) => hash.update(chunk));
      socket.on('end', () => socket.end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.teardown(() => server.close());
    const { port } = server.address() as AddressInfo;
    return { uri: `socket://127.0.0.1:${port}`, digest: async () => hash.digest('hex') };
  },
  async IPP(t) {
    const printer = await FaultyIppPrinter.start();
    t.teardown(() => printer.stop());
    return { uri: printer.uri, digest: async () => printer.digest() };
  },
};

for (const [kind, start] of Object.entries(PRINTERS)) {
  test.serial(`200 MB go in and out by ${kind} with less than 150 MB of memory`, async (t) => {
    t.timeout(300_000);
    const folder = await temporaryFolder(t);
    const printer = await start(t, folder);
    const gateway = await GatewayProcess.start(
      t,
      folder,
      `
queues:
  print: { printers: [mfp], release: immediately, unowned-jobs: claimable }
printers:
  mfp: { uri: "${printer.uri}"${printer.uri.startsWith('ipp') ? '' : ', formats: [application/pdf]'} }
${OFF.join('\n')}
limits: { free-disk-floor: 1 MiB }
`,
    );
    const document = documentStream(200 * MiB);
    using client = new PrintClient(gateway.ipp);
    await client.print(document);
    await gateway.logged('job was printed');
    t.is(await printer.digest(), document.digest());
    const status = await readFile(`/proc/${gateway.pid}/status`, 'utf8');
    const peak = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
    t.log(`peak ${Math.round(peak / 1e6)} MB`);
    t.true(peak > 0 && peak < MOST, `${peak}`);
  });
}
