// Server framing against a raw TCP client: chunks, lengths, expectations, answers in every order.
import test from 'ava';
import { decodeMessage } from '../../../ipp/codec/decode.ts';
import type { IppHandler } from '../../../ipp/http/server.ts';
import { groupOf } from '../../../ipp/model.ts';
import { answer } from '../../../ipp/vocabulary/messages.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { CHUNKED, PRINT_JOB, requestOctets, startWithClient, withLength } from './exchange.ts';
import type { RawAnswer, RawClient } from './raw-client.ts';

/** Answers successful-ok with what it read of the document as status-message. */
const echo: IppHandler = async ({ message, document }) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of document) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('latin1');
  return answer(message, Status.successfulOk, { message: `[${text}]` });
};

const ok: IppHandler = async ({ message }) => answer(message, Status.successfulOk);

function ippAnswer({ status, headers, body }: RawAnswer): {
  status: number;
  requestId: number;
  text: string;
} {
  if (status !== 200) throw new Error(`HTTP ${status}: ${body}`);
  if (headers.get('content-type') !== 'application/ipp') throw new Error('not IPP');
  const decoded = decodeMessage(body);
  const text = read(groupOf(decoded, 'operation'), 'status-message') ?? '';
  return { status: decoded.code, requestId: decoded.requestId, text };
}

const BODIES: Record<string, (client: RawClient) => Promise<void>> = {
  'a length, all at once': (client) => client.write(withLength(PRINT_JOB.length + 8), PRINT_JOB, '%PDF-doc'),
  'a length, octet by octet': async (client) => {
    await client.write(withLength(PRINT_JOB.length + 8));
    for (const octet of Buffer.concat([PRINT_JOB, Buffer.from('%PDF-doc')]))
      await client.write(Buffer.of(octet));
  },
  'one chunk': async (client) => {
    await client.write(CHUNKED);
    await client.writeChunk(Buffer.concat([PRINT_JOB, Buffer.from('%PDF-doc')]));
    await client.writeChunk();
  },
  'chunks that cut the message and the document': async (client) => {
    await client.write(CHUNKED);
    for (const chunk of [PRINT_JOB.subarray(0, 3), PRINT_JOB.subarray(3, 50), PRINT_JOB.subarray(50)]) {
      await client.writeChunk(chunk);
    }
    for (const chunk of ['%PDF', '-doc']) await client.writeChunk(Buffer.from(chunk));
    await client.writeChunk();
  },
};

for (const [title, send] of Object.entries(BODIES)) {
  test(`a document comes through: ${title}`, async (t) => {
    const { client } = await startWithClient(t, echo);
    await send(client);
    t.deepEqual(ippAnswer(await client.answer()), { status: 0, requestId: 1, text: '[%PDF-doc]' });
  });
}

test('one connection carries request after request, also pipelined, in order', async (t) => {
  const { client } = await startWithClient(t, echo);
  const requests = [1, 2, 3].map((id) => requestOctets(Operation.printJob, id));
  await client.write(
    ...requests.flatMap((octets, index) => [withLength(octets.length + 1), octets, String(index)]),
  );
  for (const id of [1, 2, 3]) {
    t.deepEqual(ippAnswer(await client.answer()), { status: 0, requestId: id, text: `[${id - 1}]` });
  }
  const last = requestOctets(Operation.getJobs, 4);
  await client.write(withLength(last.length), last);
  t.is(ippAnswer(await client.answer()).requestId, 4);
});

test('the connection stays when the last chunk comes after the message', async (t) => {
  const { client } = await startWithClient(t, ok);
  for (const id of [1, 2]) {
    await client.write(CHUNKED);
    await client.writeChunk(requestOctets(Operation.getPrinterAttributes, id));
    await new Promise((resolve) => setImmediate(resolve));
    await client.writeChunk();
    const answered = await client.answer();
    t.is(ippAnswer(answered).requestId, id);
    t.is(answered.headers.get('connection'), 'keep-alive');
  }
});

test('the body is asked for when it is expected, after the header was checked', async (t) => {
  const { client } = await startWithClient(t, echo);
  await client.write(withLength(PRINT_JOB.length, 'Expect: 100-continue\r\n'));
  t.is((await client.answer()).status, 100);
  await client.write(PRINT_JOB);
  t.is(ippAnswer(await client.answer()).text, '[]');
});

const WRONG_HEADERS: Record<string, [headers: string, status: number]> = {
  'another type': ['Content-Type: application/octet-stream\r\n', 400],
  'no type': ['', 400],
  'a compressed body': ['Content-Type: application/ipp\r\nContent-Encoding: gzip\r\n', 415],
};

for (const [title, [headers, status]] of Object.entries(WRONG_HEADERS)) {
  test(`${title} is refused before the body is asked for`, async (t) => {
    const { client } = await startWithClient(t, echo);
    const head = `POST /ipp/print HTTP/1.1\r\nHost: localhost\r\n${headers}Content-Length: 100\r\n`;
    await client.write(`${head}Expect: 100-continue\r\n\r\n`);
    const answered = await client.answer();
    t.is(answered.status, status);
    t.is(answered.headers.get('connection'), 'close');
  });
}

test('a body that is too large is refused before it is asked for', async (t) => {
  const { client } = await startWithClient(t, echo);
  await client.write(withLength(10 ** 13, 'Expect: 100-continue\r\n'));
  const answered = await client.answer();
  t.is(answered.status, 413);
  t.is(answered.headers.get('connection'), 'close');
});

test('the type may be written large and with parameters', async (t) => {
  const { client } = await startWithClient(t, ok);
  const head =
    'POST /ipp/print HTTP/1.1\r\nHost: localhost\r\nContent-Type: Application/IPP; charset=utf-8\r\n';
  await client.write(`${head}Content-Length: ${PRINT_JOB.length}\r\n\r\n`, PRINT_JOB);
  t.is(ippAnswer(await client.answer()).status, 0);
});

test('a document behind an operation that has none is refused', async (t) => {
  const { client } = await startWithClient(t, ok);
  const octets = requestOctets(Operation.validateJob);
  await client.write(withLength(octets.length + 4), octets, '%PDF');
  t.is(ippAnswer(await client.answer()).status, Status.clientErrorBadRequest);
});

test('an operation that nobody knows may have a document', async (t) => {
  const { client } = await startWithClient(t, echo);
  const octets = requestOctets(0x4029 as Operation);
  await client.write(withLength(octets.length + 4), octets, 'file');
  t.is(ippAnswer(await client.answer()).text, '[file]');
});

test('what is no message gets an IPP error with its request id and version', async (t) => {
  const { client } = await startWithClient(t, ok);
  const octets = Buffer.from(PRINT_JOB);
  octets[8] = 0x00;
  octets.writeUInt32BE(77, 4);
  octets.writeUInt16BE(0x0101, 0);
  await client.write(withLength(octets.length), octets);
  const answered = await client.answer();
  t.like(ippAnswer(answered), { status: Status.clientErrorBadRequest, requestId: 77 });
  t.regex(ippAnswer(answered).text, /tag 0x00 where a group should begin \(octet 9, header\)/);
  t.deepEqual(decodeMessage(answered.body).version, { major: 1, minor: 1 });
});

const NO_REQUEST_ID: Record<string, Buffer> = {
  nothing: Buffer.alloc(0),
  '7 octets': PRINT_JOB.subarray(0, 7),
  'a negative request id': Buffer.concat([
    PRINT_JOB.subarray(0, 4),
    Buffer.from('ffffffff', 'hex'),
    Buffer.of(3),
  ]),
};

for (const [title, octets] of Object.entries(NO_REQUEST_ID)) {
  test(`what has no request id gets HTTP 400: ${title}`, async (t) => {
    const { client } = await startWithClient(t, ok);
    await client.write(withLength(octets.length), octets);
    t.is((await client.answer()).status, 400);
  });
}

test('a message that ends too soon is a bad request', async (t) => {
  const { client } = await startWithClient(t, ok);
  const octets = PRINT_JOB.subarray(0, -1);
  await client.write(withLength(octets.length), octets);
  t.like(ippAnswer(await client.answer()), { status: Status.clientErrorBadRequest, requestId: 1 });
});

test('a handler that fails is logged and answered with HTTP 500; the document does not pile up', async (t) => {
  const { client, server } = await startWithClient(t, async () => {
    throw new TypeError('a defect');
  });
  await client.write(withLength(PRINT_JOB.length + 4), PRINT_JOB, '%PDF');
  t.is((await client.answer()).status, 500);
  t.regex(server.errors.join(), /TypeError: a defect/);
});

test('a status message from outside is cut to what the standard allows, between characters', async (t) => {
  const { client } = await startWithClient(t, async ({ message }) =>
    answer(message, Status.clientErrorNotFound, { message: `${'ü'.repeat(200)}🖨` }),
  );
  const octets = requestOctets(Operation.getJobs);
  await client.write(withLength(octets.length), octets);
  const { text } = ippAnswer(await client.answer());
  t.regex(text, /^ü+$/);
  t.true(Buffer.byteLength(text) > 240 && Buffer.byteLength(text) <= 255);
});
