/** Who owns a job, and who may do what with it: pure functions (DESIGN.md, "Who owns a job"). */
import type { PersonId } from '../../identity/person.ts';
import type { Job, Owner } from '../job.ts';
import type { Queue } from '../queue.ts';

/** Whoever sends a request: an address, and a name that is only a claim. */
export interface Requester {
  readonly address: string;
  /** `requesting-user-name`; empty when there was none. */
  readonly claimedName: string;
}

/**
 * @param personOf the person with exactly this user name, or undefined.
 * @returns undefined when the queue refuses a job that belongs to nobody.
 */
export function ownerOf(
  queue: Queue,
  requester: Requester,
  personOf: (userName: string) => PersonId | undefined,
): Owner | undefined {
  const claimed =
    queue.claimedNames === 'trust' && requester.claimedName !== ''
      ? personOf(requester.claimedName)
      : undefined;
  if (claimed !== undefined) return { kind: 'person', person: claimed, proof: 'claimed' };
  return queue.unownedJobs === 'claimable' ? { kind: 'unowned' } : undefined;
}

/**
 * Whether the requester is the sender of the job: the same claim from the same address. Nobody else may hold, release or
 * cancel it over IPP, or see what it is called.
 */
export function isSender(job: Job, requester: Requester): boolean {
  const { address, claimedName } = job.submitter;
  return address !== '' && address === requester.address && claimedName === requester.claimedName;
}
