// The client against printers that behave: framing, documents, connections, warming, TLS addresses.
import test from 'ava';
import { systemClock } from '../../../base/clock.ts';
import { decodeMessage } from '../../../ipp/codec/decode.ts';
import { encodeMessage } from '../../../ipp/codec/encode.ts';
import { STRICT } from '../../../ipp/codec/leniency.ts';
import { groupOf } from '../../../ipp/model.ts';
import { answer } from '../../../ipp/vocabulary/messages.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { wire } from '../wire.ts';
import { GET_ATTRIBUTES, newClient, SEND_DOCUMENT, TestDocument } from './client-helpers.ts';
import { stalled, until } from './exchange.ts';
import { startIppServer } from './ipp-server.ts';
import { okOctets, type ReceivedRequest, startRawPrinter } from './raw-printer.ts';

test('our client and our server understand each other, with a document of megabytes', async (t) => {
  const server = await startIppServer(t, { clock: systemClock }, async ({ message, document }) => {
    let octets = 0;
    for await (const chunk of document) octets += chunk.length;
    return answer(message, Status.successfulOk, { message: `${octets}` });
  });
  const client = newClient(t, `ipp://127.0.0.1:${server.port}/ipp/print`);
  const chunks = Array.from({ length: 100 }, () => new Uint8Array(100_000));
  const documents = [
    { document: new TestDocument(...chunks) },
    { document: new TestDocument(...chunks), contentLength: 10_000_000 },
    { document: new TestDocument(...chunks), expectContinue: true },
    {},
  ];
  const texts: (string | undefined)[] = [];
  for (const options of documents) {
    const answered = await client.request(SEND_DOCUMENT, options);
    texts.push(read(groupOf(answered, 'operation'), 'status-message'));
  }
  t.deepEqual(texts, ['10000000', '10000000', '10000000', '0']);
  t.deepEqual(server.errors, []);
});

for (const [when, ahead] of [
  ['opened as it is made', false],
  ['opened ahead', true],
] as const) {
  test(`${when}, a request without a document has a length, one with a document has chunks or the length it was told`, async (t) => {
    const requests: ReceivedRequest[] = [];
    const printer = await startRawPrinter(t, async (connection) => {
      for (;;) {
        requests.push(await connection.request());
        connection.write(okOctets());
      }
    });
    const client = newClient(t, `${printer.uri}?queue=1`);
    const open = () => (ahead ? client.warm() : undefined);
    open();
    await client.request(GET_ATTRIBUTES);
    open();
    await client.request(SEND_DOCUMENT, { document: new TestDocument('%PDF', '', '-doc') });
    open();
    await client.request(SEND_DOCUMENT, { document: new TestDocument('%PDF'), contentLength: 4 });

    const [plain, chunked, counted] = requests;
    t.true(plain?.head.startsWith('POST /ipp/print?queue=1 HTTP/1.1\r\n'));
    t.regex(plain?.head ?? '', new RegExp(`^host: 127\\.0\\.0\\.1:${printer.port}\r$`, 'im'));
    t.regex(plain?.head ?? '', /^content-type: application\/ipp\r$/im);
    t.deepEqual(plain?.body, encodeMessage(GET_ATTRIBUTES));
    const message = encodeMessage(SEND_DOCUMENT);
    t.regex(chunked?.head ?? '', /^transfer-encoding: chunked\r$/im);
    t.deepEqual(chunked?.body, Buffer.concat([message, Buffer.from('%PDF-doc')]));
    t.regex(counted?.head ?? '', new RegExp(`^content-length: ${message.length + 4}\r$`, 'im'));
    t.deepEqual(counted?.body, Buffer.concat([message, Buffer.from('%PDF')]));
    for (const { head } of requests)
      t.is(head.match(/^(content-length|transfer-encoding):/gim)?.length, 1, head);
    t.is(printer.connections(), 1, 'one connection for all');
  });
}

test('the caller is told before the first octet of the document leaves, and only then', async (t) => {
  const printer = await startRawPrinter(t, async (connection) => {
    await connection.request();
    connection.write(okOctets());
  });
  const gate = Promise.withResolvers<string>();
  const events: string[] = [];
  const answered = newClient(t, printer.uri).request(SEND_DOCUMENT, {
    document: new TestDocument(gate.promise, 'b', 'c'),
    onDocumentStart: () => events.push('started'),
  });
  await until(() => printer.connections() === 1);
  t.deepEqual(events, []);
  gate.resolve('a');
  await answered;
  t.deepEqual(events, ['started']);
});

test('an answer in the middle of the document ends the sending, and lets go of the source', async (t) => {
  const printer = await startRawPrinter(t, async (connection) => {
    await connection.head();
    connection.write(okOctets());
  });
  const returned = Promise.withResolvers<IteratorResult<Uint8Array>>();
  let asked = 0;
  const source = {
    next: () =>
      asked++ === 0 ? Promise.resolve({ value: Buffer.from('%PDF') }) : new Promise<never>(() => {}),
    return: async () => {
      returned.resolve({ done: true, value: undefined });
      return returned.promise;
    },
  };
  const document = { [Symbol.asyncIterator]: () => source };
  const answered = await newClient(t, printer.uri).request(SEND_DOCUMENT, { document });
  t.is(answered.code, Status.successfulOk);
  t.is((await returned.promise).done, true);
});

test('an answer comes through though the printer takes no more and ends its side', async (t) => {
  const refused = answer({ version: { major: 2, minor: 0 }, requestId: 1 }, Status.clientErrorNotPossible);
  const printer = await startRawPrinter(t, async (connection) => {
    await connection.head();
    connection.socket.pause();
    connection.socket.end(okOctets('Connection: close\r\n', encodeMessage(refused)));
  });
  const endless = {
    async *[Symbol.asyncIterator]() {
      for (;;) yield Buffer.alloc(100_000);
    },
  };
  const answered = await newClient(t, printer.uri).request(SEND_DOCUMENT, { document: endless });
  t.is(answered.code, Status.clientErrorNotPossible);
});

test('the source is asked no faster than the printer takes', async (t) => {
  const gate = Promise.withResolvers<void>();
  const printer = await startRawPrinter(t, async (connection) => {
    const head = await connection.head();
    connection.socket.pause();
    await gate.promise;
    connection.socket.resume();
    await connection.body(head);
    connection.write(okOctets());
  });
  const chunk = new Uint8Array(256 * 1024);
  const document = new TestDocument(...Array.from({ length: 200 }, () => chunk));
  const answered = newClient(t, printer.uri).request(SEND_DOCUMENT, { document });
  await stalled(() => document.asked);
  t.true(document.asked < 100, `${document.asked} chunks asked for`);
  gate.resolve();
  t.is((await answered).code, Status.successfulOk);
  t.is(document.asked, 200);
});

test('a source may use a chunk’s memory again once it is asked for the next', async (t) => {
  const count = 20_000;
  const chunk = Buffer.alloc(1000);
  let asked = 0;
  const source = {
    async *[Symbol.asyncIterator]() {
      for (; asked < count; asked++) yield chunk.fill(asked & 0xff);
      chunk.fill(0);
    },
  };
  const gate = Promise.withResolvers<void>();
  let body: Buffer = Buffer.alloc(0);
  const printer = await startRawPrinter(t, async (connection) => {
    const head = await connection.head();
    connection.socket.pause();
    await gate.promise;
    connection.socket.resume();
    body = await connection.body(head);
    connection.write(okOctets());
  });
  const contentLength = count * chunk.length;
  const answered = newClient(t, printer.uri).request(SEND_DOCUMENT, { document: source, contentLength });
  await stalled(() => asked);
  gate.resolve();
  await answered;
  const document = body.subarray(-contentLength);
  t.true(
    Array.from({ length: count }, (_, index) => document[index * 1000 + 999]).every(
      (octet, index) => octet === (index & 0xff),
    ),
  );
});

test('an answer of HTTP/1.0, ended by closing, is read', async (t) => {
  const octets = okOctets();
  const body = octets.subarray(octets.indexOf('\r\n\r\n') + 4);
  const printer = await startRawPrinter(t, async (connection) => {
    await connection.request();
    connection.write('HTTP/1.0 200 OK\r\nContent-Type: application/ipp\r\n\r\n');
    connection.socket.end(body);
  });
  const client = newClient(t, printer.uri);
  for (let count = 1; count <= 2; count++) {
    t.is((await client.request(GET_ATTRIBUTES)).code, decodeMessage(body).code);
    t.is(printer.connections(), count);
  }
});

test('what a printer says wrongly is read leniently, and strictly when told', async (t) => {
  const wrong = wire`0101 0000 00000001 01 47 0012 "attributes-charset" 0005 "utf-8" 04 21 0001 "x" 0001 01 03`;
  const printer = await startRawPrinter(t, async (connection) => {
    for (;;) {
      await connection.request();
      connection.write(okOctets('', wrong));
    }
  });
  const lenient = await newClient(t, printer.uri).request(GET_ATTRIBUTES);
  t.is(groupOf(lenient, 'printer').get('x')?.values[0]?.syntax, 'other');
  await t.throwsAsync(newClient(t, printer.uri, { leniency: STRICT }).request(GET_ATTRIBUTES), {
    code: 'protocol',
  });
});

test('a connection opened ahead is used by the next request', async (t) => {
  const printer = await startRawPrinter(t, async (connection) => {
    for (;;) {
      await connection.request();
      connection.write(okOctets());
    }
  });
  const client = newClient(t, printer.uri);
  client.warm();
  client.warm();
  await until(() => printer.connections() === 1);
  await client.request(GET_ATTRIBUTES);
  client.warm();
  await client.request(GET_ATTRIBUTES);
  t.is(printer.connections(), 1);
});

test('warming a printer that is off harms nothing', async (t) => {
  const client = newClient(t, 'ipp://127.0.0.1:1/ipp/print');
  client.warm();
  await t.throwsAsync(client.request(GET_ATTRIBUTES), { code: 'unreachable' });
  client.warm();
  client.close();
});

test('requests past the number of connections wait for one', async (t) => {
  const gate = Promise.withResolvers<void>();
  let atOnce = 0;
  let most = 0;
  const printer = await startRawPrinter(t, async (connection) => {
    for (;;) {
      await connection.request();
      most = Math.max(most, ++atOnce);
      await gate.promise;
      atOnce--;
      connection.write(okOctets());
    }
  });
  const client = newClient(t, printer.uri, { connections: 2 });
  const answers = Array.from({ length: 5 }, () => client.request(GET_ATTRIBUTES));
  await until(() => atOnce === 2);
  gate.resolve();
  t.is((await Promise.all(answers)).length, 5);
  t.is(most, 2);
  t.is(printer.connections(), 2);
});
