/** Which bound on held jobs and octets a further job would pass: a pure function over one table. */
import type { Bytes } from '../../base/units.ts';
import { Status } from '../../ipp/vocabulary/status.ts';
import type { Bearer, Borne, Holding, Holdings } from '../holdings.ts';

export interface HoldingLimits {
  /** Jobs that have not ended. */
  readonly jobs: number;
  /** Octets of their documents. */
  readonly heldBytes: Bytes;
  readonly jobsPerPerson: number;
  readonly bytesPerPerson: Bytes;
  readonly jobsPerAddress: number;
  readonly bytesPerAddress: Bytes;
  readonly jobsPerToken: number;
  readonly bytesPerToken: Bytes;
  readonly jobsPerQueue: number;
  readonly bytesPerQueue: Bytes;
  /** Jobs that wait for their document. */
  readonly openJobsPerAddress: number;
}

/** One row: whose holding of what is bounded by which key of {@link HoldingLimits}. */
export interface HoldingLimit {
  /** As it is called in the configuration, under `limits`. */
  readonly name: string;
  readonly key: keyof HoldingLimits;
  readonly bearer: Bearer;
  readonly measure: keyof Holding;
  /** Of the limit, where the bearer may have another share than the whole. */
  readonly share?: number;
  readonly status: Status;
  /** For the client. */
  readonly message: string;
}

/** An IPv6 network may be a whole site, or one computer that takes a new address for each job: it never fills everything. */
const NETWORK_SHARE = 0.5;

/**
 * A person's own bound is `account-limit-reached` (PWG 5100.16): it is the allowance of one user that is used up, which
 * waiting does not change, and CUPS then holds that job and goes on with those of others. All others are the printer's
 * capacity, `too-many-jobs` (RFC 8011 Appendix B.1.5.12): a spooler tries again.
 */
export const HOLDING_LIMITS: readonly HoldingLimit[] = [
  {
    name: 'jobs-per-person',
    key: 'jobsPerPerson',
    bearer: 'person',
    measure: 'jobs',
    status: Status.clientErrorAccountLimitReached,
    message: 'you have as many jobs waiting as one person may; print or delete some',
  },
  {
    name: 'bytes-per-person',
    key: 'bytesPerPerson',
    bearer: 'person',
    measure: 'octets',
    status: Status.clientErrorAccountLimitReached,
    message: 'your waiting jobs are as large as those of one person may be; print or delete some',
  },
  {
    name: 'open-jobs-per-address',
    key: 'openJobsPerAddress',
    bearer: 'address',
    measure: 'open',
    status: Status.serverErrorTooManyJobs,
    message: 'too many jobs of this computer wait for their documents; send those first',
  },
  {
    name: 'jobs-per-address',
    key: 'jobsPerAddress',
    bearer: 'address',
    measure: 'jobs',
    status: Status.serverErrorTooManyJobs,
    message: 'as many jobs of this computer wait as may; print or delete some',
  },
  {
    name: 'bytes-per-address',
    key: 'bytesPerAddress',
    bearer: 'address',
    measure: 'octets',
    status: Status.serverErrorTooManyJobs,
    message: 'the waiting jobs of this computer are as large as they may be; print or delete some',
  },
  {
    name: 'open-jobs-per-address',
    key: 'openJobsPerAddress',
    bearer: 'network',
    measure: 'open',
    share: 10,
    status: Status.serverErrorTooManyJobs,
    message: 'too many jobs of this network wait for their documents; try again later',
  },
  {
    name: 'jobs',
    key: 'jobs',
    bearer: 'network',
    measure: 'jobs',
    share: NETWORK_SHARE,
    status: Status.serverErrorTooManyJobs,
    message: 'the printer holds as many jobs of this network as it may; try again later',
  },
  {
    name: 'held-bytes',
    key: 'heldBytes',
    bearer: 'network',
    measure: 'octets',
    share: NETWORK_SHARE,
    status: Status.serverErrorTooManyJobs,
    message: 'the jobs of this network are as large as they may be; try again later',
  },
  {
    name: 'jobs-per-token',
    key: 'jobsPerToken',
    bearer: 'token',
    measure: 'jobs',
    status: Status.serverErrorTooManyJobs,
    message: 'as many jobs of this print server wait as may; try again later',
  },
  {
    name: 'bytes-per-token',
    key: 'bytesPerToken',
    bearer: 'token',
    measure: 'octets',
    status: Status.serverErrorTooManyJobs,
    message: 'the waiting jobs of this print server are as large as they may be; try again later',
  },
  {
    name: 'jobs-per-queue',
    key: 'jobsPerQueue',
    bearer: 'queue',
    measure: 'jobs',
    status: Status.serverErrorTooManyJobs,
    message: 'the printer holds as many jobs as it may; try again later',
  },
  {
    name: 'bytes-per-queue',
    key: 'bytesPerQueue',
    bearer: 'queue',
    measure: 'octets',
    status: Status.serverErrorTooManyJobs,
    message: 'the jobs that the printer holds are as large as they may be; try again later',
  },
  {
    name: 'jobs',
    key: 'jobs',
    bearer: 'all',
    measure: 'jobs',
    status: Status.serverErrorTooManyJobs,
    message: 'the printer holds as many jobs as it may; try again later',
  },
  {
    name: 'held-bytes',
    key: 'heldBytes',
    bearer: 'all',
    measure: 'octets',
    status: Status.serverErrorTooManyJobs,
    message: 'the jobs that the printer holds are as large as they may be; try again later',
  },
];

/** @param adding what would come to it. @returns the first limit that it would pass, or undefined. */
export function limitPassed(
  holdings: Holdings,
  job: Borne,
  adding: Holding,
  limits: HoldingLimits,
): HoldingLimit | undefined {
  return HOLDING_LIMITS.find(({ key, bearer, measure, share = 1 }) => {
    const held = holdings.of(bearer, job)?.[measure];
    const more = adding[measure];
    return held !== undefined && more > 0 && held + more > limits[key] * share;
  });
}
