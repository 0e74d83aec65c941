/** What the tests of the server framing share: a request as octets, a server with a raw client at it. */
import { setImmediate as turn } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { systemClock } from '../../../base/clock.ts';
import { decodeMessage } from '../../../ipp/codec/decode.ts';
import { encodeMessage } from '../../../ipp/codec/encode.ts';
import type { IppHandler, IppServerOptions } from '../../../ipp/http/server.ts';
import { answer, request } from '../../../ipp/vocabulary/messages.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { startIppServer, type TestServer } from './ipp-server.ts';
import { RawClient } from './raw-client.ts';

export function requestOctets(operation: Operation, requestId = 1): Buffer {
  const attributes = { 'printer-uri': 'ipp://localhost/ipp/print' };
  return encodeMessage(request({ operation, requestId, attributes }));
}

export const PRINT_JOB = requestOctets(Operation.printJob);
export const HEAD = 'POST /ipp/print HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/ipp\r\n';
export const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;
export const withLength = (length: number, more = ''): string =>
  `${HEAD}Content-Length: ${length}\r\n${more}\r\n`;

export async function startWithClient(
  t: ExecutionContext,
  handler: IppHandler,
  options: Partial<IppServerOptions> = {},
): Promise<{ server: TestServer; client: RawClient }> {
  const server = await startIppServer(t, { clock: systemClock, ...options }, handler);
  const client = await RawClient.connect(server.port);
  t.teardown(() => client.destroy());
  return { server, client };
}

/** The IPP status of the next answer, or its HTTP status when that is not 200. */
export async function statusOf(client: RawClient): Promise<number> {
  const { status, body } = await client.answer();
  return status === 200 ? decodeMessage(body).code : status;
}

/** Lets the event loop turn until the condition holds. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

/** Resolves when a count has begun and then not moved for many turns of the event loop: somebody does not read on. */
export async function stalled(count: () => number): Promise<void> {
  for (let before = 0; count() === 0 || count() !== before; ) {
    before = count();
    for (let turns = 0; turns < 200; turns++) await turn();
  }
}

/** A handler that reads the whole document and tells how far it came and how that ended. */
export function reader(ended: (error?: unknown) => void, progress = { octets: 0 }): IppHandler {
  return async ({ message, document }) => {
    try {
      for await (const chunk of document) progress.octets += chunk.length;
    } catch (error) {
      ended(error);
      throw error;
    }
    ended();
    return answer(message, Status.successfulOk);
  };
}
