/** `holdfast queues list`: what people print to, and what operators have done to it. */
import { z } from 'zod';
import { defineCommand } from './command.ts';
import { table } from './table.ts';

interface ListedQueue {
  readonly name: string;
  readonly info: string;
  readonly release: string;
  readonly printers: readonly string[];
  /** Jobs that have not ended. */
  readonly jobs: number;
  readonly paused: boolean;
  readonly accepting: boolean;
  readonly 'holding-new-jobs': boolean;
}

export const queuesList = defineCommand<Record<string, never>, { queues: ListedQueue[] }>({
  name: 'queues list',
  summary: 'List the queues, and whether they are paused or closed',
  request: () => ({ arguments: {} }),
  arguments: z.strictObject({}),
  handle: ({ gateway }) => ({
    queues: gateway.config.queues.map(({ name, info, release, printers }) => {
      const { paused, accepting, holdingNewSince } = gateway.conditions.of(name);
      const jobs = gateway.jobs.tallyOf(name).living;
      const held = holdingNewSince !== null;
      return { name, info, release, printers, jobs, paused, accepting, 'holding-new-jobs': held };
    }),
  }),
  show({ queues }) {
    const rows = queues.map((queue) => [
      queue.name,
      queue.info,
      queue.release,
      String(queue.jobs),
      stateOf(queue),
    ]);
    return table(['QUEUE', 'NAME', 'RELEASE', 'JOBS', 'STATE'], rows);
  },
});

function stateOf(queue: ListedQueue): string {
  const words = [
    ...(queue.paused ? ['paused'] : []),
    ...(queue.accepting ? [] : ['closed for new jobs']),
    ...(queue['holding-new-jobs'] ? ['holds new jobs'] : []),
  ];
  return words.join(', ') || 'open';
}
