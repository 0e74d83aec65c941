/**
 * What passes over the control socket: one JSON object a line, both ways; one command a connection.
 *
 *     → {"command":"jobs list","arguments":{},"upload":false}
 *     → {"chunk":"base64"}                                   with "upload": any number of times, then
 *     → {"chunk":""}
 *     ← {"progress":{"done":500,"of":2000}}                  any number of times
 *     ← {"part":"…"}                                         text of a file, any number of times
 *     ← {"result":{…}}   or   {"error":{"code":"…","message":"…","advice":"…"}}
 */
import { z } from 'zod';

/** Octets of a line to the gateway, so that reading one never holds up its event loop. */
export const LONGEST_REQUEST_LINE = 1024 * 1024;
/** Octets of a line from the gateway. */
export const LONGEST_ANSWER_LINE = 256 * 1024 * 1024;
/** Octets of a file in one line, before base64. */
export const UPLOAD_CHUNK = 192 * 1024;
/** Octets of a whole uploaded file. */
export const LARGEST_UPLOAD = 64 * 1024 * 1024;

export const controlRequest = z.strictObject({
  command: z.string().max(100),
  arguments: z.unknown(),
  upload: z.boolean(),
});
export type ControlRequest = z.infer<typeof controlRequest>;

export const uploadChunk = z.strictObject({ chunk: z.base64() });

export interface ControlError {
  readonly code: string;
  readonly message: string;
  readonly advice?: string;
}

export interface Progress {
  readonly done: number;
  /** Undefined while nobody knows. */
  readonly of?: number;
}

export type ControlAnswer =
  | { readonly progress: Progress }
  /** Of a file that is too long for one line. */
  | { readonly part: string }
  | { readonly result: unknown }
  | { readonly error: ControlError };

/** Cuts a stream into lines. */
export class LineReader {
  readonly #longest: number;
  #parts: Buffer[] = [];
  #length = 0;

  /** @param longest octets that a line may have. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The lines that this chunk completes. @throws RangeError when one is too long. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      lines.push(Buffer.concat([...this.#parts, chunk.subarray(from, end)]).toString());
      this.#parts = [];
      this.#length = 0;
      from = end + 1;
    }
    const rest = chunk.subarray(from);
    this.#length += rest.length;
    if (this.#length > this.#longest) throw new RangeError('a line is too long');
    if (rest.length > 0) this.#parts.push(rest);
    return lines;
  }
}
