/** `holdfast jobs cancel ID...`: the administrator's way to remove jobs. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { JobId } from '../../spool/job.ts';
import { defineCommand } from './command.ts';

interface Canceled {
  readonly 'job-id': number;
  /** `job-state` after it, or null when there is no such job or it had ended. */
  readonly 'job-state': string | null;
}

export const jobsCancel = defineCommand<{ jobs: number[] }, { jobs: Canceled[] }>({
  name: 'jobs cancel',
  summary: 'Cancel jobs and destroy their documents',
  words: [['<id...>', 'job ids, as "jobs list" shows them']],
  request: ({ words }) => ({ arguments: { jobs: words.map(toJobId) } }),
  arguments: z.strictObject({
    jobs: z
      .array(
        z
          .int()
          .min(1)
          .max(2 ** 31 - 1),
      )
      .min(1)
      .max(10_000),
  }),
  async handle({ gateway, arguments: { jobs } }) {
    const results: Canceled[] = [];
    for (const id of jobs) {
      const job = await gateway.releaser.cancel(JobId(id), 'operator');
      gateway.log.info('job cancelled by the administrator', { 'job-id': id, found: job !== undefined });
      results.push({ 'job-id': id, 'job-state': job?.state ?? null });
    }
    return { jobs: results };
  },
  show: ({ jobs }) =>
    jobs.map((job) => `${job['job-id']}: ${job['job-state'] ?? 'no such job, or it has ended'}`).join('\n'),
  exitCode: ({ jobs }) => (jobs.every((job) => job['job-state'] === 'canceled') ? 0 : 1),
});

function toJobId(word: string): number {
  const id = /^\d{1,10}$/.test(word) ? Number(word) : 0;
  if (id < 1 || id > 2 ** 31 - 1) throw new Failure('bad-job-id', `"${word}" is not a job id`);
  return id;
}
