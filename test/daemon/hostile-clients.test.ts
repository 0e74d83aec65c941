// Floods against the running gateway: bounded, counted, and others are served meanwhile.
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { Operation } from '../../ipp/vocabulary/operations.ts';
import { statusName } from '../../ipp/vocabulary/status.ts';
import { documentStream } from '../simulators/document-stream.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess } from './gateway-process.ts';
import { PrintClient } from './print-client.ts';

const MiB = 1024 ** 2;
const CONNECTIONS = 10_000;
const AT_ONCE = 500;

async function start(t: ExecutionContext, limits: string): Promise<GatewayProcess> {
  const folder = await temporaryFolder(t);
  const config = `
queues:
  print: { unowned-jobs: claimable }
printers:
  folder: { uri: "file://${folder}/output" }
panels:
  desk: { printer: folder, addresses: [127.0.0.1] }
limits: { free-disk-floor: 1 MiB, ${limits} }
`;
  return GatewayProcess.start(t, folder, config);
}

async function metrics(gateway: GatewayProcess): Promise<string> {
  return (await fetch(`http://${gateway.web}/metrics`)).text();
}

async function octetsOf(gateway: GatewayProcess, what: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${gateway.pid}/status`, 'utf8');
  return Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
}

/** A connection that says nothing; resolves once it stands or was refused. */
function open(port: number, from: string): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, localAddress: from });
  socket.on('error', () => {});
  socket.resume();
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(socket));
    socket.once('close', () => resolve(socket));
  });
}

test(`${CONNECTIONS} connections of one address: a hundred stand, others print, sign in and ask for health`, async (t) => {
  t.timeout(180_000);
  const gateway = await start(t, 'connections: 300, connections-per-address: 100, header-time: 5 min');
  const port = Number(gateway.ipp.split(':')[1]);
  const sockets = new Set<Socket>();
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (let opened = 0; opened < CONNECTIONS; opened += AT_ONCE) {
    const batch = await Promise.all(Array.from({ length: AT_ONCE }, () => open(port, '127.0.0.2')));
    for (const socket of batch) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      if (socket.closed) sockets.delete(socket);
    }
    if (opened === CONNECTIONS / 2) {
      using client = new PrintClient(gateway.ipp);
      t.true((await client.print(documentStream(100_000))) > 0, 'in the middle of it');
    }
  }
  while (sockets.size > 100) await new Promise((resolve) => setTimeout(resolve, 20));
  t.is(sockets.size, 100);
  using client = new PrintClient(gateway.ipp);
  t.true((await client.print(documentStream(1000))) > 0);
  t.is((await fetch(`http://${gateway.web}/health`)).status, 200);
  t.is((await fetch(`http://${gateway.web}/panel/desk`)).status, 200);
  t.regex(
    await metrics(gateway),
    new RegExp(`http_ipp_refused_total\\{reason="connections-per-address"\\} ${CONNECTIONS - 100}`),
  );
  const warnings = gateway.log.filter((line) => line.level === 'warn');
  t.true(warnings.length < 10, `${warnings.length} warnings`);
  t.true((await octetsOf(gateway, 'VmRSS')) < 200e6);
  t.is(await gateway.kill('SIGTERM'), 0);
});

test('connections of many addresses stop at the bound; panels and health are on a port of their own', async (t) => {
  const gateway = await start(t, 'connections: 50, connections-per-address: 10, header-time: 5 min');
  const port = Number(gateway.ipp.split(':')[1]);
  const sockets: Socket[] = [];
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (let host = 2; host < 30; host++) {
    sockets.push(...(await Promise.all(Array.from({ length: 10 }, () => open(port, `127.0.1.${host}`)))));
  }
  t.is((await fetch(`http://${gateway.web}/health`)).status, 200);
  t.is((await fetch(`http://${gateway.web}/panel/desk`)).status, 200);
  t.regex(await metrics(gateway), /http_ipp_refused_total\{reason="connections"\} 230/);
});

test('a thousand Create-Jobs without a document: a hundred wait, the same client prints all the same', async (t) => {
  const gateway = await start(t, 'open-jobs-per-address: 100');
  using client = new PrintClient(gateway.ipp);
  const statuses = new Map<string, number>();
  for (let sent = 0; sent < 1000; sent++) {
    const status = statusName((await client.ask(Operation.createJob, { 'job-name': 'flood' })).code);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  t.deepEqual(Object.fromEntries(statuses), { 'successful-ok': 100, 'server-error-too-many-jobs': 900 });
  t.true((await client.print(documentStream(1000))) > 0);
  const text = await metrics(gateway);
  t.regex(text, /limit_refusals_total\{limit="open-jobs-per-address"\} 900/);
  t.regex(text, /open_jobs 100/);
});

test('a bomb of gzip is stopped at the size of a document, and memory does not grow by it', async (t) => {
  const gateway = await start(t, 'document-size: 1 MiB');
  const bomb = gzipSync(Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(300 * MiB)]));
  t.true(bomb.length < MiB);
  using client = new PrintClient(gateway.ipp);
  const answer = await client.ask(
    Operation.printJob,
    { 'document-format': 'application/pdf', compression: 'gzip' },
    'ada',
    {
      ...documentStream(0),
      chunks: async function* () {
        yield bomb;
      },
    },
  );
  t.is(statusName(answer.code), 'client-error-request-entity-too-large');
  t.true((await octetsOf(gateway, 'VmHWM')) < 200e6);
  t.true((await client.print(documentStream(1000))) > 0);
});

test('a person who holds too much hears it in words, on HTTP 200', async (t) => {
  const gateway = await start(t, 'jobs-per-address: 2');
  using client = new PrintClient(gateway.ipp);
  await client.print(documentStream(1000));
  await client.print(documentStream(1000));
  await t.throwsAsync(client.print(documentStream(1000)), { message: /server-error-too-many-jobs/ });
  t.like(await gateway.logged('job refused: a limit is reached'), {
    limit: 'jobs-per-address',
    level: 'warn',
  });
});
