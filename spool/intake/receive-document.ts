/** A document on its way from the client to the disk, of the format that it is said to be. */

import { free } from '../../base/memory.ts';
import { Status } from '../../ipp/vocabulary/status.ts';
import { decideFormat } from '../formats/decide.ts';
import { ExitScan, mustNotExit } from '../formats/exit-scan.ts';
import { UNDECLARED } from '../formats/media-types.ts';
import { SNIFF_LENGTH } from '../formats/sniff.ts';
import type { DocumentPart, JobId } from '../job.ts';
import type { DocumentWriter } from '../store/port.ts';
import type { Call } from './call.ts';
import { type Compression, inflated } from './inflate.ts';
import { Refusal } from './refusal.ts';

export interface ReceivedDocument {
  readonly writer: DocumentWriter;
  readonly document: DocumentPart;
}

/**
 * Takes the document in; undefined when there is none.
 * @param declared media type that the client says it has.
 * @param supported media types that the client may send to this queue.
 * @param earlier what the job's documents before this one were written to; this one follows behind them.
 * @param take asked before octets are written; throws when they are not wanted.
 * @throws Refusal, Failure of the store; then nothing of it is left. Whatever the body's iteration throws when the client
 * goes away.
 */
export async function receiveDocument(
  call: Call,
  job: JobId,
  declared: string | undefined,
  supported: readonly string[],
  compression: Compression,
  take: (octets: number) => Promise<void>,
  earlier?: DocumentWriter,
): Promise<ReceivedDocument | undefined> {
  const writer = earlier ?? call.intake.store.newDocument(job);
  const before = writer.octets;
  const write = async (chunk: Uint8Array) => {
    await take(chunk.length);
    await writer.write(chunk);
  };
  try {
    const body = inflated(call.body, compression, call.intake.limits().documentSize);
    const format = await copy(body, write, declared ?? UNDECLARED, supported);
    if (format === undefined) return undefined;
    const impressions = call.operation('job-impressions');
    return {
      writer,
      document: { format, octets: writer.octets - before, ...(impressions ? { impressions } : {}) },
    };
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** @returns the document's format, or undefined when nothing came. */
async function copy(
  body: AsyncIterable<Uint8Array>,
  write: (chunk: Uint8Array) => Promise<void>,
  declared: string,
  supported: readonly string[],
): Promise<string | undefined> {
  let head: Buffer | undefined = Buffer.alloc(0);
  let format: string | undefined;
  let scan: ExitScan | undefined;
  const begin = async (octets: Buffer) => {
    format = checkedFormat(declared, octets, supported);
    if (mustNotExit(format, supported)) scan = new ExitScan();
    await writeScanned(octets, scan, write);
  };
  for await (const chunk of body) {
    if (head === undefined) {
      await writeScanned(chunk, scan, write);
      free(chunk);
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < SNIFF_LENGTH) continue;
    await begin(head);
    head = undefined;
  }
  if (head !== undefined && head.length > 0) await begin(head);
  return format;
}

/** @throws Refusal when the document leaves its format for the printer's own commands. */
async function writeScanned(
  chunk: Uint8Array,
  scan: ExitScan | undefined,
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  if (scan?.finds(chunk)) {
    throw new Refusal(
      Status.clientErrorDocumentFormatError,
      'the document holds commands for the printer itself, which this printer does not take from here',
    );
  }
  await write(chunk);
}

/** @throws Refusal when the document is not of a format that the client may send. */
function checkedFormat(declared: string, head: Buffer, supported: readonly string[]): string {
  const decision = decideFormat(declared, head, supported);
  if (decision.kind === 'refused') throw new Refusal(decision.status, decision.message);
  return decision.format;
}
