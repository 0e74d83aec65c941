// What hostile clients send: bounded, counted, and answered in such a way that no answer is damaged.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { hostCheck } from '../../../base/http/host-check.ts';
import { HttpListener, type ListenerLimits } from '../../../base/http/listener.ts';
import { sendText } from '../../../base/http/responses.ts';
import { type Route, RouteTable } from '../../../base/http/routes.ts';
import { Metrics } from '../../../base/metrics.ts';
import { Seconds } from '../../../base/units.ts';
import { RecordingLog } from '../../recording-log.ts';

const ROUTES: Route[] = [
  {
    method: 'POST',
    path: '/upload',
    authentication: 'anyone',
    async handle({ request, response }) {
      let octets = 0;
      for await (const chunk of request) octets += chunk.length;
      sendText(response, 200, `${octets}`);
    },
  },
  {
    method: 'POST',
    path: '/early',
    authentication: 'anyone',
    handle({ request, response }) {
      request.on('error', () => {});
      request.resume();
      response.writeHead(200, { 'Content-Length': 8 });
      response.write('half');
    },
  },
  { method: 'GET', path: '/never', authentication: 'anyone', handle: () => {} },
  {
    method: 'GET',
    path: '/hello',
    authentication: 'anyone',
    handle: ({ response }) => sendText(response, 200, 'hello'),
  },
];

async function start(t: ExecutionContext, limits: Partial<ListenerLimits> = {}) {
  const metrics = new Metrics();
  const log = new RecordingLog();
  const held = {
    connections: 50,
    connectionsPerAddress: 20,
    headerBytes: 4096,
    headerTime: Seconds(1),
    idleTime: Seconds(30),
    ...limits,
  };
  const listener = await HttpListener.open({
    name: 'ipp',
    addresses: [
      { host: '127.0.0.1', port: 0 },
      { host: '127.0.0.2', port: 0 },
    ],
    routes: new RouteTable(ROUTES, { anyone: () => true, loopback: () => true, panel: () => false }),
    limits: held,
    hostAllowed: hostCheck(['print.example.org']),
    log,
    metrics,
  });
  t.teardown(() => listener.abort());
  const [port = 0, other = 0] = listener.addresses.map((address) => address.port);
  const refused = async () => metrics.text();
  return { listener, port, other, refused, log, limits: held };
}

async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks).toString();
}

function raw(port: number, octets: string, from = '127.0.0.1', to = '127.0.0.1'): Promise<string> {
  const socket = connect({ port, host: to, localAddress: from });
  socket.write(octets);
  return readAll(socket);
}

const get = (target: string, headers = 'Host: localhost') =>
  `GET ${target} HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`;
const CHUNKED = 'HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n';
const statusOf = (answer: string) => Number(answer.split(' ')[1]);

test('a request that breaks off after its answer began gets no second answer', async (t) => {
  const { port } = await start(t);
  const socket = connect(port, '127.0.0.1');
  const answer = readAll(socket);
  socket.write(`POST /early ${CHUNKED}4\r\nbody\r\n`);
  await once(socket, 'data');
  socket.write('this is no chunk\r\n');
  t.regex(await answer, /^HTTP\/1\.1 200 OK\r\n(?!.*HTTP\/1\.1).*half$/s);
});

test('a request that breaks off before its answer hears that it is bad, once', async (t) => {
  const { port, refused } = await start(t);
  const answer = await raw(port, `POST /upload ${CHUNKED}4\r\nbody\r\nthis is no chunk\r\n`);
  t.regex(answer, /^HTTP\/1\.1 400 Bad Request\r\n(?!.*HTTP\/1\.1).*\r\n\r\n$/s);
  t.regex(await refused(), /refused_total\{reason="status-400"\} 1/);
});

test('endless extensions of a chunk are refused', async (t) => {
  const { port } = await start(t);
  t.is(statusOf(await raw(port, `POST /upload ${CHUNKED}4;${'x'.repeat(20_000)}\r\nbody\r\n`)), 413);
});

test('endless trailers are refused', async (t) => {
  const { port } = await start(t);
  const trailers = Array.from({ length: 500 }, (_, index) => `X-${index}: ${'y'.repeat(20)}\r\n`).join('');
  t.is(statusOf(await raw(port, `POST /upload ${CHUNKED}0\r\n${trailers}`)), 431);
});

test('many small headers are refused as one large one is', async (t) => {
  const { port } = await start(t);
  const headers = Array.from({ length: 1000 }, (_, index) => `X-${index}: y`).join('\r\n');
  t.is(statusOf(await raw(port, get('/hello', `Host: localhost\r\n${headers}`))), 431);
});

test('a flood of pipelined requests is cut', async (t) => {
  const { port, refused, log } = await start(t);
  t.is(await raw(port, 'GET /never HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(1000)), '');
  t.regex(await refused(), /refused_total\{reason="pipelining"\} [1-9]/);
  t.like(log.lines[0], {
    level: 'warn',
    fields: { reason: 'pipelining', client: '127.0.0.1', listener: 'ipp' },
  });
  t.is(log.lines.length, 1);
});

test('connections are counted over all addresses that it listens on; another client finds its own place', async (t) => {
  const { port, other, refused, limits } = await start(t, { connections: 3, connectionsPerAddress: 2 });
  const held: Socket[] = [];
  t.teardown(() => {
    for (const socket of held) socket.destroy();
  });
  const open = async (to: string, toPort: number, from: string) => {
    const socket = connect({ host: to, port: toPort, localAddress: from });
    socket.on('error', () => {});
    held.push(socket);
    await once(socket, 'connect');
  };
  await open('127.0.0.1', port, '127.0.0.3');
  await open('127.0.0.2', other, '127.0.0.3');
  t.is(await raw(port, get('/hello'), '127.0.0.3'), '', 'the third of one address');
  t.is(statusOf(await raw(port, get('/hello'), '127.0.0.4')), 200);
  await open('127.0.0.2', other, '127.0.0.4');
  let answer = 'x';
  while (answer !== '') answer = await raw(port, get('/hello'), '127.0.0.5');
  t.regex(await refused(), /refused_total\{reason="connections-per-address"\} 1/);
  t.regex(await refused(), /refused_total\{reason="connections"\} [1-9]/);
  limits.connections = 10;
  t.is(statusOf(await raw(port, get('/hello'), '127.0.0.5')), 200, 'a limit that was raised holds at once');
});

for (const [name, headers, status] of [
  ['a trailing dot', 'Host: localhost.', 200],
  ['a name with its port', 'Host: print.example.org:631', 200],
  ['an IPv4 address', 'Host: 192.0.2.1:631', 200],
  ['an IPv6 address with a zone', 'Host: [fe80::1%25eth0]:631', 200],
  ['an IPv6 address with a zone as CUPS writes it', 'Host: [v1.fe80::1+eth0]', 200],
  ['a rebound name', 'Host: rebind.evil.example', 421],
  ['a name that ends in ours', 'Host: evil-localhost', 421],
  ['a name below ours', 'Host: localhost.evil.example', 421],
  ['a user before the name', 'Host: localhost@evil.example', 421],
  ['ours as the user', 'Host: localhost:80@evil.example', 421],
  ['a user before ours', 'Host: evil.example@localhost', 421],
  ['an escape', 'Host: localhos%74', 421],
  ['a bracket that does not end', 'Host: [::1', 421],
  ['a name in brackets', 'Host: [evil.example]', 421],
  ['text behind the brackets', 'Host: [::1].evil.example', 421],
  ['a port that is none', 'Host: localhost:evil', 421],
  ['two hosts, ours first', 'Host: localhost\r\nHost: evil.example', 400],
  ['two hosts, ours last', 'Host: evil.example\r\nhost: localhost', 400],
  ['an empty host', 'Host:', 421],
] as const) {
  test(`Host: ${name}: ${status}`, async (t) => {
    const { port } = await start(t);
    t.is(statusOf(await raw(port, get('/hello', headers))), status);
  });
}

for (const [target, status] of [
  ['http://localhost:631/hello', 200],
  ['HTTP://print.example.org/hello?x', 200],
  ['ipp://127.0.0.1/hello', 200],
  ['http://evil.example/hello', 421],
  ['http://localhost@evil.example/hello', 421],
  ['http://evil.example\\@localhost/hello', 400],
  ['http:///hello', 421],
  ['ftp://localhost/hello', 400],
  ['http://localhost', 404],
] as const) {
  test(`absolute target ${target}: ${status}`, async (t) => {
    const { port } = await start(t);
    t.is(statusOf(await raw(port, get(target))), status);
  });
}

test('a half-open connection does not outlive its time', async (t) => {
  const { listener, port } = await start(t, { idleTime: Seconds(0.2) });
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.resume();
  await once(socket, 'connect');
  await once(socket, 'end');
  socket.destroy();
  await turn();
  t.is(listener.addresses.length, 2);
});
