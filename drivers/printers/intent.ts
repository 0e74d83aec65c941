/** Waits for the release intent as every driver has to, before the first octet of the document. */
import { Failure, messageOf } from '../../base/errors.ts';
import type { PrintJob } from './port.ts';

/** @throws Failure `document-unreadable` when the gateway could not keep it. */
export async function intentOf(job: PrintJob): Promise<void> {
  try {
    await job.intentKept;
  } catch (cause) {
    throw new Failure('document-unreadable', `the release could not be kept: ${messageOf(cause)}`, { cause });
  }
}
