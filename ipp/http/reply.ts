/** An answer to a request whose body may still be arriving. */
import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { RequestBody } from './body.ts';

/** RFC 8010 §4 */
export const MEDIA_TYPE = 'application/ipp';

/** @param octets an encoded message. Resolves when the exchange is over. */
export function replyIpp(response: ServerResponse, body: RequestBody, octets: Buffer): Promise<void> {
  return reply(response, body, 200, MEDIA_TYPE, octets);
}

/** For requests that no IPP answer fits. */
export function replyText(
  response: ServerResponse,
  body: RequestBody,
  status: number,
  text: string,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  return reply(response, body, status, 'text/plain; charset=utf-8', Buffer.from(`${text}\n`), more);
}

/**
 * A client that is still sending (CUPS looks for an answer between its writes) would lose the answer to the reset that
 * closing a connection with unread octets causes. So the whole answer leaves first, then the body is read off within
 * its bounds, and only then the connection is closed (RFC 9112 §9.6). A body that is all here already costs nothing.
 */
async function reply(
  response: ServerResponse,
  body: RequestBody,
  status: number,
  type: string,
  octets: Buffer,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const headers = {
    ...more,
    'Content-Type': type,
    'Content-Length': octets.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  };
  if (!body.ended) {
    body.abandon();
    // Node's parser may still hold the end of what has come in.
    await setImmediate();
    if (body.arrived) await body.drain();
  }
  if (body.ended) {
    response.writeHead(status, headers);
    response.end(octets);
    return;
  }
  response.writeHead(status, { Connection: 'close', ...headers });
  response.write(octets);
  await body.drain();
  response.end();
}
