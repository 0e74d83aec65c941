/** A job that was announced and whose document has come, as intake would have it. */
import type { Job } from '../../spool/job.ts';
import type { Jobs } from '../../spool/jobs.ts';
import type { JobStore } from '../../spool/store/port.ts';
import { sampleJob } from './sample-job.ts';

/** @param content of its document */
export async function acceptSample(
  jobs: Jobs,
  store: JobStore,
  changes: Partial<Job> = {},
  content: Buffer = Buffer.from('%PDF-'),
): Promise<Job> {
  const id = await store.newId();
  const { document, ...announced } = sampleJob({ ...changes, id });
  jobs.announce(announced);
  const writer = store.newDocument(id);
  await writer.write(content);
  return jobs.accept(id, document ?? { format: 'application/pdf', octets: content.length }, writer);
}
