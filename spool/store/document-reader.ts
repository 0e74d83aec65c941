/** Reads a kept document as a stream of plain chunks, the next one already on its way. */
import { Failure, messageOf } from '../../base/errors.ts';
import type { FilePort } from '../../base/files/port.ts';
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

/**
 * A document that lies in a file. Two buffers take turns: while the caller has one chunk, the next is being read.
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
  let pending: Promise<number> | undefined;
  try {
    const buffers = [Buffer.alloc(SEALED_CHUNK), Buffer.alloc(SEALED_CHUNK)] as const;
    const read = (index: number) => {
      const reading = file.read(buffers[index % 2 === 0 ? 0 : 1], index * SEALED_CHUNK);
      // Whoever asks for the chunk hears of the error; until then nobody does.
      reading.catch(() => {});
      return reading;
    };
    const asked = Math.floor(from / CHUNK);
    // Beside each other: somebody may stand at the printer.
    pending = read(asked);
    const size = await file.size();
    const count = Math.max(1, Math.ceil(size / SEALED_CHUNK));
    const start = Math.min(asked, count - 1);
    if (start !== asked) {
      await pending;
      pending = read(start);
    }
    for (let index = start; index < count; index++) {
      const length = await pending;
      const last = index === count - 1;
      const sealed = buffers[index % 2 === 0 ? 0 : 1].subarray(0, length);
      const plain = openChunk(key, index, last, sealed).subarray(Math.max(0, from - index * CHUNK));
      pending = last ? undefined : read(index + 1);
      if (plain.length > 0) yield plain;
    }
  } finally {
    await pending?.catch(() => {});
    await file.close();
  }
}
