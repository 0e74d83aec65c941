// Answers that leave before the body has come: the client gets them, and cannot make us read for ever.
import { setImmediate as turn } from 'node:timers/promises';
import test from 'ava';
import { KiB, Minutes } from '../../../base/units.ts';
import { decodeMessage } from '../../../ipp/codec/decode.ts';
import type { BodyFailure } from '../../../ipp/http/body.ts';
import { BODY_BOUNDS } from '../../../ipp/http/bounds.ts';
import type { IppHandler } from '../../../ipp/http/server.ts';
import { answer } from '../../../ipp/vocabulary/messages.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { ManualClock } from '../../manual-clock.ts';
import { CHUNKED, PRINT_JOB, startWithClient, statusOf, until, withLength } from './exchange.ts';

const refuse: IppHandler = async ({ message }) => answer(message, Status.clientErrorNotFound);

test('an answer before the body leaves at once; the body is read off, then the connection is closed', async (t) => {
  const { client } = await startWithClient(t, refuse);
  await client.write(CHUNKED);
  await client.writeChunk(PRINT_JOB);
  const answered = await client.answer();
  t.is(decodeMessage(answered.body).code, Status.clientErrorNotFound);
  t.is(answered.headers.get('connection'), 'close');
  for (let count = 0; count < 100; count++) await client.writeChunk(Buffer.alloc(10_000));
  await client.writeChunk();
  await client.closed();
  t.is(client.pending, '');
});

test('a document that is here already when the answer is ready does not cost the connection', async (t) => {
  const { client } = await startWithClient(t, refuse);
  for (let count = 0; count < 2; count++) {
    await client.write(withLength(PRINT_JOB.length + 4), PRINT_JOB, '%PDF');
    const answered = await client.answer();
    t.is(decodeMessage(answered.body).code, Status.clientErrorNotFound);
    t.is(answered.headers.get('connection'), 'keep-alive');
  }
});

test('no more than so many octets are read off', async (t) => {
  const drain = { octets: KiB(64), time: Minutes(10) };
  const { client } = await startWithClient(t, refuse, { bounds: { ...BODY_BOUNDS, drain } });
  await client.write(CHUNKED);
  await client.writeChunk(PRINT_JOB);
  t.is(await statusOf(client), Status.clientErrorNotFound);
  await t.throwsAsync(async () => {
    for (;;) await client.writeChunk(Buffer.alloc(16 * 1024));
  });
  await client.closed();
});

test('no longer than so long is read off', async (t) => {
  const clock = new ManualClock();
  const { client } = await startWithClient(t, refuse, { clock });
  await client.write(CHUNKED);
  await client.writeChunk(PRINT_JOB);
  t.is(await statusOf(client), Status.clientErrorNotFound);
  await until(() => clock.pending > 0);
  clock.advance(BODY_BOUNDS.drain.time - 1);
  await client.writeChunk(Buffer.alloc(10));
  clock.advance(1);
  await client.closed();
  t.is(clock.pending, 0);
});

test('a client that is gone ends the reading off', async (t) => {
  const clock = new ManualClock();
  const { client, server } = await startWithClient(t, refuse, { clock });
  await client.write(CHUNKED);
  await client.writeChunk(PRINT_JOB);
  t.is(await statusOf(client), Status.clientErrorNotFound);
  await until(() => clock.pending > 0);
  client.destroy();
  await until(() => clock.pending === 0);
  t.deepEqual(server.errors, []);
});

test('a read under way when the answer leaves fails', async (t) => {
  let late: Promise<unknown> = Promise.resolve();
  const { client } = await startWithClient(t, async ({ message, document }) => {
    late = document[Symbol.asyncIterator]()
      .next()
      .catch((error) => error);
    await turn();
    return answer(message, Status.successfulOk);
  });
  await client.write(CHUNKED);
  await client.writeChunk(PRINT_JOB);
  t.is(await statusOf(client), 0);
  t.is(((await late) as BodyFailure).code, 'request-answered');
});

test('an answer to a client that is gone goes nowhere quietly', async (t) => {
  const gone = Promise.withResolvers<void>();
  const { client, server } = await startWithClient(t, async ({ message, document }) => {
    for await (const _ of document) client.destroy();
    return answer(message, Status.successfulOk);
  });
  const other = await startWithClient(t, async ({ message, document }) => {
    try {
      for await (const _ of document) other.client.destroy();
    } catch {
      gone.resolve();
    }
    return answer(message, Status.successfulOk);
  });
  for (const each of [client, other.client]) {
    await each.write(CHUNKED);
    await each.writeChunk(PRINT_JOB);
    await each.writeChunk(Buffer.from('%PDF'));
  }
  await gone.promise;
  await client.closed();
  await turn();
  t.deepEqual([...server.errors, ...other.server.errors], []);
});
