/** `holdfast queues pause|resume|refuse|accept NAME...`: what an operator may do over IPP, for who rules the gateway. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import type { QueueCondition } from '../../spool/queue-conditions.ts';
import { type AnyCommand, defineCommand } from './command.ts';

interface Control {
  readonly verb: string;
  readonly summary: string;
  /** Of the log. */
  readonly event: string;
  /** What is said of the queue afterwards. */
  readonly said: string;
  readonly change: Partial<QueueCondition>;
}

const CONTROLS: readonly Control[] = [
  {
    verb: 'pause',
    summary: 'Print nothing from queues until they are resumed; jobs are still taken',
    event: 'queue paused',
    said: 'paused',
    change: { paused: true },
  },
  {
    verb: 'resume',
    summary: 'Print from paused queues again',
    event: 'queue resumed',
    said: 'prints again',
    change: { paused: false, shutDown: false },
  },
  {
    verb: 'refuse',
    summary: 'Take no new jobs; what is held can be printed',
    event: 'queue closed for new jobs',
    said: 'takes no new jobs',
    change: { accepting: false },
  },
  {
    verb: 'accept',
    summary: 'Take new jobs again',
    event: 'queue opened for new jobs',
    said: 'takes jobs again',
    change: { accepting: true, shutDown: false },
  },
];

export const queuesControl: readonly AnyCommand[] = CONTROLS.map(({ verb, summary, event, said, change }) =>
  defineCommand<{ queues: string[] }, { queues: string[] }>({
    name: `queues ${verb}`,
    summary,
    words: [['<name...>', 'queues, as "queues list" shows them']],
    request: ({ words }) => ({ arguments: { queues: [...words] } }),
    arguments: z.strictObject({ queues: z.array(z.string().max(255)).min(1).max(1000) }),
    async handle({ gateway, arguments: { queues } }) {
      const known = new Set(gateway.config.queues.map(({ name }) => name));
      const unknown = queues.find((name) => !known.has(name));
      if (unknown !== undefined) {
        throw new Failure('no-such-queue', `there is no queue "${unknown}"; nothing was changed`, {
          advice: 'See "holdfast queues list"',
        });
      }
      for (const queue of queues) {
        await gateway.conditions.change(queue, change);
        gateway.log.info(event, { queue, by: 'administrator' });
      }
      return { queues };
    },
    show: ({ queues }) => queues.map((queue) => `${queue}: ${said}`).join('\n'),
  }),
);
