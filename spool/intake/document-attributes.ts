/** What a job's documents tell of themselves (PWG 5100.5 §9). */
import type { Attributes } from '../../ipp/model.ts';
import { attributes } from '../../ipp/vocabulary/build.ts';
import type { DocumentPart, Job } from '../job.ts';
import type { Call } from './call.ts';
import { jobStatus } from './job-attributes.ts';

export function documentsOf(job: Job): readonly DocumentPart[] {
  return job.document === undefined ? [] : (job.document.parts ?? [job.document]);
}

/** @param number 1 to the number of the job's documents. What a document is called is nobody's business but its owner's. */
export function documentAttributes(call: Call, job: Job, number: number): Attributes {
  const document = documentsOf(job)[number - 1];
  const status = jobStatus(call, job);
  const octets = Math.ceil((document?.octets ?? 0) / 1024);
  return attributes({
    'document-number': number,
    'document-job-id': job.id,
    'document-job-uri': status['job-uri'],
    'document-printer-uri': call.printerUri,
    'document-state': status['job-state'],
    'document-state-reasons': status['job-state-reasons']
      .map((reason) => REASONS[reason] ?? 'none')
      .slice(0, 1),
    'document-state-message': status['job-state-message'],
    'document-format': document?.format,
    'k-octets': octets,
    'k-octets-processed': job.state === 'completed' ? octets : 0,
    impressions: document?.impressions,
    'last-document': number === documentsOf(job).length,
    'document-name': call.rightsOver(job).names ? job.name : undefined,
  });
}

/** PWG 5100.5 §9.1.17 has words of its own. */
const REASONS: Readonly<Record<string, string>> = {
  'job-incoming': 'document-incoming',
  'job-printing': 'document-printing',
  'job-completed-successfully': 'document-completed-successfully',
  'job-canceled-by-user': 'canceled-by-user',
  'job-canceled-by-operator': 'canceled-by-operator',
  'aborted-by-system': 'aborted-by-system',
};
