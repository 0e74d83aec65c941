/**
 * Why a job was not released. `job-not-found`: gone, or not theirs. `job-not-held`: still arriving, or being printed.
 * `job-delayed`: its sender wants nothing to come out yet.
 * `printer-not-for-queue`: its queue does not print here. `queue-paused`: an operator has stopped it. `printer-gone`:
 * this printer, or the gateway, is going away.
 * `job-password-needed`, `-wrong`: it wants its PIN, or another. `-throttled`: too many wrong ones; none is looked at now.
 * `conflict`: the printer can't do the changes that were asked for, or cannot be told of them.
 */
export type ReleaseRefusal =
  | 'job-not-found'
  | 'job-not-held'
  | 'job-delayed'
  | 'printer-not-for-queue'
  | 'queue-paused'
  | 'printer-gone'
  | 'job-password-needed'
  | 'job-password-wrong'
  | 'job-password-throttled'
  | 'conflict';
