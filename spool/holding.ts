/** What keeps a job from being printed at once, in the standard's words (RFC 8011 §5.2.2, PWG 5100.7, PWG 5100.11). */

/**
 * `job-release-action` (PWG 5100.11 §5.2.4): what has to happen before the job is printed. `none`: nothing.
 * `owner-authorized`: its owner signs in at a printer. `job-password`: so does whoever may have it, and types its PIN.
 * `button-press`: anybody who signs in at a printer takes it.
 */
export const RELEASE_ACTIONS = ['none', 'owner-authorized', 'job-password', 'button-press'] as const;
export type ReleaseAction = (typeof RELEASE_ACTIONS)[number];

/** `job-storage-disposition` of a job that is kept after it was printed (PWG 5100.11). */
export type StorageDisposition = 'print-and-store' | 'store-only';

/** A wait that the client asked for: `job-hold-until` or `job-delay-output-until`. */
export interface ClientWait {
  /** The keyword as it was asked; `indefinite` with a time when only the time was. */
  readonly until: string;
  /** Milliseconds since 1970; when it ends by itself. Undefined: never. */
  readonly at?: number;
}

/** The PIN of a job as it is kept: what the client did with it, and the keyed hash of what came of that. */
export interface JobPassword {
  /** `job-password-encryption` */
  readonly encryption: string;
  /** Base64. */
  readonly digest: string;
}

/** How a job that is kept was printed the last time. */
export interface Printed {
  readonly at: number;
  /** Of the release that printed it. */
  readonly key: string;
}

interface QueuePolicy {
  readonly release: 'at-panel' | 'immediately';
  readonly unownedJobs: 'refuse' | 'claimable';
}

/**
 * What a client may ask for on a queue, the default first. A find-me queue never prints by itself. One that prints at
 * once can wait for somebody only where somebody can sign in.
 * @param hasPanel whether there is a panel at any of its printers.
 */
export function releaseActionsOf(queue: QueuePolicy, hasPanel: boolean): readonly ReleaseAction[] {
  const atPanel: ReleaseAction[] = ['owner-authorized', 'job-password'];
  if (queue.unownedJobs === 'claimable') atPanel.push('button-press');
  if (queue.release === 'at-panel') return atPanel;
  return hasPanel ? ['none', ...atPanel] : ['none'];
}
