// Asking printers that were found: not without end, not many at once, not where they send us; and who is no longer who he was.
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { systemClock } from '../../../base/clock.ts';
import { Prober, probe } from '../../../drivers/discovery/probe.ts';
import type { PrinterDescription } from '../../../drivers/printers/description.ts';
import { PrinterFailure } from '../../../drivers/printers/ipp-printer.ts';
import { PinnedPrinter } from '../../../drivers/printers/pinned-printer.ts';
import { RecordedJob } from '../../contracts/printer-driver.ts';
import { ManualClock } from '../../manual-clock.ts';
import { FaultyIppPrinter } from '../../simulators/faulty-ipp-printer.ts';
import { prints, ScriptedPrinter } from '../../simulators/scripted-printer.ts';

const UUID = '11111111-2222-4333-8444-555555555555';

/** Takes connections and says nothing. */
async function silent(t: ExecutionContext) {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('not in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('it tells what it can do, and a printer without TLS has no key', async (t) => {
  const printer = await FaultyIppPrinter.start({ attributes: { 'printer-uuid': `urn:uuid:${UUID}` } });
  t.teardown(() => printer.stop());
  const answer = await probe(printer.uri, systemClock);
  t.is(answer.trouble, undefined);
  t.is(answer.key, undefined);
  t.is(answer.description?.uuid, `urn:uuid:${UUID}`);
});

test('a printer that sends elsewhere is not followed', async (t) => {
  const elsewhere = await silent(t);
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(307, { location: `http://127.0.0.1:${elsewhere.port}/` }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const answer = await probe(`ipp://127.0.0.1:${port}/ipp/print`, systemClock);
  t.regex(answer.trouble ?? '', /307/);
  t.is(elsewhere.sockets.size, 0);
});

for (const scheme of ['ipp', 'ipps']) {
  test(`${scheme}: a silent one is given up after 5 seconds`, async (t) => {
    const clock = new ManualClock();
    const { port, sockets } = await silent(t);
    const asked = probe(`${scheme}://127.0.0.1:${port}/ipp/print`, clock);
    await until(() => sockets.size > 0);
    clock.advance(5000);
    const { trouble } = await asked;
    t.regex(trouble ?? '', /given up|no answer/);
    t.is(clock.pending, 0);
  });
}

test('four at once, each once a minute, three hundred a minute', async (t) => {
  const clock = new ManualClock();
  const prober = new Prober(clock);
  const { port, sockets } = await silent(t);
  const asked = Array.from({ length: 301 }, (_, each) => prober.ask(`ipp://127.0.0.1:${port}/p${each}`));
  t.is(prober.ask(`ipp://127.0.0.1:${port}/p0`), asked[0] as never, 'the answer of before');
  t.regex((await asked[300])?.trouble ?? '', /too many/);
  await until(() => sockets.size === 4);
  await new Promise((resolve) => setImmediate(resolve));
  t.is(sockets.size, 4);
  clock.advance(5000);
  await until(() => sockets.size === 8);
  t.pass();
});

const described = (uuid: string | undefined): PrinterDescription => ({ uuid }) as never;

test('a printer without TLS gets nothing while it says that it is another', async (t) => {
  const driver = new ScriptedPrinter(prints);
  let uuid: string | undefined = `urn:uuid:${UUID.toUpperCase()}`;
  let silent: Error | undefined;
  const status = async () => {
    if (silent !== undefined) throw silent;
    return { description: described(uuid), state: 'idle', reasons: [], acceptingJobs: true } as const;
  };
  const printer = new PinnedPrinter(Object.assign(driver, { status }), { uuid: UUID });
  const { signal } = new AbortController();
  t.like(await printer.print(new RecordedJob('application/pdf'), signal), { outcome: 'completed' });
  for (const other of [`urn:uuid:${UUID.replace('1', '2')}`, undefined]) {
    uuid = other;
    await t.throwsAsync(printer.status(signal), { code: 'wrong-key' });
    t.like(await printer.print(new RecordedJob('application/pdf'), signal), {
      outcome: 'not-printed',
      trouble: { reason: 'wrong-key' },
    });
  }
  uuid = `urn:uuid:${UUID}`;
  for (const [error, reason] of [
    [new PrinterFailure({ reason: 'timeout', detail: 'no answer' }), 'timeout'],
    [new Error('odd'), 'protocol'],
  ] as const) {
    silent = error;
    await t.throwsAsync(printer.status(signal));
    t.like(await printer.print(new RecordedJob('application/pdf'), signal), {
      outcome: 'not-printed',
      trouble: { reason },
    });
  }
  t.is(driver.tried.length, 1, 'who does not say who it is gets nothing');
  silent = undefined;
  await printer.status(signal);
  t.like(await printer.print(new RecordedJob('application/pdf'), signal), { outcome: 'completed' });
});
