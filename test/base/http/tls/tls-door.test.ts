// TLS and plain HTTP on one port: whoever comes, bounded alike.
import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import test from 'ava';
import { Hours, Seconds } from '../../../../base/units.ts';
import { peerTest } from '../../../peers/require-peer.ts';
import { makeIdentity, rsaIdentity, sampleIdentity } from './sample-identity.ts';
import { answerOf, plain, secured, start } from './secure-listener.ts';

const GET = 'GET /secure HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

test('one port speaks plain HTTP, TLS 1.2 and TLS 1.3, and routes know which', async (t) => {
  const { port, metrics } = await start(t);
  t.regex(await answerOf(plain(port), GET), /200 OK.*open 127\.0\.0\.1\n$/s);
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const socket = await secured(port, version);
    t.is(socket.getProtocol(), version);
    t.regex(await answerOf(socket, GET), /200 OK.*secure 127\.0\.0\.1\n$/s);
  }
  const text = await metrics.text();
  t.regex(text, /http_ipp_accepted_total\{protocol="plain"\} 1/);
  t.regex(text, /http_ipp_accepted_total\{protocol="tls"\} 2/);
});

test('documents of any cut come in whole on both', async (t) => {
  const { port } = await start(t);
  const head =
    'POST /count HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 3000000\r\n\r\n';
  const body = Buffer.alloc(3_000_000, 'x');
  const asOne = Buffer.concat([Buffer.from(head), body]);
  for (const socket of [plain(port), await secured(port)]) {
    t.regex(await answerOf(socket, asOne), /3000000 octets\n$/);
  }
  const first = plain(port);
  first.setNoDelay(true);
  first.write('P');
  await once(first, 'connect');
  t.regex(await answerOf(first, asOne.subarray(1)), /3000000 octets\n$/);
});

test('TLS 1.1 is refused, counted, and its reason logged for those who look for it', async (t) => {
  const { port, metrics, lines } = await start(t);
  const socket = connectTls({
    port,
    host: 'localhost',
    minVersion: 'TLSv1.1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT:@SECLEVEL=0',
    rejectUnauthorized: false,
  });
  const error = await t.throwsAsync(once(socket, 'secureConnect'));
  t.regex(String(error?.message), /protocol version/);
  while (lines.length === 0) await new Promise((resolve) => setImmediate(resolve));
  t.like(lines[0], { listener: 'ipp', address: '127.0.0.1', code: 'ERR_SSL_UNSUPPORTED_PROTOCOL' });
  t.regex(await metrics.text(), /http_ipp_handshake_failures_total 1/);
});

const openssl = peerTest(test, ['openssl']);
for (const [what, ciphers, taken] of [
  ['no forward secrecy', 'AES128-GCM-SHA256', false],
  ['CBC', 'ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA', false],
  ['CBC and SHA-2', 'ECDHE-RSA-AES256-SHA384:ECDHE-ECDSA-AES256-SHA384', false],
  ['neither', 'AES128-SHA', false],
  ['AES-128 in GCM', 'ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256', true],
  ['AES-256 in GCM', 'ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-GCM-SHA384', true],
  ['ChaCha20', 'ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-CHACHA20-POLY1305', true],
] as const) {
  openssl(`TLS 1.2 with ${what} is ${taken ? 'taken' : 'refused'}, whatever the key is`, async (t) => {
    const { listener, port } = await start(t, { headerTime: Seconds(30) });
    for (const identity of [await rsaIdentity(), await sampleIdentity()]) {
      listener.replaceIdentity(identity);
      const version = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
      const socket = connectTls({ port, host: 'localhost', ca: identity.certificate, ciphers, ...version });
      const connected = once(socket, 'secureConnect');
      // It may fail again while it is closed.
      socket.on('error', () => {});
      if (taken) await t.notThrowsAsync(connected);
      else await t.throwsAsync(connected);
      socket.destroy();
    }
  });
}

for (const [name, octets] of [
  ['says nothing', ''],
  ['stops in its handshake', '\x16\x03\x01\x02\x00\x01'],
  ['stops in its headers', 'GET /secure'],
] as const) {
  test(`a client that ${name} is cut`, async (t) => {
    const { port } = await start(t, { headerTime: Seconds(0.2) });
    const answer = await answerOf(plain(port), octets);
    t.regex(answer, name === 'stops in its headers' ? /^HTTP\/1\.1 408/ : /^$/);
  });
}

for (const [name, octets] of [
  ['before its first octet', ''],
  ['in its handshake', '\x16\x03\x01\x02\x00\x01'],
] as const) {
  test(`a client that ends ${name} is let go at once`, async (t) => {
    // Longer than any test may take: nothing but its end lets it go.
    const { port, listener } = await start(t, { headerTime: Hours(1), connectionsPerAddress: 1 });
    const socket = plain(port).resume();
    socket.end(octets);
    await once(socket, 'close');
    let answer = '';
    while (answer === '') answer = await answerOf(plain(port), GET);
    t.regex(answer, /200 OK/);
    await listener.drain();
  });
}

test('headers that are late inside TLS are answered there', async (t) => {
  const { port } = await start(t, { headerTime: Seconds(3) });
  t.regex(await answerOf(await secured(port), 'GET /sec'), /^HTTP\/1\.1 408/);
});

test('connections of one address are counted together, whatever they speak', async (t) => {
  const { port, metrics } = await start(t, { connectionsPerAddress: 2 });
  const held = [plain(port), await secured(port)];
  t.teardown(() => held.forEach((socket) => void socket.destroy()));
  t.is(await answerOf(plain(port), GET), '');
  t.regex(await metrics.text(), /refused_total\{reason="connections-per-address"\} 1/);
});

test('a new certificate is shown to new connections; old ones go on', async (t) => {
  const { listener, port } = await start(t, { headerTime: Seconds(30) });
  const before = await secured(port);
  const identity = await makeIdentity(['localhost']);
  listener.replaceIdentity(identity);
  await t.throwsAsync(secured(port), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  const after = connectTls({ port, host: 'localhost', ca: identity.certificate });
  await once(after, 'secureConnect');
  t.regex(await answerOf(after, GET), /200 OK/);
  t.regex(await answerOf(before, GET), /200 OK/);
});

test('draining lets go of idle TLS connections and of those that have said nothing', async (t) => {
  const { listener, port } = await start(t, { headerTime: Seconds(30) });
  const idle = await secured(port);
  idle.write('GET /secure HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(idle, 'data');
  const idleClosed = once(idle.resume(), 'close');
  const silent = plain(port);
  await once(silent, 'connect');
  // The listener has seen it once it answers a later one.
  await answerOf(await secured(port), GET);
  const silentClosed = once(silent.resume(), 'close');
  await listener.drain();
  await Promise.all([idleClosed, silentClosed]);
  t.pass();
});

test('a client cannot make the server begin anew in the middle', async (t) => {
  const { port } = await start(t);
  const socket = await secured(port, 'TLSv1.2');
  const error = await new Promise<Error | null>((resolve) => {
    socket.on('error', resolve);
    socket.renegotiate({}, resolve);
  });
  t.regex(String(error?.message), /renegotiation/);
  socket.destroy();
});
