// Connections that a printer closes behind our back: tried again once, and only where nothing can come out twice.
import test, { type ExecutionContext } from 'ava';
import { Secret } from '../../../base/secrets/secret.ts';
import { Milliseconds } from '../../../base/units.ts';
import type { IppClient } from '../../../ipp/http/client.ts';
import { failureOf, GET_ATTRIBUTES, newClient, SEND_DOCUMENT, TestDocument } from './client-helpers.ts';
import { until } from './exchange.ts';
import { okOctets, type PrinterConnection, type RawPrinter, startRawPrinter } from './raw-printer.ts';

/** A printer whose connection `number` answers once and cuts at the second request, as `cut` says; later ones answer. */
async function startForgetful(
  t: ExecutionContext,
  forgetful: number,
  cut: (connection: PrinterConnection) => void,
): Promise<{ printer: RawPrinter; client: IppClient }> {
  const printer = await startRawPrinter(t, async (connection, number) => {
    await connection.request();
    connection.write(okOctets());
    if (number > forgetful) {
      for (;;) {
        await connection.request();
        connection.write(okOctets());
      }
    }
    await connection.head();
    cut(connection);
  });
  const client = newClient(t, printer.uri);
  await client.request(GET_ATTRIBUTES);
  return { printer, client };
}

const CUTS: Record<string, (connection: PrinterConnection) => void> = {
  reset: (connection) => connection.reset(),
  closed: (connection) => connection.socket.end(),
};

for (const [how, cut] of Object.entries(CUTS)) {
  test(`a kept connection ${how} at the next request is replaced`, async (t) => {
    const { printer, client } = await startForgetful(t, 1, cut);
    t.is((await client.request(GET_ATTRIBUTES)).code, 0);
    t.is(printer.connections(), 2);
  });
}

test('a document that has not begun is sent whole on the new connection', async (t) => {
  const gate = Promise.withResolvers<string>();
  let body: Buffer = Buffer.alloc(0);
  const printer = await startRawPrinter(t, async (connection, number) => {
    if (number === 1) {
      await connection.request();
      connection.write(okOctets());
      await connection.head();
      return connection.reset();
    }
    const head = await connection.head();
    gate.resolve('%PDF');
    body = await connection.body(head);
    connection.write(okOctets());
  });
  const client = newClient(t, printer.uri);
  await client.request(GET_ATTRIBUTES);
  const document = new TestDocument(gate.promise, '-doc');
  t.is((await client.request(SEND_DOCUMENT, { document })).code, 0);
  t.true(body.toString('latin1').endsWith('\x03%PDF-doc'));
});

test('a document that has begun is not sent again', async (t) => {
  const printer = await startRawPrinter(t, async (connection) => {
    await connection.request();
    connection.write(okOctets());
    await connection.head();
    await until(() => document.asked === 2);
    connection.reset();
  });
  const document = new TestDocument('%PDF', new Promise<string>(() => {}));
  const client = newClient(t, printer.uri);
  await client.request(GET_ATTRIBUTES);
  const failure = await failureOf(t, client.request(SEND_DOCUMENT, { document }));
  t.is(failure.code, 'cut');
  t.true(failure.documentStarted);
  t.is(printer.connections(), 1);
});

test('a kept connection cut after an octet of the answer is not tried again', async (t) => {
  const { printer, client } = await startForgetful(t, 1, (connection) => connection.socket.end('HTTP/1.1 2'));
  t.is((await failureOf(t, client.request(GET_ATTRIBUTES))).code, 'cut');
  t.is(printer.connections(), 1);
});

test('a second cut is not tried again', async (t) => {
  const printer = await startRawPrinter(t, async (connection, number) => {
    await connection.request();
    if (number > 1) return connection.reset();
    connection.write(okOctets());
    await connection.request();
    connection.reset();
  });
  const client = newClient(t, printer.uri);
  await client.request(GET_ATTRIBUTES);
  t.is((await failureOf(t, client.request(GET_ATTRIBUTES))).code, 'cut');
  t.is(printer.connections(), 2);
});

test('other idle connections are not tried after one was stale', async (t) => {
  const both = Promise.withResolvers<void>();
  const printer = await startRawPrinter(t, async (connection, number) => {
    await connection.request();
    if (number === 2) both.resolve();
    await both.promise;
    connection.write(okOctets());
    await connection.request();
    if (number <= 2) return connection.reset();
    connection.write(okOctets());
  });
  const client = newClient(t, printer.uri);
  await Promise.all([client.request(GET_ATTRIBUTES), client.request(GET_ATTRIBUTES)]);
  t.is((await client.request(GET_ATTRIBUTES)).code, 0);
  t.is(printer.connections(), 3);
});

test('a connection opened ahead and cut at its first request is replaced', async (t) => {
  const printer = await startRawPrinter(t, async (connection, number) => {
    await connection.request();
    if (number === 1) return connection.reset();
    connection.write(okOctets());
  });
  const client = newClient(t, printer.uri);
  client.warm();
  await until(() => printer.connections() === 1);
  t.is((await client.request(GET_ATTRIBUTES)).code, 0);
  t.is(printer.connections(), 2);
});

test('a connection opened ahead and closed by the printer is not used', async (t) => {
  const closed = Promise.withResolvers<void>();
  const printer = await startRawPrinter(t, async (connection, number) => {
    if (number === 1) {
      connection.socket.end();
      await connection.closed();
      return closed.resolve();
    }
    await connection.request();
    connection.write(okOctets());
  });
  const client = newClient(t, printer.uri);
  client.warm();
  await closed.promise;
  t.is((await client.request(GET_ATTRIBUTES)).code, 0);
  t.is(printer.connections(), 2);
});

test('connections that nobody uses are closed, opened ahead or kept', async (t) => {
  const closed: Promise<void>[] = [];
  const printer = await startRawPrinter(t, async (connection) => {
    closed.push(connection.closed());
    await connection.request();
    connection.write(okOctets());
  });
  const client = newClient(t, printer.uri, { idle: Milliseconds(20) });
  client.warm();
  await until(() => printer.connections() === 1);
  await closed[0];
  await client.request(GET_ATTRIBUTES);
  await closed[1];
  t.is(printer.connections(), 2);
});

test('a request opened ahead is let go of with the idle connections', async (t) => {
  const closed: Promise<void>[] = [];
  const printer = await startRawPrinter(t, async (connection) => {
    closed.push(connection.closed());
    await connection.request();
    connection.write(okOctets());
  });
  const client = newClient(t, printer.uri);
  client.warm();
  await until(() => printer.connections() === 1);
  client.dropIdle();
  await closed[0];
  t.is((await client.request(GET_ATTRIBUTES)).code, 0);
  t.is(printer.connections(), 2);
});

for (const [how, more] of [
  ['leaves the connection open', ''],
  ['closes it', 'Connection: close\r\n'],
] as const) {
  test(`a request opened ahead that the printer calls too slow is not used; it ${how}`, async (t) => {
    const refused = Promise.withResolvers<void>();
    const printer = await startRawPrinter(t, async (connection, number) => {
      if (number === 1) {
        connection.write(Buffer.from(`HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n${more}\r\n`));
        if (more !== '') connection.socket.end();
        await connection.closed();
        return refused.resolve();
      }
      await connection.request();
      connection.write(okOctets());
    });
    const client = newClient(t, printer.uri);
    client.warm();
    await refused.promise;
    const document = new TestDocument('%PDF');
    t.is((await client.request(SEND_DOCUMENT, { document })).code, 0);
    t.is(printer.connections(), 2);
  });
}

test('a login beyond ASCII that is refused: what may be wrong is told, and no connection is held', async (t) => {
  const proofs: string[] = [];
  const printer = await startRawPrinter(t, async (connection) => {
    for (;;) {
      const { head } = await connection.request();
      proofs.push(/^authorization: Digest (username[^,]*)/im.exec(head)?.[1] ?? 'none');
      const challenge = 'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth"\r\n';
      connection.write(Buffer.from(`HTTP/1.1 401 Unauthorized\r\n${challenge}Content-Length: 0\r\n\r\n`));
    }
  });
  const client = newClient(t, printer.uri, {
    connections: 1,
    login: { user: '\u0141ukasz', password: async () => new Secret('secret') },
  });
  for (let time = 1; time <= 3; time++) {
    const failure = await failureOf(t, client.request(GET_ATTRIBUTES));
    t.is(failure.httpStatus, 401);
    t.regex(failure.message, /HTTP 401: it does not say how it reads letters beyond ASCII/);
  }
  const proof = `username="${Buffer.from('\u0141ukasz').toString('latin1')}"`;
  t.deepEqual(proofs.slice(0, 3), ['none', proof, proof]);
});
