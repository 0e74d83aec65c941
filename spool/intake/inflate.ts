/** Takes the client's compression off a document while it comes in, with bounds on what a few octets may become. */
import { pipeline, Readable, type Transform } from 'node:stream';
import { createGunzip, createInflate, createInflateRaw, type Zlib, type ZlibOptions } from 'node:zlib';
import { systemCode } from '../../base/errors.ts';
import { KiB, MiB } from '../../base/units.ts';
import { Status } from '../../ipp/vocabulary/status.ts';
import { Refusal } from './refusal.ts';

/** `compression-supported` */
export const COMPRESSIONS = ['none', 'gzip', 'deflate'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

export function isCompression(keyword: string): keyword is Compression {
  return (COMPRESSIONS as readonly string[]).includes(keyword);
}

/** White raster pages, the emptiest of documents, stay far below this: they are packed before they are compressed. */
const MOST_GROWTH = 250;
/** Below this much nobody minds what the growth was. */
const GROWTH_COUNTS_FROM = MiB(16);

const OPTIONS: ZlibOptions = { chunkSize: KiB(64), rejectGarbageAfterEnd: true };
/** Several members one after another are one file (RFC 1952 §2.2), as bgzip and pigz write them. */
const GZIP_OPTIONS: ZlibOptions = { chunkSize: KiB(64) };

/**
 * The document without its compression. The sender waits while nothing is asked for; the work is done by libuv's threads.
 * @param most octets that the document may have.
 * @throws Refusal `compression-error` when the data is damaged, cut, or followed by something else, and when it grows
 * past belief; `request-entity-too-large` past `most`. Whatever the iteration of `body` throws.
 */
export async function* inflated(
  body: AsyncIterable<Uint8Array>,
  compression: Compression,
  most: number,
): AsyncGenerator<Uint8Array, void, void> {
  if (compression === 'none') {
    yield* body;
    return;
  }
  const source = body[Symbol.asyncIterator]();
  const head = await readHead(source);
  if (head.length === 0) return;
  const taken = { octets: 0 };
  const inflater: Transform & Zlib = compression === 'gzip' ? createGunzip(GZIP_OPTIONS) : deflateOf(head);
  pipeline(Readable.from(counted(head, source, taken)), inflater, () => {});
  let octets = 0;
  try {
    for await (const chunk of inflater as Transform & AsyncIterable<Buffer>) {
      octets += chunk.length;
      if (octets > most) {
        throw new Refusal(
          Status.clientErrorRequestEntityTooLarge,
          `the document is larger than ${most} octets`,
        );
      }
      if (octets > GROWTH_COUNTS_FROM && octets > taken.octets * MOST_GROWTH) {
        throw new Refusal(Status.clientErrorCompressionError, 'the compressed document grows past belief');
      }
      yield chunk;
    }
    // Node passes over all that follows a zero where another member could begin.
    if (inflater.bytesWritten < taken.octets) throw damaged();
  } catch (error) {
    throw isDamage(error) ? damaged() : error;
  }
}

/** Enough to see a zlib header; less when the document is shorter. */
async function readHead(source: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 2) {
    const { done, value } = await source.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  return head;
}

async function* counted(
  head: Buffer,
  rest: AsyncIterator<Uint8Array>,
  taken: { octets: number },
): AsyncGenerator<Uint8Array, void, void> {
  taken.octets += head.length;
  yield head;
  try {
    for (let next = await rest.next(); !next.done; next = await rest.next()) {
      taken.octets += next.value.length;
      yield next.value;
    }
  } finally {
    await rest.return?.();
  }
}

/**
 * RFC 8011 §5.4.32 means RFC 1951 by `deflate`, which CUPS sends bare; others put it into zlib's frame (RFC 1950 §2.2),
 * whose two octets no encoder begins a bare stream with.
 */
function deflateOf(head: Buffer): Transform & Zlib {
  const [method = 0, flags = 0] = head;
  const framed = (method & 0x0f) === 8 && method >> 4 <= 7 && (method * 256 + flags) % 31 === 0;
  return framed ? createInflate(OPTIONS) : createInflateRaw(OPTIONS);
}

const damaged = (): Refusal =>
  new Refusal(Status.clientErrorCompressionError, 'the compressed document is damaged or not complete');

const isDamage = (error: unknown): boolean => {
  const code = systemCode(error) ?? '';
  return code.startsWith('Z_') || code === 'ERR_TRAILING_JUNK_AFTER_STREAM_END';
};
