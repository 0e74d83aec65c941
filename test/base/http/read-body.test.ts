// Small bodies: read whole within their bounds, and never beyond.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { type Body, readBody } from '../../../base/http/read-body.ts';

/** Sends octets as they are; gives what was read of them. */
async function read(t: ExecutionContext, raw: string | Buffer, end = false): Promise<Body> {
  const server = createServer().listen(0, '127.0.0.1');
  t.teardown(() => server.close());
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  t.teardown(() => socket.destroy());
  socket.on('error', () => {});
  socket.write(raw);
  if (end) socket.end(() => socket.destroy());
  const [request] = await once(server, 'request');
  return readBody(request, 8);
}

const head = (rest: string) => `POST / HTTP/1.1\r\nHost: a\r\n${rest}\r\n\r\n`;

test('a body up to the limit is read', async (t) => {
  t.deepEqual(await read(t, `${head('Content-Length: 8')}12345678`), { ok: true, text: '12345678' });
  t.deepEqual(await read(t, head('Content-Length: 0')), { ok: true, text: '' });
});

test('a longer one is not, announced or not', async (t) => {
  t.deepEqual(await read(t, head('Content-Length: 9')), { ok: false, status: 413 });
  const chunked = `${head('Transfer-Encoding: chunked')}9\r\n123456789\r\n0\r\n\r\n`;
  t.deepEqual(await read(t, chunked), { ok: false, status: 413 });
});

test('what is not UTF-8, and what is cut, is told', async (t) => {
  const octets = Buffer.concat([Buffer.from(head('Content-Length: 2')), Buffer.from([0xc3, 0x28])]);
  t.deepEqual(await read(t, octets), { ok: false, status: 400 });
  t.deepEqual(await read(t, `${head('Content-Length: 5')}12`, true), { ok: false, status: 400 });
});
