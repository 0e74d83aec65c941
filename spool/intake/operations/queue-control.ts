/**
 * What an operator does to a queue: Pause-Printer and Resume-Printer (RFC 8011 §4.2.7, §4.2.8), and the operations of
 * RFC 3998 §3 and §4 on printers. Each is kept over restarts; what is at a printer already ends as it would.
 */
import { Status } from '../../../ipp/vocabulary/status.ts';
import type { QueueCondition } from '../../queue-conditions.ts';
import { type Answer, type Call, ok } from '../call.ts';
import { Refusal } from '../refusal.ts';

/** Nothing that is being printed is stopped in the middle, so this is Pause-Printer-After-Current-Job too. */
export const pausePrinter = (call: Call) => control(call, 'queue paused', { paused: true });

export const resumePrinter = (call: Call) =>
  control(unlessShutDown(call), 'queue resumed', { paused: false });

export const disablePrinter = (call: Call) =>
  control(call, 'queue closed for new jobs', { accepting: false });

export const enablePrinter = (call: Call) =>
  control(unlessShutDown(call), 'queue opened for new jobs', { accepting: true });

export function holdNewJobs(call: Call): Promise<Answer> {
  const { holdingNewSince } = call.intake.conditions.of(call.queue.name);
  return control(call, 'new jobs are held', { holdingNewSince: holdingNewSince ?? call.intake.clock.now() });
}

/** Releases what was held so, and holds no more (RFC 3998 §3.3.2). */
export const releaseHeldNewJobs = (call: Call) =>
  control(call, 'new jobs are released', { holdingNewSince: null });

export const shutdownPrinter = (call: Call) =>
  control(call, 'queue shut down', { shutDown: true, paused: true, accepting: false });

/** Also Restart-Printer: afterwards the queue takes and prints jobs, whatever it did before. */
export const startupPrinter = (call: Call) =>
  control(call, 'queue started up', { shutDown: false, paused: false, accepting: true });

function unlessShutDown(call: Call): Call {
  call.mustBeOperator();
  if (!call.intake.conditions.of(call.queue.name).shutDown) return call;
  throw new Refusal(Status.clientErrorNotPossible, 'the printer is shut down; start it up first');
}

async function control(call: Call, event: string, change: Partial<QueueCondition>): Promise<Answer> {
  call.mustBeOperator();
  const { conditions, log } = call.intake;
  await conditions.change(call.queue.name, change);
  log.info(event, { queue: call.queue.name, by: 'operator', client: call.requester.address });
  return ok();
}
