// ipps: options of the caller reach node:tls, a certificate that is not accepted makes the printer unreachable.
import { createHash, createPublicKey } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type TLSSocket } from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import { PeerProcess } from '../../peers/process.ts';
import { peerTest, programPath } from '../../peers/require-peer.ts';
import { failureOf, GET_ATTRIBUTES, newClient, TestDocument } from './client-helpers.ts';
import { until } from './exchange.ts';
import { okOctets, PrinterConnection } from './raw-printer.ts';

const peer = peerTest(test, ['openssl']);

interface TlsPrinter {
  readonly port: number;
  readonly certificate: string;
  /** SHA-256 of its public key. */
  readonly fingerprint: string;
  readonly sockets: TLSSocket[];
  /** Octets that it has got. */
  octets(): number;
}

async function startTlsPrinter(t: ExecutionContext): Promise<TlsPrinter> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-tls-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const openssl = PeerProcess.start(programPath('openssl'), [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ...['-keyout', keyFile, '-out', certificateFile],
  ]);
  t.is(await openssl.exit(), 0, openssl.output);
  const [key, certificate] = [await readFile(keyFile, 'utf8'), await readFile(certificateFile, 'utf8')];
  const sockets: TLSSocket[] = [];
  let octets = 0;
  const serve = async (socket: TLSSocket): Promise<void> => {
    sockets.push(socket);
    socket.on('data', (chunk) => {
      octets += chunk.length;
    });
    const connection = new PrinterConnection(socket);
    for (;;) {
      await connection.request();
      connection.write(okOctets());
    }
  };
  const server = createServer({ key, cert: certificate }, (socket) => {
    serve(socket).catch(() => {});
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const fingerprint = createHash('sha256')
    .update(createPublicKey(certificate).export({ type: 'spki', format: 'der' }))
    .digest('hex');
  return {
    port: (server.address() as AddressInfo).port,
    certificate,
    fingerprint,
    sockets,
    octets: () => octets,
  };
}

peer('an accepted certificate; one connection for several requests, opened ahead or not', async (t) => {
  const { port, certificate, sockets } = await startTlsPrinter(t);
  for (const host of ['localhost', '127.0.0.1']) {
    const client = newClient(t, `ipps://${host}:${port}/ipp/print`, { tls: { ca: certificate } });
    const before = sockets.length;
    if (host === 'localhost') {
      client.warm();
      await until(() => sockets.length === before + 1);
    }
    t.is((await client.request(GET_ATTRIBUTES)).code, 0);
    t.is((await client.request(GET_ATTRIBUTES)).code, 0);
    t.is(sockets.length, before + 1);
    t.is(sockets.at(-1)?.servername, host === 'localhost' ? host : false);
    client.close();
  }
});

peer('a certificate that nobody vouches for is not accepted', async (t) => {
  const { port } = await startTlsPrinter(t);
  const failure = await failureOf(t, newClient(t, `ipps://127.0.0.1:${port}/`).request(GET_ATTRIBUTES));
  t.is(failure.code, 'unreachable');
  t.regex(failure.message, /cannot be reached: self-signed certificate/);
});

peer('a certificate for another name is not accepted', async (t) => {
  const { port, certificate } = await startTlsPrinter(t);
  const client = newClient(t, `ipps://127.0.0.2:${port}/`, {
    tls: {
      ca: certificate,
      lookup: (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
    },
  });
  t.is((await failureOf(t, client.request(GET_ATTRIBUTES))).code, 'unreachable');
});

peer(
  'a pinned key: the printer that has it is talked to, one that shows another gets no octet',
  async (t) => {
    const { port, fingerprint, octets } = await startTlsPrinter(t);
    const uri = `ipps://127.0.0.1:${port}/ipp/print`;
    const tls = { rejectUnauthorized: false };
    const impostor = newClient(t, uri, { tls, key: 'ab'.repeat(32) });
    impostor.warm();
    for (const document of [undefined, new TestDocument('secret')]) {
      const failure = await failureOf(t, impostor.request(GET_ATTRIBUTES, document && { document }));
      t.is(failure.code, 'wrong-key');
      t.false(failure.documentStarted);
      t.regex(failure.message, new RegExp(`shows the key ${fingerprint} and not (ab){32}`));
    }
    t.is(octets(), 0);
    const client = newClient(t, uri, { tls, key: fingerprint });
    // The second one resumes the session of the first.
    for (let i = 0; i < 2; i++) {
      t.is((await client.request(GET_ATTRIBUTES)).code, 0);
      client.close();
    }
    t.true(octets() > 0);
  },
);

test('a key cannot be wanted of a printer without TLS', (t) => {
  t.throws(() => newClient(t, 'ipp://127.0.0.1/', { key: 'ab'.repeat(32) }), { code: 'bad-uri' });
});
