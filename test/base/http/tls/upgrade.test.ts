// From plain HTTP to TLS: RFC 2817, and ports that take nothing else.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import test from 'ava';
import { Hours, Seconds } from '../../../../base/units.ts';
import { sampleIdentity } from './sample-identity.ts';
import { answerOf, plain, secured, start } from './secure-listener.ts';

const WISH = 'Upgrade: TLS/1.2,TLS/1.1,TLS/1.0\r\nConnection: Upgrade\r\n';
const OPTIONS = `OPTIONS * HTTP/1.1\r\nHost: localhost\r\n${WISH}\r\n`;
const GET = 'GET /secure HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

async function firstOf(socket: Socket): Promise<string> {
  const [chunk] = await once(socket, 'data');
  return String(chunk);
}

test('a client goes on in TLS on its connection, and is answered there', async (t) => {
  const { port, metrics } = await start(t);
  const socket = plain(port);
  socket.write(OPTIONS);
  t.regex(
    await firstOf(socket),
    /^HTTP\/1\.1 101 .*\r\nConnection: Upgrade\r\nUpgrade: TLS\/1\.2.*\r\n\r\n$/s,
  );
  const { certificate } = await sampleIdentity();
  const tls = connectTls({ socket, host: 'localhost', ca: certificate });
  t.regex(await firstOf(tls), /^HTTP\/1\.1 200 OK\r\nAllow: GET, HEAD, POST, OPTIONS\r\n/);
  t.regex(await answerOf(tls, GET), /200 OK.*secure 127\.0\.0\.1\n$/s);
  t.regex(await metrics.text(), /accepted_total\{protocol="upgraded"\} 1/);
});

test('what follows the wish in one go is part of the handshake', async (t) => {
  const { port, metrics } = await start(t);
  const answer = await answerOf(plain(port), `${OPTIONS}${GET}`);
  t.regex(answer, /^HTTP\/1\.1 101 /);
  t.notRegex(answer, /open 127/);
  t.regex(await metrics.text(), /handshake_failures_total 1/);
});

test('a client that stops in its handshake after the wish is cut', async (t) => {
  const { port, metrics } = await start(t, { headerTime: Seconds(0.2), idleTime: Hours(1) });
  t.regex(await answerOf(plain(port), OPTIONS), /^HTTP\/1\.1 101 .*\r\n\r\n$/s);
  const failed = async () => /handshake_failures_total 1/.test(await metrics.text());
  while (!(await failed())) await new Promise((resolve) => setImmediate(resolve));
});

for (const [name, request] of [
  ['GET', `GET /secure HTTP/1.1\r\nHost: localhost\r\n${WISH}\r\n`],
  ['POST', `POST /count HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n${WISH}\r\nhi`],
  ['OPTIONS with a body', `OPTIONS * HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n${WISH}\r\nhi`],
  [
    'OPTIONS to another protocol',
    'OPTIONS * HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n',
  ],
]) {
  test(`the wish is passed over at ${name}`, async (t) => {
    const { port } = await start(t);
    const socket = plain(port);
    socket.write(request ?? '');
    t.regex(await firstOf(socket), /^HTTP\/1\.1 200 /);
    socket.destroy();
  });
}

test('inside TLS there is nothing to go on to', async (t) => {
  const { port } = await start(t);
  const socket = await secured(port);
  socket.write(OPTIONS);
  t.regex(await firstOf(socket), /^HTTP\/1\.1 200 /);
  socket.destroy();
});

test('where TLS is required, a document is not even asked for in the clear', async (t) => {
  const { port } = await start(t, {}, true);
  const head =
    'POST /count HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\nExpect: 100-continue\r\n\r\n';
  const answer = await answerOf(plain(port), head);
  t.regex(answer, /^HTTP\/1\.1 426 Upgrade Required\r\n/);
  t.regex(answer, /\r\nUpgrade: TLS\/1\.2, HTTP\/1\.1\r\n/);
  t.regex(answer, /\r\nConnection: close, Upgrade\r\n/);
  t.regex(await answerOf(await secured(port), GET), /200 OK.*secure/s);
});

test('a client that sends its body regardless still reads why it was refused', async (t) => {
  const { port } = await start(t, {}, true);
  const head = 'POST /count HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n';
  const socket = plain(port);
  const errors: Error[] = [];
  socket.on('error', (error) => errors.push(error));
  socket.write(head);
  t.regex(await firstOf(socket), /^HTTP\/1\.1 426 /);
  for (let sent = 0; sent < 200_000; sent += 50_000) {
    await new Promise((written) => socket.write(Buffer.alloc(50_000), written));
  }
  await answerOf(socket);
  t.deepEqual(errors, []);
});

test('where TLS is required, a browser is led on, and only by a name of ours', async (t) => {
  const { port, warnings, metrics } = await start(t, {}, true);
  const answer = await answerOf(
    plain(port),
    'GET /secure?a=b HTTP/1.1\r\nHost: localhost:8632\r\nConnection: close\r\n\r\n',
  );
  t.regex(answer, /^HTTP\/1\.1 307 .*\r\nLocation: https:\/\/localhost:8632\/secure\?a=b\r\n/s);
  t.deepEqual(warnings, [], 'which is no refusal');
  t.notRegex(await metrics.text(), /refused_total\{/);
  const evil = await answerOf(plain(port), 'GET /secure HTTP/1.1\r\nHost: evil.example\r\n\r\n');
  t.regex(evil, /^HTTP\/1\.1 421 /);
  t.like(warnings, [{ reason: 'status-421' }]);
});

test('a page in the clear is another site than the same one in TLS', async (t) => {
  const { port } = await start(t);
  const from = (origin: string) =>
    `GET /secure HTTP/1.1\r\nHost: localhost\r\nOrigin: ${origin}\r\nConnection: close\r\n\r\n`;
  t.regex(await answerOf(await secured(port), from('https://localhost')), /^HTTP\/1\.1 200 /);
  t.regex(await answerOf(await secured(port), from('http://localhost')), /^HTTP\/1\.1 403 /);
  t.regex(await answerOf(plain(port), from('https://localhost')), /^HTTP\/1\.1 403 /);
});
