/** Documents made as they are sent: of any size, never in memory as a whole, and known by their digest. */
import { createHash } from 'node:crypto';

export interface DocumentStream {
  readonly octets: number;
  chunks(): AsyncGenerator<Uint8Array>;
  /** SHA-256 in hexadecimal. */
  digest(): string;
}

const CHUNK = 256 * 1024;

/** A PDF by its first octets; what follows repeats nowhere. @param seed makes documents of one size differ. */
export function documentStream(octets: number, seed = 1): DocumentStream {
  const chunkAt = (at: number): Buffer => {
    const chunk = Buffer.alloc(Math.min(CHUNK, octets - at), `${seed}:${at}:`);
    if (at === 0) chunk.write('%PDF-1.7\n');
    return chunk;
  };
  return {
    octets,
    async *chunks() {
      for (let at = 0; at < octets; at += CHUNK) yield chunkAt(at);
    },
    digest() {
      const hash = createHash('sha256');
      for (let at = 0; at < octets; at += CHUNK) hash.update(chunkAt(at));
      return hash.digest('hex');
    },
  };
}
