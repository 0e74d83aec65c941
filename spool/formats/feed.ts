/** A document on its way into a child's input. */
import type { Writable } from 'node:stream';

/**
 * Ends the input behind the document. A chunk is with the system before the next one is asked for. A child that has seen
 * enough closes its end, and one that is killed does too: no matter, the rest is not read then.
 * @throws what the document throws; the input is open still, so that the child cannot take it for the document's end.
 */
export async function feed(document: AsyncIterable<Uint8Array>, input: Writable): Promise<void> {
  input.on('error', () => {});
  for await (const chunk of document) {
    const isTaken = await new Promise<boolean>((resolve) => input.write(chunk, (error) => resolve(!error)));
    if (!isTaken) return;
  }
  input.end();
}
