/** Who owns a job, and who may do what with it: pure functions (DESIGN.md, "Who owns a job"). */
import type { PersonId } from '../../identity/person.ts';
import type { Job, Owner } from '../job.ts';
import type { Queue } from '../queue.ts';

/** Whoever sends a request: what they say, and what they have proved. */
export interface Requester {
  readonly address: string;
  /** `requesting-user-name`; empty when there was none. A claim, whatever else was proved. */
  readonly claimedName: string;
  /** Who it is, proved by a password over TLS or by a personal token. */
  readonly verified?: PersonId;
  /** The user name of the verified person. */
  readonly verifiedName?: string;
  /** The submitter token that the request came by. */
  readonly token?: NamingToken;
  /** Came by an operator's token: may pause and resume the queue, and cancel jobs. */
  readonly operator: boolean;
  /** Formats beside the open ones (formats/media-types.ts) that its token allows, as far as the printers take them. */
  readonly allowedFormats: readonly string[];
}

/** What a submitter token says of whom its holder prints for. */
export interface NamingToken {
  /** For the audit; no secret. */
  readonly id: string;
  mayName(person: PersonId, userName: string): boolean;
}

/** Why a job is not taken: the queue wants to know who sends, or takes no job that is nobody's. */
export type NotTaken = 'must-authenticate' | 'unowned';

/** @param personOf the person with exactly this user name, or undefined. */
export function ownerOf(
  queue: Queue,
  requester: Requester,
  personOf: (userName: string) => PersonId | undefined,
): Owner | NotTaken {
  const { verified, token, claimedName } = requester;
  if (verified !== undefined) return { kind: 'person', person: verified, proof: 'verified' };
  if (token === undefined && queue.authentication === 'required') return 'must-authenticate';
  const named = claimedName === '' ? undefined : personOf(claimedName);
  if (named !== undefined) {
    if (token?.mayName(named, claimedName)) return { kind: 'person', person: named, proof: 'named' };
    if (token === undefined && queue.claimedNames === 'trust')
      return { kind: 'person', person: named, proof: 'claimed' };
  }
  return queue.unownedJobs === 'claimable' ? { kind: 'unowned' } : 'unowned';
}

/** What a requester may do with a job. */
export interface Rights {
  /** It is one of theirs: `my-jobs`, Cancel-My-Jobs, its document, and Close-Job. */
  readonly list: boolean;
  /** Set and lift the client's own hold, change its attributes. */
  readonly hold: boolean;
  readonly cancel: boolean;
  /** See what it is called, who sent it, and its ticket. */
  readonly names: boolean;
}

const ALL: Rights = { list: true, hold: true, cancel: true, names: true };
const OPERATOR: Rights = { list: false, hold: false, cancel: true, names: false };
const NONE: Rights = { list: false, hold: false, cancel: false, names: false };

/** @param queue that took the job, as it is configured now. */
export function rightsOver(job: Job, requester: Requester, queue: Queue): Rights {
  if (isVerifiedOwner(job, requester) || cameByItsToken(job, requester) || isClaimant(job, requester, queue))
    return ALL;
  return requester.operator ? OPERATOR : NONE;
}

/** From anywhere, by whichever proof, and whoever sent the job. */
function isVerifiedOwner({ owner }: Job, { verified }: Requester): boolean {
  return verified !== undefined && owner.kind === 'person' && owner.person === verified;
}

/** A print server asks after what it has sent, in the name that it sent it in. */
function cameByItsToken({ submitter, owner }: Job, { token, claimedName }: Requester): boolean {
  if (token === undefined || submitter.token !== token.id || isTakenAtPanel(owner)) return false;
  return submitter.claimedName === claimedName;
}

/** The same claim from the same address, where nothing more was proved and the queue (still) takes claims. */
function isClaimant({ submitter, owner }: Job, requester: Requester, queue: Queue): boolean {
  if (requester.verified !== undefined || requester.token !== undefined) return false;
  if (submitter.verifiedName !== undefined || submitter.token !== undefined) return false;
  if (queue.authentication === 'required' || isTakenAtPanel(owner)) return false;
  if (owner.kind === 'person' && queue.claimedNames === 'ignore') return false;
  const { address, claimedName } = submitter;
  return address !== '' && address === requester.address && claimedName === requester.claimedName;
}

/** It belongs to somebody who showed who they are; whoever sent it has no more to say. */
const isTakenAtPanel = (owner: Owner): boolean => owner.kind === 'person' && owner.proof === 'at-panel';
