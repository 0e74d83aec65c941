/** A queue as the spool knows it: where its jobs may come out, and by which policy. */

export interface Queue {
  /** The last part of `/ipp/NAME`. */
  readonly name: string;
  /** `printer-info` */
  readonly info: string;
  /** `printer-location` */
  readonly location: string;
  /** Names of the printers at which its jobs may come out. */
  readonly printers: readonly string[];
  /** `at-panel`: held until somebody signs in. `immediately`: sent to the one printer that the queue has. */
  readonly release: 'at-panel' | 'immediately';
  /** `required`: only from who has proved who they are, or by a submitter token. */
  readonly authentication: 'optional' | 'required';
  /** Whether a token in a path counts that came without TLS, where anybody on the way can read it. */
  readonly tokensWithoutTls: 'refuse' | 'allow';
  /** Whether `requesting-user-name` makes an owner when it is exactly one person's user name. */
  readonly claimedNames: 'trust' | 'ignore';
  /** Formats beside the open ones that anybody may send here; none unless told. */
  readonly allowedFormats?: readonly string[];
  /** What becomes of a job that belongs to nobody. */
  readonly unownedJobs: 'refuse' | 'claimable';
}

export type Queues = ReadonlyMap<string, Queue>;
