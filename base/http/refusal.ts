/** Answers to requests that never reach their route. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { KiB, Seconds } from '../units.ts';

/** What is still read of a refused request's body, so that its sender comes to read the answer. */
const DRAIN = { octets: KiB(256), time: Seconds(2) };

/**
 * Answers and closes. A connection that is closed while its client is still sending is reset, and the answer may be
 * lost with it (RFC 9112 §9.6): the whole answer leaves first, then a little is read, then it ends.
 */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const octets = Buffer.from(`${text}\n`);
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': octets.length,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    ...headers,
    Connection: headers['Upgrade'] === undefined ? 'close' : 'close, Upgrade',
  });
  if (request.method !== 'HEAD') response.write(octets);
  if (request.readableEnded || request.destroyed) {
    response.end();
    return;
  }
  let drained = 0;
  const end = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, DRAIN.time);
  request.on('data', (chunk: Buffer) => {
    drained += chunk.length;
    if (drained > DRAIN.octets) end();
  });
  request.once('end', end);
  request.once('close', end);
  request.resume();
}
