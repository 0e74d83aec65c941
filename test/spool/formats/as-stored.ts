/** A document as the store gives it, in many chunks: one is gone when the next is asked for. */
export async function* asStored(octets: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < octets.length; at += 1000) {
    const chunk = new Uint8Array(octets.subarray(at, at + 1000));
    yield chunk;
    chunk.fill(0);
  }
}
