import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { hostCheck } from '../../../base/http/host-check.ts';
import { HttpListener, type ListenerLimits } from '../../../base/http/listener.ts';
import { sendText } from '../../../base/http/responses.ts';
import { type Route, RouteTable } from '../../../base/http/routes.ts';
import { silentLog } from '../../../base/log.ts';
import { Metrics } from '../../../base/metrics.ts';
import { Seconds } from '../../../base/units.ts';

const ROUTES: Route[] = [
  {
    method: 'GET',
    path: '/hello/:name',
    authentication: 'anyone',
    handle: ({ response, parameters }) => sendText(response, 200, `hello ${parameters['name']}`),
  },
  {
    method: 'POST',
    path: '/upload',
    authentication: 'anyone',
    async handle({ request: body, response, proceed }) {
      if (body.headers['content-type'] === 'text/no') return sendText(response, 400, 'not that');
      proceed();
      let octets = 0;
      for await (const chunk of body) octets += chunk.length;
      sendText(response, 200, `${octets}`);
    },
  },
  {
    method: 'GET',
    path: '/panel',
    authentication: 'panel',
    handle: ({ response }) => sendText(response, 200, 'a panel'),
  },
  {
    method: 'GET',
    path: '/broken',
    authentication: 'anyone',
    handle: () => {
      throw new Error('a defect');
    },
  },
  {
    method: 'WEBSOCKET',
    path: '/socket',
    authentication: 'anyone',
    upgrade: ({ socket }) => socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
  },
];

const LIMITS: ListenerLimits = {
  connections: 50,
  connectionsPerAddress: 20,
  headerBytes: 4096,
  headerTime: Seconds(1),
  idleTime: Seconds(30),
};

async function start(t: ExecutionContext, limits: Partial<ListenerLimits> = {}) {
  const metrics = new Metrics();
  const listener = await HttpListener.open({
    name: 'web',
    addresses: [{ host: '127.0.0.1', port: 0 }],
    routes: new RouteTable(ROUTES, { anyone: () => true, loopback: () => true, panel: () => false }),
    limits: { ...LIMITS, ...limits },
    hostAllowed: hostCheck(['print.example.org']),
    log: silentLog,
    metrics,
  });
  t.teardown(() => listener.abort());
  const port = listener.addresses[0]?.port ?? 0;
  return { listener, port, metrics };
}

/** Sends octets as they are and gives back all that comes until the other side closes. */
async function raw(port: number, ...parts: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  for (const part of parts) socket.write(part);
  return readAll(socket);
}

async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks).toString();
}

const get = (path: string, headers = 'Host: localhost') =>
  `GET ${path} HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`;
const statusOf = (answer: string) => Number(answer.split(' ')[1]);

for (const [name, request, expected] of [
  ['a route with its parameter decoded', get('/hello/Zo%C3%AB'), /^HTTP\/1.1 200.*hello Zoë\n$/s],
  ['a query is no part of the path', get('/hello/a?x=1'), /hello a\n$/],
  ['an unknown path', get('/nowhere'), /^HTTP\/1.1 404/],
  ['a path that goes up', get('/hello/../panel'), /^HTTP\/1.1 404/],
  ['a path that cannot be decoded', get('/hello/%ff'), /^HTTP\/1.1 400/],
  [
    'another method',
    `DELETE /hello/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    /^HTTP\/1.1 405.*Allow: GET/s,
  ],
  [
    'HEAD has no body',
    `HEAD /hello/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    /^HTTP\/1.1 200.*\r\n\r\n$/s,
  ],
  ['a route that this client may not use', get('/panel'), /^HTTP\/1.1 403/],
  ['no Host', get('/hello/a', 'X: y'), /^HTTP\/1.1 400/],
  ['a Host that is not ours', get('/hello/a', 'Host: evil.example'), /^HTTP\/1.1 421/],
  ['a Host from the configuration', get('/hello/a', 'Host: Print.Example.ORG:631'), /^HTTP\/1.1 200/],
  ['an IPv6 Host', get('/hello/a', 'Host: [::1]:8632'), /^HTTP\/1.1 200/],
  [
    'another site asking',
    get('/hello/a', 'Host: localhost\r\nOrigin: http://evil.example'),
    /^HTTP\/1.1 403/,
  ],
  [
    'the same site asking',
    get('/hello/a', 'Host: localhost:1\r\nOrigin: http://localhost:1'),
    /^HTTP\/1.1 200/,
  ],
  ['an opaque origin', get('/hello/a', 'Host: localhost\r\nOrigin: null'), /^HTTP\/1.1 403/],
  ['a defect tells nothing of itself', get('/broken'), /^HTTP\/1.1 500(?!.*defect)/s],
  [
    'endless headers',
    `GET /hello/a HTTP/1.1\r\nHost: localhost\r\nX: ${'y'.repeat(5000)}\r\n\r\n`,
    /^HTTP\/1.1 431/,
  ],
  ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', /^HTTP\/1.1 400/],
  [
    'an unknown expectation',
    'GET /hello/a HTTP/1.1\r\nHost: localhost\r\nExpect: wonders\r\n\r\n',
    /^HTTP\/1.1 417/,
  ],
] as const) {
  test(`${name}: ${expected.source.slice(0, 40)}`, async (t) => {
    const { port } = await start(t);
    t.regex(await raw(port, request), expected);
  });
}

test('100-continue is sent when the route asks for the body, not before', async (t) => {
  const { port } = await start(t);
  const head =
    'POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nConnection: close\r\nExpect: 100-continue\r\n';
  t.regex(await raw(port, `${head}\r\n`, 'hello'), /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200.*5\n$/s);
  t.regex(await raw(port, `${head}Content-Type: text/no\r\n\r\n`), /^HTTP\/1.1 400/);
});

test('Upgrade: h2c on a POST is an ordinary request', async (t) => {
  const { port } = await start(t);
  const answer = await raw(
    port,
    'POST /upload HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nConnection: Upgrade, close\r\nContent-Length: 2\r\n\r\nhi',
  );
  t.is(statusOf(answer), 200);
});

for (const [name, path, headers, status] of [
  ['from this site', '/socket', 'Host: localhost\r\nOrigin: http://localhost', 101],
  ['without Origin (no browser)', '/socket', 'Host: localhost', 101],
  ['from another site', '/socket', 'Host: localhost\r\nOrigin: http://evil.example', 403],
  ['under another name', '/socket', 'Host: evil.example', 421],
  ['at no WebSocket', '/hello/a', 'Host: localhost', 405],
] as const) {
  test(`WebSocket ${name}: ${status}`, async (t) => {
    const { port } = await start(t);
    const upgrade = `GET ${path} HTTP/1.1\r\n${headers}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`;
    t.is(statusOf(await raw(port, upgrade)), status);
  });
}

test('late headers are answered with 408', async (t) => {
  const { port } = await start(t);
  t.is(statusOf(await raw(port, 'GET /hello/a HTTP/1.1\r\nHost: loc')), 408);
});

test('one address cannot take all connections', async (t) => {
  const { port, metrics } = await start(t, { connectionsPerAddress: 2 });
  const held = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
  t.teardown(() =>
    held.forEach((socket) => {
      socket.destroy();
    }),
  );
  await Promise.all(held.map((socket) => once(socket, 'connect')));
  t.is(await raw(port, get('/hello/a')), '');
  t.regex(await metrics.text(), /refused_total\{reason="connections-per-address"\} 1/);
  held[0]?.destroy();
  await once(held[0] as Socket, 'close');
  let answer = '';
  while (answer === '') answer = await raw(port, get('/hello/a'));
  t.is(statusOf(answer), 200);
});

test('draining finishes what is under way and takes nothing new', async (t) => {
  const { listener, port } = await start(t);
  const upload = request({
    port,
    path: '/upload',
    method: 'POST',
    headers: { Host: 'localhost', 'Content-Length': 10 },
  });
  upload.write('hello');
  await new Promise((resolve) => upload.once('socket', (socket) => socket.once('connect', resolve)));
  while (!(await uploadIsSeen(port))) await new Promise((resolve) => setImmediate(resolve));
  const drained = listener.drain();
  const refused = connect(port, '127.0.0.1');
  await t.throwsAsync(once(refused, 'connect'), { code: 'ECONNREFUSED' });
  upload.end('world');
  const [response] = await once(upload, 'response');
  t.is(response.statusCode, 200);
  response.resume();
  await drained;
});

/** The server has taken the earlier connection once it answers a later one. */
async function uploadIsSeen(port: number): Promise<boolean> {
  return statusOf(await raw(port, get('/hello/a'))) === 200;
}

test('a taken port is told with what to do', async (t) => {
  const { port } = await start(t);
  const again = HttpListener.open({
    name: 'ipp',
    addresses: [{ host: '127.0.0.1', port }],
    routes: new RouteTable([], { anyone: () => true, loopback: () => true, panel: () => true }),
    limits: LIMITS,
    hostAllowed: () => true,
    log: silentLog,
    metrics: new Metrics(),
  });
  await t.throwsAsync(again, { code: 'port-taken', message: new RegExp(`127.0.0.1:${port} is in use`) });
});

test('two routes for the same requests are refused', (t) => {
  const route = { method: 'GET', path: '/a/:x', authentication: 'anyone', handle: () => {} } as const;
  const authenticators = { anyone: () => true, loopback: () => true, panel: () => true };
  t.throws(() => new RouteTable([route, { ...route, path: '/a/:y' }], authenticators), {
    code: 'route-twice',
  });
});
