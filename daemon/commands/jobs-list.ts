/** `holdfast jobs list`: what is held, waits and prints; with --all what has ended too. */
import { z } from 'zod';
import { isTerminal, type Job, type OwnerProof } from '../../spool/job.ts';
import { defineCommand } from './command.ts';
import { localTime, table } from './table.ts';

/** A job as the administrator sees it: without the name of its document, which is nobody's business but its owner's. */
interface ListedJob {
  readonly 'job-id': number;
  readonly 'job-state': string;
  readonly queue: string;
  /** User name, or null when it belongs to nobody. */
  readonly owner: string | null;
  /** How the owner is known; null with it. */
  readonly 'owner-proof': OwnerProof | null;
  readonly client: string;
  readonly 'job-k-octets': number;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly expires: number;
  readonly printer: string | null;
  /** Pages that came out, as the printer counted them; null before anything was printed. */
  readonly 'job-impressions-completed': number | 'unconfirmed' | null;
  readonly trouble: string | null;
}

/** Jobs in one answer. */
const MOST = 1000;

export const jobsList = defineCommand<{ all: boolean }, { jobs: ListedJob[]; more: number }>({
  name: 'jobs list',
  summary: 'List jobs that are held, wait for a printer or are being printed',
  options: [['--all', 'those that have ended, too']],
  request: ({ options }) => ({ arguments: { all: options['all'] === true } }),
  arguments: z.strictObject({ all: z.boolean() }),
  handle({ gateway, arguments: { all } }) {
    const wanted = Array.from(gateway.jobs.all()).filter((job) => all || !isTerminal(job.state));
    const userNameOf = (job: Job) =>
      job.owner.kind === 'person'
        ? (gateway.identity.person(job.owner.person)?.userName ?? '(removed)')
        : null;
    return {
      jobs: wanted.slice(-MOST).map((job) => listed(job, userNameOf(job))),
      more: Math.max(0, wanted.length - MOST),
    };
  },
  show({ jobs, more }) {
    if (jobs.length === 0) return 'no jobs';
    const rows = jobs.map((job) => [
      `${job['job-id']}`,
      job['job-state'],
      job.queue,
      job.owner ?? '-',
      job.client || '-',
      `${job['job-k-octets']} KiB`,
      localTime(job.created),
      `${job['job-impressions-completed'] ?? ''}`,
      job.trouble ?? '',
    ]);
    const headings = ['JOB', 'STATE', 'QUEUE', 'OWNER', 'CLIENT', 'SIZE', 'CREATED', 'PRINTED', 'TROUBLE'];
    const rest = more > 0 ? `\n… and ${more} older ones` : '';
    return table(headings, rows) + rest;
  },
});

function listed(job: Job, owner: string | null): ListedJob {
  return {
    'job-id': job.id,
    'job-state': job.state,
    queue: job.queue,
    owner,
    'owner-proof': job.owner.kind === 'person' ? job.owner.proof : null,
    client: job.submitter.address,
    'job-k-octets': Math.ceil((job.document?.octets ?? 0) / 1024),
    created: job.createdAt,
    expires: job.expiresAt,
    printer: job.release?.printer ?? null,
    'job-impressions-completed':
      job.impressionsCompleted ?? (job.confirmation === undefined ? null : 'unconfirmed'),
    trouble:
      job.trouble === undefined
        ? null
        : `${job.trouble.outcome}: ${job.trouble.reason} at ${job.trouble.printer}`,
  };
}
