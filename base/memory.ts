/** Memory that is given back at once, where waiting for the collector would cost too much of it. */

/**
 * Frees what holds these octets, if it holds nothing else; they are empty afterwards. For whoever made them, or has them as
 * the only one: a document passes through in buffers of 64 KiB, and those that were alive when the collector looked wait for
 * its next great round, on a busy machine tens of megabytes of them.
 */
export function free(octets: Uint8Array): void {
  const { buffer } = octets;
  if (buffer instanceof ArrayBuffer && !buffer.detached && buffer.byteLength === octets.byteLength)
    buffer.transfer(0);
}
