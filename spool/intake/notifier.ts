/** Tells subscribers what happens to the queues and their jobs. */
import type { PrinterDescription } from '../../drivers/printers/description.ts';
import { isTerminal, type Job } from '../job.ts';
import { jobChange } from '../notifications/job-events.ts';
import { printerChange } from '../notifications/printer-events.ts';
import type { JobFacts, PrinterFacts } from '../notifications/subscription.ts';
import type { Queue } from '../queue.ts';
import { stateReasons as printerReasonsOf, stateOf } from './attributes/status.ts';
import type { IntakeOptions } from './call.ts';
import { JOB_STATES, stateReasons } from './job-attributes.ts';

interface Seen {
  readonly printer: PrinterFacts;
  readonly description: PrinterDescription;
  readonly queue: Queue;
}

export class Notifier {
  readonly #options: IntakeOptions;
  readonly #seen = new Map<string, Seen>();

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  start(): void {
    const options = this.#options;
    const { jobs, conditions, subscriptions } = options;
    jobs.on('changed', (job, before) => this.#jobChanged(job, before));
    jobs.on('forgotten', (job) => subscriptions.jobEnded(job.id));
    conditions.on('changed', (queue) => this.#look(queue));
    options.watchPrinters(() => {
      for (const name of options.queues().keys()) this.#look(name);
    });
  }

  #jobChanged(job: Job, before: Job | undefined): void {
    const { subscriptions } = this.#options;
    if (subscriptions.size > 0) {
      const happening = jobChange(job, before, jobFacts);
      if (happening !== undefined) subscriptions.happened(happening);
      if (isTerminal(job.state)) subscriptions.jobEnded(job.id);
    }
    this.#look(job.queue);
  }

  /** Compares with what was seen last; a queue is looked at from its first event on. */
  #look(name: string): void {
    const { queues, subscriptions, describe } = this.#options;
    const queue = queues().get(name);
    if (queue === undefined) {
      this.#seen.delete(name);
      return;
    }
    const now: Seen = { printer: this.printerFacts(queue), description: describe(queue), queue };
    const before = this.#seen.get(name);
    this.#seen.set(name, now);
    if (before === undefined || subscriptions.size === 0) return;
    const happening = printerChange(name, now.printer, before.printer);
    if (happening !== undefined) subscriptions.happened(happening);
    if (before.description !== now.description || before.queue !== now.queue) {
      const text = 'The printer can do other things than before.';
      subscriptions.happened({ queue: name, names: ['printer-config-changed'], text, printer: now.printer });
    }
  }

  /** As Get-Printer-Attributes tells, but for the disk. */
  printerFacts(queue: Queue): PrinterFacts {
    const { jobs, conditions, printerReasons } = this.#options;
    const condition = conditions.of(queue.name);
    const printing = jobs.tallyOf(queue.name).printing > 0;
    const facts = { condition, hasRoom: true, printerReasons: printerReasons(queue), printing };
    const reasons = printerReasonsOf(facts);
    return {
      state: stateOf(facts),
      reasons: reasons.length === 0 ? ['none'] : reasons,
      accepting: condition.accepting,
    };
  }
}

function jobFacts(job: Job): JobFacts {
  return {
    id: job.id,
    uuid: job.uuid,
    state: JOB_STATES[job.state],
    reasons: stateReasons(job),
    impressionsCompleted: job.impressionsCompleted ?? 0,
  };
}
