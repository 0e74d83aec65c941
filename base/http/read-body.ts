/** The small bodies of requests that are read whole: JSON and forms. */
import type { IncomingMessage } from 'node:http';
import type { Milliseconds } from '../units.ts';
import { Seconds } from '../units.ts';

/** From the headers to the end of a small body. */
const BODY_TIME: Milliseconds = Seconds(10);

export type Body =
  | { readonly ok: true; readonly text: string }
  /** What to answer: 408 late, 413 too large, 400 cut or not UTF-8. */
  | { readonly ok: false; readonly status: 400 | 408 | 413 };

/**
 * Reads a body of at most `limit` octets as UTF-8. Whatever was not read stays unread: the answer should close the
 * connection (`refuse`).
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    return Promise.resolve({ ok: false, status: 413 });
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let octets = 0;
    const end = (body: Body) => {
      clearTimeout(late);
      request.off('data', onData);
      request.off('end', onEnd);
      request.off('close', onClose);
      request.pause();
      resolve(body);
    };
    const onData = (chunk: Buffer) => {
      octets += chunk.length;
      if (octets > limit) return end({ ok: false, status: 413 });
      chunks.push(chunk);
    };
    const onEnd = () => end(decoded(Buffer.concat(chunks)));
    const onClose = () => end({ ok: false, status: 400 });
    const late = setTimeout(() => end({ ok: false, status: 408 }), BODY_TIME);
    request.on('data', onData);
    request.once('end', onEnd);
    request.once('close', onClose);
  });
}

function decoded(octets: Buffer): Body {
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(octets) };
  } catch {
    return { ok: false, status: 400 };
  }
}
