/** Which of a printer's jobs is ours: its number in the answer, in its URI, or found by name and user. */
import type { IppRequestOptions } from '../../../ipp/http/client.ts';
import { type Attributes, groupOf, type Message } from '../../../ipp/model.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { readLeniently } from '../../../ipp/vocabulary/read.ts';
import { isSuccessful } from '../../../ipp/vocabulary/status.ts';
import type { PrinterSession } from './session.ts';

/** Jobs of one printer that are looked through. */
const MOST_JOBS = 500;

/** As the answer to Create-Job or Print-Job tells it. Some printers give only the job's URI. */
export function jobIdOf(answer: Message): number | undefined {
  const job = groupOf(answer, 'job');
  const id = readLeniently(job, 'job-id');
  if (id !== undefined && id > 0) return id;
  const digits = /\/(?:job-)?(\d{1,9})$/.exec(readLeniently(job, 'job-uri') ?? '')?.[1];
  return digits === undefined || Number(digits) === 0 ? undefined : Number(digits);
}

/** The newest job of that name and user that has not ended; undefined when there is none. Never rejects. */
export async function findJob(
  session: PrinterSession,
  job: { readonly name: string; readonly userNames: readonly string[] },
  options: IppRequestOptions = {},
): Promise<number | undefined> {
  const answer = await session
    .ask({
      operation: Operation.getJobs,
      attributes: {
        'requesting-user-name': job.userNames[0] ?? '',
        limit: MOST_JOBS,
        'requested-attributes': ['job-id', 'job-uri', 'job-name', 'job-originating-user-name'],
        'which-jobs': 'not-completed',
      },
      options,
    })
    .catch(() => undefined);
  if (answer === undefined || !isSuccessful(answer.code)) return undefined;
  const ids = answer.groups.flatMap((group) => {
    if (group.kind !== 'job' || !isOurs(group.attributes, job)) return [];
    return jobIdOf({ ...answer, groups: [group] }) ?? [];
  });
  return ids.length === 0 ? undefined : Math.max(...ids);
}

function isOurs(
  told: Attributes,
  { name, userNames }: { readonly name: string; readonly userNames: readonly string[] },
): boolean {
  const user = readLeniently(told, 'job-originating-user-name');
  return readLeniently(told, 'job-name') === name && (user === undefined || userNames.includes(user));
}
