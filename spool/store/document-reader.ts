/** Reads a kept document as a stream of plain chunks, the next one already on its way. */
import { Failure, messageOf } from '../../base/errors.ts';
import type { FilePort } from '../../base/files/port.ts';
import { free } from '../../base/memory.ts';
import type { Key } from '../../base/secrets/sealing.ts';
import { CHUNK, openChunk, SEALED_CHUNK } from './chunk-cipher.ts';

/** A document that lies in its row: one chunk. */
export async function* readRow(
  key: Key,
  content: Promise<Uint8Array>,
  from: number,
): AsyncGenerator<Uint8Array> {
  const plain = openChunk(key, 0, true, await content).subarray(from);
  if (plain.length > 0) yield plain;
}

/** Chunks that are read together, but for the first one, for which somebody waits. */
const AT_ONCE = 4;

/**
 * A document that lies in a file. Two buffers take turns: while the caller has what is in one, the other is being filled. A
 * chunk is gone when the next one is asked for.
 * @param from octets of the document that are passed over; chunks before them are not read.
 * @throws Failure `document-unreadable`
 */
export async function* readFile(
  files: FilePort,
  path: string,
  key: Key,
  from: number,
): AsyncGenerator<Uint8Array> {
  const file = await files.open(path, 'read').catch((cause) => {
    throw new Failure('document-unreadable', `a stored document cannot be opened: ${messageOf(cause)}`, {
      cause,
    });
  });
  let pending: Promise<Buffer> | undefined;
  try {
    const buffers: Buffer[] = [];
    const read = (index: number, chunks: number) => {
      const spare = buffers.length < 2 ? undefined : buffers.shift();
      const octets = chunks * SEALED_CHUNK;
      const target = spare === undefined || spare.length < octets ? Buffer.allocUnsafeSlow(octets) : spare;
      buffers.push(target);
      const part = target.subarray(0, octets);
      const reading = file.read(part, index * SEALED_CHUNK).then((length) => part.subarray(0, length));
      // Whoever asks for the chunks hears of the error; until then nobody does.
      reading.catch(() => {});
      return reading;
    };
    const asked = Math.floor(from / CHUNK);
    // Beside each other: somebody may stand at the printer.
    pending = read(asked, 1);
    const size = await file.size();
    const count = Math.max(1, Math.ceil(size / SEALED_CHUNK));
    const start = Math.min(asked, count - 1);
    if (start !== asked) {
      await pending;
      pending = read(start, 1);
    }
    for (let index = start, end = start + 1; pending !== undefined; ) {
      const sealed: Buffer = await pending;
      const next = Math.min(count, end + AT_ONCE);
      pending = end < count ? read(end, next - end) : undefined;
      for (let at = 0; index < end; index++, at += SEALED_CHUNK) {
        const plain = openChunk(key, index, index === count - 1, sealed.subarray(at, at + SEALED_CHUNK));
        const wanted = plain.subarray(Math.max(0, from - index * CHUNK));
        if (wanted.length > 0) yield wanted;
        free(plain);
      }
      end = next;
    }
  } finally {
    await pending?.catch(() => {});
    await file.close();
  }
}
