// What a sender can cost: stalls, slow and oversize bodies, cuts, back-pressure.
import { setImmediate as turn } from 'node:timers/promises';
import test from 'ava';
import { Bytes, Seconds } from '../../../base/units.ts';
import { REQUEST_LIMITS } from '../../../ipp/codec/limits.ts';
import { BodyFailure } from '../../../ipp/http/body.ts';
import { BODY_BOUNDS } from '../../../ipp/http/bounds.ts';
import type { IppHandler, RequestFailure } from '../../../ipp/http/server.ts';
import { answer } from '../../../ipp/vocabulary/messages.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { ManualClock } from '../../manual-clock.ts';
import { CHUNKED, PRINT_JOB, reader, startWithClient, statusOf, until, withLength } from './exchange.ts';

const refuse: IppHandler = async ({ message }) => answer(message, Status.clientErrorNotFound);

test('a cut in the document rejects the iteration, and nobody is blamed', async (t) => {
  const ended = Promise.withResolvers<unknown>();
  const { client, server } = await startWithClient(t, reader(ended.resolve));
  await client.write(CHUNKED);
  await client.writeChunk(PRINT_JOB);
  await client.writeChunk(Buffer.from('%PDF'));
  client.destroy();
  const error = await ended.promise;
  t.true(error instanceof BodyFailure && error.code === 'client-gone');
  await turn();
  t.deepEqual(server.errors, []);
});

test('a cut in the message is forgotten', async (t) => {
  let asked = 0;
  const clock = new ManualClock();
  const { client, server } = await startWithClient(t, async ({ message }) => answer(message, asked++), {
    clock,
  });
  await client.write(CHUNKED);
  await client.writeChunk(PRINT_JOB.subarray(0, 40));
  await until(() => clock.pending > 0);
  client.destroy();
  await until(() => clock.pending === 0);
  t.is(asked, 0);
  t.deepEqual(server.errors, []);
});

test('a document larger than allowed is refused by its declared length before any of it is read', async (t) => {
  const bounds = { ...BODY_BOUNDS, documentOctets: Bytes(100) };
  let error: unknown;
  const { client } = await startWithClient(
    t,
    reader((reason) => {
      error = reason;
    }),
    { bounds },
  );
  await client.write(withLength(PRINT_JOB.length + 101), PRINT_JOB);
  t.is(await statusOf(client), Status.clientErrorRequestEntityTooLarge);
  t.true(error instanceof BodyFailure && error.code === 'document-too-large');
});

test('a document in chunks is refused once it is larger than allowed; as large as allowed it passes', async (t) => {
  const bounds = { ...BODY_BOUNDS, documentOctets: Bytes(100) };
  for (const [octets, status] of [
    [100, Status.successfulOk],
    [101, Status.clientErrorRequestEntityTooLarge],
  ] as const) {
    const { client } = await startWithClient(
      t,
      reader(() => {}),
      { bounds },
    );
    await client.write(CHUNKED);
    await client.writeChunk(PRINT_JOB);
    for (let sent = 0; sent < octets; sent++) await client.writeChunk(Buffer.of(0x25));
    await client.writeChunk();
    t.is(await statusOf(client), status);
  }
});

test('a message larger than allowed is refused', async (t) => {
  const limits = { ...REQUEST_LIMITS, messageOctets: 50 };
  const { client } = await startWithClient(t, refuse, { limits });
  await client.write(withLength(PRINT_JOB.length), PRINT_JOB);
  t.is(await statusOf(client), Status.clientErrorRequestEntityTooLarge);
});

test('a document that stalls is given up', async (t) => {
  const clock = new ManualClock();
  const ended = Promise.withResolvers<unknown>();
  const progress = { octets: 0 };
  const { client } = await startWithClient(t, reader(ended.resolve, progress), { clock });
  await client.write(CHUNKED);
  await client.writeChunk(PRINT_JOB);
  await until(() => clock.pending > 0);
  await client.writeChunk(Buffer.from('%PDF'));
  await until(() => progress.octets === 4 && clock.pending > 0);
  clock.advance(BODY_BOUNDS.stall - 1);
  t.is(clock.pending, 1);
  clock.advance(1);
  t.is(await statusOf(client), Status.clientErrorTimeout);
  t.is(((await ended.promise) as BodyFailure).code, 'client-stalled');
});

test('a document that keeps its pace and takes too long all the same is given up, and its server is told why', async (t) => {
  const clock = new ManualClock();
  const bounds = { ...BODY_BOUNDS, documentTime: Seconds(250), slowest: { octets: 1, within: Seconds(10) } };
  const ended = Promise.withResolvers<unknown>();
  const progress = { octets: 0 };
  const failures: string[] = [];
  const onFailure = ({ code }: RequestFailure) => failures.push(code);
  const { client } = await startWithClient(t, reader(ended.resolve, progress), { clock, bounds, onFailure });
  await client.write(CHUNKED);
  await client.writeChunk(PRINT_JOB);
  for (let sent = 1; sent <= 2; sent++) {
    await until(() => clock.pending > 0);
    clock.advance(Seconds(100));
    await client.writeChunk(Buffer.alloc(1));
    await until(() => progress.octets === sent);
  }
  await until(() => clock.pending > 0);
  clock.advance(Seconds(50));
  t.is(((await ended.promise) as BodyFailure).code, 'client-too-slow');
  t.is(await statusOf(client), Status.clientErrorTimeout);
  t.deepEqual(failures, ['client-too-slow']);
});

test('a document that trickles is given up, though it never stalls', async (t) => {
  const clock = new ManualClock();
  const bounds = {
    ...BODY_BOUNDS,
    stall: Seconds(60),
    slowest: { octets: Bytes(10), within: Seconds(100) },
  };
  const ended = Promise.withResolvers<unknown>();
  const progress = { octets: 0 };
  const { client } = await startWithClient(t, reader(ended.resolve, progress), { clock, bounds });
  await client.write(CHUNKED);
  await client.writeChunk(PRINT_JOB);
  const trickle = async (octets: number) => {
    await until(() => clock.pending > 0);
    clock.advance(50_000);
    await client.writeChunk(Buffer.alloc(octets));
  };
  let sent = 0;
  for (const octets of [9, 1, 1, 9, 1]) {
    await trickle(octets);
    sent += octets;
    await until(() => progress.octets === sent);
  }
  await trickle(8);
  t.is(((await ended.promise) as BodyFailure).code, 'client-too-slow');
  t.is(await statusOf(client), Status.clientErrorTimeout);
  t.is(progress.octets, sent);
});

test('a message that trickles is given up: by IPP when its request id is known, else by HTTP', async (t) => {
  for (const [octets, status] of [
    [8, Status.clientErrorTimeout],
    [7, 408],
  ] as const) {
    const clock = new ManualClock();
    const { client } = await startWithClient(t, refuse, { clock });
    await client.write(CHUNKED, `${octets}\r\n`, PRINT_JOB.subarray(0, octets), '\r\n');
    await until(() => clock.pending > 0);
    await turn();
    clock.advance(BODY_BOUNDS.messageTime - 1);
    t.is(clock.pending, 1);
    clock.advance(1);
    t.is(await statusOf(client), status);
  }
});

test('time in which nobody asks for the document is not the client’s', async (t) => {
  const clock = new ManualClock();
  const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const { client } = await startWithClient(
    t,
    async ({ message, document }) => {
      begun.resolve();
      await gate.promise;
      for await (const _ of document);
      return answer(message, Status.successfulOk);
    },
    { clock },
  );
  await client.write(CHUNKED);
  await client.writeChunk(PRINT_JOB);
  await begun.promise;
  clock.advance(3 * BODY_BOUNDS.slowest.within);
  gate.resolve();
  await client.writeChunk(Buffer.from('%PDF'));
  await client.writeChunk();
  t.is(await statusOf(client), Status.successfulOk);
});

test('a sender waits while nobody asks for more', async (t) => {
  const total = 64 * 1024 * 1024;
  const gate = Promise.withResolvers<void>();
  let read = 0;
  let bytesRead = () => 0;
  const { client } = await startWithClient(t, async ({ message, document }, { request: { socket } }) => {
    bytesRead = () => socket.bytesRead;
    for await (const chunk of document) {
      read += chunk.length;
      await gate.promise;
    }
    return answer(message, Status.successfulOk);
  });
  const written = client.write(withLength(PRINT_JOB.length + total), PRINT_JOB, Buffer.alloc(total));
  await until(() => bytesRead() > 0);
  for (let turns = 0; turns < 1000; turns++) await turn();
  t.true(bytesRead() < 1024 * 1024, `${bytesRead()} octets taken in`);
  gate.resolve();
  await written;
  t.is(await statusOf(client), Status.successfulOk);
  t.is(read, total);
});
