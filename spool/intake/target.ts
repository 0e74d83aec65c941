/** Which queue and job a request is about. The path that it was sent to decides; the URIs within must agree. */
import type { Attributes } from '../../ipp/model.ts';
import { read } from '../../ipp/vocabulary/read.ts';
import { Status } from '../../ipp/vocabulary/status.ts';
import { type Job, JobId } from '../job.ts';
import type { Jobs } from '../jobs.ts';
import type { Queue, Queues } from '../queue.ts';
import type { Entrance } from './entrance.ts';
import { Refusal } from './refusal.ts';

export interface Target {
  readonly queue: Queue;
  readonly job: Job | undefined;
}

const SCHEMES = new Set(['ipp:', 'ipps:', 'http:', 'https:']);
const PATH = /^\/ipp\/([^/]+)(\/(?!jobs\/)[^/]+)?(?:\/jobs\/(\d{1,10}))?\/?$/;
const JOB_PATH = /^\/jobs\/(\d{1,10})$/;

/** Where the request was sent to. */
export interface SentTo {
  /** Undefined: to `/jobs`, where the job's number tells the queue. */
  readonly queue: string | undefined;
  readonly entrance: Pick<Entrance, 'kind' | 'suffix'>;
}

/**
 * @param sentTo the URIs within may leave out what stands behind the queue's name, and may not have anything else there.
 * @throws Refusal `bad-request` without a target, `uri-scheme-not-supported`, `not-found`
 */
export function findTarget(operation: Attributes, sentTo: SentTo, queues: Queues, jobs: Jobs): Target {
  if (sentTo.queue === undefined) return findByNumber(operation, queues, jobs);
  const queue = sentTo.entrance.kind === 'nowhere' ? undefined : queues.get(sentTo.queue);
  if (queue === undefined) throw new Refusal(Status.clientErrorNotFound, 'there is no such printer');
  const jobUri = read(operation, 'job-uri');
  const printerUri = read(operation, 'printer-uri');
  const uri = jobUri ?? printerUri;
  if (uri === undefined) throw new Refusal(Status.clientErrorBadRequest, 'printer-uri or job-uri is missing');
  const [name, suffix, number] = partsOf(uri);
  if (name !== sentTo.queue || (suffix !== undefined && suffix !== sentTo.entrance.suffix))
    throw new Refusal(Status.clientErrorNotFound, 'the URI names another printer than its path');
  const id = jobUri === undefined ? read(operation, 'job-id') : Number(number ?? 0);
  return { queue, job: id === undefined ? undefined : findJob(id, queue, jobs) };
}

/** Of a job alone, as CUPS's commands write it: `ipp://localhost/jobs/7`. */
function findByNumber(operation: Attributes, queues: Queues, jobs: Jobs): Target {
  const uri = read(operation, 'job-uri');
  if (uri === undefined) throw new Refusal(Status.clientErrorBadRequest, 'job-uri is missing');
  const [, number] = JOB_PATH.exec(parsed(uri).pathname) ?? [];
  const id = Number(number ?? 0);
  const job = isJobId(id) ? jobs.get(JobId(id)) : undefined;
  const queue = queues.get(job?.queue ?? '');
  if (job === undefined || queue === undefined)
    throw new Refusal(Status.clientErrorNotFound, 'there is no such job');
  return { queue, job };
}

function parsed(uri: string): URL {
  const url = URL.parse(uri);
  if (url === null) throw new Refusal(Status.clientErrorBadRequest, 'the URI cannot be read');
  if (!SCHEMES.has(url.protocol)) {
    throw new Refusal(Status.clientErrorUriSchemeNotSupported, 'ipp and ipps URIs are supported');
  }
  return url;
}

/** The queue's name, what stands behind it, the job's number. */
function partsOf(uri: string): readonly [string | undefined, string | undefined, string | undefined] {
  const [, name = '', suffix, job] = PATH.exec(parsed(uri).pathname) ?? [];
  return [decoded(name), suffix, job];
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

const isJobId = (id: number): boolean => id >= 1 && id <= 2 ** 31 - 1;

function findJob(id: number, queue: Queue, jobs: Jobs): Job {
  const job = isJobId(id) ? jobs.get(JobId(id)) : undefined;
  if (job === undefined || job.queue !== queue.name)
    throw new Refusal(Status.clientErrorNotFound, 'there is no such job');
  return job;
}
