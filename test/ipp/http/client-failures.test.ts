// The client against printers that fail: each failure has its code, names the printer, and tells whether the document began.
import test from 'ava';
import { RESPONSE_LIMITS } from '../../../ipp/codec/limits.ts';
import type { ClientCode } from '../../../ipp/http/client-failure.ts';
import { CLIENT_TIMEOUTS } from '../../../ipp/http/timeouts.ts';
import { ManualClock } from '../../manual-clock.ts';
import { freePort } from '../../peers/process.ts';
import { failureOf, GET_ATTRIBUTES, newClient, SEND_DOCUMENT, TestDocument } from './client-helpers.ts';
import { stalled, until } from './exchange.ts';
import { okOctets, type PrinterConnection, startRawPrinter } from './raw-printer.ts';

const OK = okOctets();
const head = (status: string, more = ''): string => `HTTP/1.1 ${status}\r\n${more}\r\n`;

/** What a printer does after a whole request, and the failure that follows. */
const FAULTS: Record<string, [(connection: PrinterConnection) => void, ClientCode, RegExp]> = {
  'closes at once': [(c) => c.socket.end(), 'cut', /cut the connection: socket hang up/],
  'resets at once': [(c) => c.reset(), 'cut', /cut the connection: read ECONNRESET/],
  'closes in its head': [(c) => c.socket.end('HTTP/1.1 200 OK\r\nConte'), 'cut', /cut the connection/],
  'closes in its answer': [(c) => c.socket.end(OK.subarray(0, -5)), 'cut', /in the middle of its answer/],
  'speaks another protocol': [(c) => c.write('220 ftp ready\r\n\r\n'), 'protocol', /does not speak HTTP/],
  'has endless headers': [
    (c) => c.write(`HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(10_000)}`),
    'protocol',
    /does not speak HTTP/,
  ],
  'answers with a page': [
    (c) => c.write(`${head('200 OK', 'Content-Type: text/html\r\nContent-Length: 13\r\n')}<html></html>`),
    'protocol',
    /gives an answer that is not IPP \(text\/html\)/,
  ],
  'answers with nothing': [
    (c) => c.write(head('200 OK', 'Content-Length: 0\r\n')),
    'protocol',
    /not IPP \(no content type\): only 0 octets/,
  ],
  'answers with half a message': [
    (c) => c.write(okOctets('', OK.subarray(-20, -1))),
    'protocol',
    /gives an answer that is not IPP \(application\/ipp\)/,
  ],
  'leads elsewhere': [
    (c) => c.write(head('301 Moved', 'Location: http://127.0.0.1:1/\r\nContent-Length: 0\r\n')),
    'http-status',
    /answered with HTTP 301/,
  ],
  'wants credentials': [
    (c) => c.write(head('401 Unauthorized', 'WWW-Authenticate: Basic\r\nContent-Length: 0\r\n')),
    'http-status',
    /answered with HTTP 401/,
  ],
  'fails with an endless page': [
    (c) => {
      c.write(head('500 Oops'));
      c.write(Buffer.alloc(100_000));
    },
    'http-status',
    /answered with HTTP 500/,
  ],
};

for (const [title, [fault, code, message]] of Object.entries(FAULTS)) {
  test(`a printer that ${title}: ${code}`, async (t) => {
    const printer = await startRawPrinter(t, async (connection) => {
      await connection.request();
      fault(connection);
    });
    const failure = await failureOf(t, newClient(t, printer.uri).request(GET_ATTRIBUTES));
    t.is(failure.code, code);
    t.regex(failure.message, message);
    t.true(failure.message.startsWith(`127.0.0.1:${printer.port} `), failure.message);
    t.false(failure.documentStarted);
    t.is(failure.httpStatus, code === 'http-status' ? Number(/\d+$/.exec(failure.message)?.[0]) : undefined);
    t.is(printer.connections(), 1, 'a new connection that fails is no stale one');

    const document = new TestDocument('%PDF');
    const again = await failureOf(t, newClient(t, printer.uri).request(SEND_DOCUMENT, { document }));
    t.is(again.code, code);
    t.true(again.documentStarted);
    t.true(document.returned);
  });
}

test('an answer larger than the limit is refused, endless or not, also behind its message', async (t) => {
  const limits = { ...RESPONSE_LIMITS, messageOctets: 1000 };
  const endless = async (connection: PrinterConnection, first: string | Buffer) => {
    await connection.request();
    connection.write(head('200 OK', 'Transfer-Encoding: chunked\r\n'));
    for (let octets = Buffer.from(first as string); ; octets = Buffer.alloc(100, 0x01)) {
      connection.write(`${octets.length.toString(16)}\r\n`);
      connection.write(octets);
      connection.write('\r\n');
      if (connection.socket.writableNeedDrain || connection.socket.destroyed) return;
    }
  };
  const message = OK.subarray(OK.indexOf('\r\n\r\n') + 4);
  for (const first of [message.subarray(0, 8), message]) {
    const printer = await startRawPrinter(t, (connection) => endless(connection, first));
    const failure = await failureOf(t, newClient(t, printer.uri, { limits }).request(GET_ATTRIBUTES));
    t.is(failure.code, 'protocol');
  }
});

test('a port where nobody listens is unreachable', async (t) => {
  const port = await freePort();
  const document = new TestDocument('%PDF');
  const answered = newClient(t, `ipp://127.0.0.1:${port}/`).request(SEND_DOCUMENT, { document });
  const failure = await failureOf(t, answered);
  t.is(failure.code, 'unreachable');
  t.regex(failure.message, new RegExp(`^127.0.0.1:${port} cannot be reached: .*ECONNREFUSED`));
  t.false(failure.documentStarted);
  t.is(document.asked, 0);
});

test('a printer that is cut off before its handshake is done is unreachable', async (t) => {
  const printer = await startRawPrinter(t, async (connection) => connection.reset());
  const answered = newClient(t, `ipps://127.0.0.1:${printer.port}/`).request(GET_ATTRIBUTES);
  t.is((await failureOf(t, answered)).code, 'unreachable');
});

test('no connection in time: the handshake counts', async (t) => {
  const clock = new ManualClock();
  const printer = await startRawPrinter(t, async () => {});
  const client = newClient(t, `ipps://127.0.0.1:${printer.port}/`, { clock });
  const answered = failureOf(t, client.request(GET_ATTRIBUTES));
  await until(() => printer.connections() === 1);
  clock.advance(CLIENT_TIMEOUTS.connect);
  const failure = await answered;
  t.is(failure.code, 'timeout');
  t.regex(failure.message, /took no connection within 10 s$/);
});

test('no answer in time, no end of an answer in time', async (t) => {
  for (const [octets, message] of [
    ['', /gave no answer within 1 min$/],
    [OK.subarray(0, -1), /did not finish its answer within 1 min$/],
  ] as const) {
    const clock = new ManualClock();
    const asked = Promise.withResolvers<void>();
    const printer = await startRawPrinter(t, async (connection) => {
      await connection.request();
      connection.write(octets);
      asked.resolve();
    });
    const answered = failureOf(t, newClient(t, printer.uri, { clock }).request(GET_ATTRIBUTES));
    await asked.promise;
    await until(() => clock.pending === 1);
    if (octets.length > 0) {
      // The head of the answer sets the clock anew.
      for (let turns = 0; turns < 50; turns++) await new Promise(setImmediate);
    }
    clock.advance(CLIENT_TIMEOUTS.response);
    const failure = await answered;
    t.is(failure.code, 'timeout');
    t.regex(failure.message, message);
    t.is(clock.pending, 0);
  }
});

test('a printer that takes nothing more is given up in time', async (t) => {
  const clock = new ManualClock();
  const printer = await startRawPrinter(t, async (connection) => {
    connection.socket.pause();
  });
  let asked = 0;
  const document = {
    async *[Symbol.asyncIterator]() {
      for (;;) {
        asked++;
        yield Buffer.alloc(1024 * 1024);
      }
    },
  };
  const timeouts = { sending: CLIENT_TIMEOUTS.connect };
  const answered = failureOf(
    t,
    newClient(t, printer.uri, { clock }).request(SEND_DOCUMENT, { document, timeouts }),
  );
  await stalled(() => asked);
  clock.advance(CLIENT_TIMEOUTS.connect - 1);
  t.is(clock.pending, 1);
  clock.advance(1);
  const failure = await answered;
  t.is(failure.code, 'timeout');
  t.regex(failure.message, /took nothing within 10 s$/);
  t.true(failure.documentStarted);
});

test('a caller who gives up is told so: before, while waiting, while the source is slow', async (t) => {
  const printer = await startRawPrinter(t, async (connection) => {
    await connection.request();
  });
  const client = newClient(t, printer.uri);
  const before = await failureOf(t, client.request(GET_ATTRIBUTES, { signal: AbortSignal.abort() }));
  t.is(before.code, 'canceled');

  for (const [options, started] of [
    [{}, false],
    [{ document: new TestDocument(new Promise<string>(() => {})) }, false],
    [{ document: new TestDocument('%PDF', new Promise<string>(() => {})) }, true],
  ] as const) {
    const controller = new AbortController();
    const answered = failureOf(t, client.request(SEND_DOCUMENT, { ...options, signal: controller.signal }));
    const connections = printer.connections();
    await until(() => printer.connections() > connections);
    if (started) await until(() => options.document?.asked === 2);
    controller.abort();
    const failure = await answered;
    t.is(failure.code, 'canceled');
    t.is(failure.documentStarted, started);
  }
});

const BAD_DOCUMENTS: [string, TestDocument, contentLength: number | undefined, started: boolean, RegExp][] = [
  [
    'fails at once',
    new TestDocument(new Error('no key')),
    undefined,
    false,
    /^the document could not be read$/,
  ],
  ['fails later', new TestDocument('%PDF', new Error('no disk')), undefined, true, /could not be read$/],
  [
    'is too short',
    new TestDocument('%PDF'),
    5,
    true,
    /^the document has only 4 of the 5 octets it should have$/,
  ],
  [
    'is too long',
    new TestDocument('%P', 'DF', '', '-'),
    4,
    true,
    /^the document has more than the 4 octets it should have$/,
  ],
];

for (const [title, document, contentLength, started, message] of BAD_DOCUMENTS) {
  test(`a document that ${title} never looks whole to the printer`, async (t) => {
    const ended = Promise.withResolvers<string>();
    const printer = await startRawPrinter(t, async (connection) => {
      await connection.request().then(
        () => ended.resolve('whole'),
        () => ended.resolve('cut'),
      );
    });
    const options = contentLength === undefined ? { document } : { document, contentLength };
    const failure = await failureOf(t, newClient(t, printer.uri).request(SEND_DOCUMENT, options));
    t.is(failure.code, 'document-unreadable');
    t.regex(failure.message, message);
    t.is(failure.documentStarted, started);
    t.is(await ended.promise, 'cut');
  });
}

test('closing the client cuts what is under way', async (t) => {
  const asked = Promise.withResolvers<void>();
  const printer = await startRawPrinter(t, async (connection) => {
    await connection.request();
    asked.resolve();
  });
  const client = newClient(t, printer.uri);
  const answered = failureOf(t, client.request(GET_ATTRIBUTES));
  await asked.promise;
  client.close();
  t.is((await answered).code, 'cut');
});

test('a message that cannot be sent opens no connection', async (t) => {
  const printer = await startRawPrinter(t, async () => {});
  const client = newClient(t, printer.uri);
  await t.throwsAsync(client.request({ ...GET_ATTRIBUTES, requestId: -1 }), { code: 'message-unsendable' });
  t.is(printer.connections(), 0);
});
