/** A document on its way from the client to the disk, of the format that it is said to be. */
import { Failure } from '../../base/errors.ts';
import { Status } from '../../ipp/vocabulary/status.ts';
import { hasSignature, SNIFF_LENGTH, sniffFormat } from '../formats/sniff.ts';
import type { JobDocument, JobId } from '../job.ts';
import type { DocumentWriter } from '../store/port.ts';
import type { Call } from './call.ts';
import { Refusal } from './refusal.ts';

const UNDECLARED = 'application/octet-stream';

export interface ReceivedDocument {
  readonly writer: DocumentWriter;
  readonly document: JobDocument;
}

/**
 * Takes the document in; undefined when there is none.
 * @param declared media type that the client says it has.
 * @param supported media types that the queue takes.
 * @throws Refusal; then nothing of it is left. Whatever the body's iteration throws when the client goes away.
 */
export async function receiveDocument(
  call: Call,
  job: JobId,
  declared: string | undefined,
  supported: readonly string[],
): Promise<ReceivedDocument | undefined> {
  const writer = call.intake.store.newDocument(job);
  try {
    const format = await copy(call, writer, declared ?? UNDECLARED, supported);
    if (format === undefined) return undefined;
    const impressions = call.operation('job-impressions');
    return { writer, document: { format, octets: writer.octets, ...(impressions ? { impressions } : {}) } };
  } catch (error) {
    await writer.discard();
    throw error instanceof Failure ? refusalOf(call, error) : error;
  }
}

/** @returns the document's format, or undefined when nothing came. */
async function copy(
  call: Call,
  writer: DocumentWriter,
  declared: string,
  supported: readonly string[],
): Promise<string | undefined> {
  let head: Buffer | undefined = Buffer.alloc(0);
  let format: string | undefined;
  for await (const chunk of call.body) {
    if (head === undefined) {
      await writer.write(chunk);
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < SNIFF_LENGTH) continue;
    format = decideFormat(declared, head, supported);
    await writer.write(head);
    head = undefined;
  }
  if (head !== undefined && head.length > 0) {
    format = decideFormat(declared, head, supported);
    await writer.write(head);
  }
  return format;
}

/**
 * The declared format, if the document's first octets do not speak against it: printer commands under the name of a PDF
 * could reprogram a printer.
 */
export function decideFormat(declared: string, head: Buffer, supported: readonly string[]): string {
  const wanted = declared.toLowerCase();
  const seen = sniffFormat(head);
  if (wanted === UNDECLARED) {
    if (seen !== undefined && supported.includes(seen)) return seen;
    throw new Refusal(
      Status.clientErrorDocumentFormatNotSupported,
      'the document is of no format that this printer takes',
    );
  }
  if (seen === wanted || (seen === undefined && !hasSignature(wanted))) return wanted;
  throw new Refusal(
    Status.clientErrorDocumentFormatError,
    'the document is not of the format that it is said to be',
  );
}

function refusalOf(call: Call, failure: Failure): Error {
  if (failure.code !== 'disk-full') return failure;
  call.intake.log.error('document refused: the disk is full');
  return new Refusal(Status.serverErrorBusy, 'the printer has no room for this document; try again later');
}
