/** What the change of a queue's state is called among subscribers. */
import { isDeepStrictEqual } from 'node:util';
import type { Happening, PrinterFacts } from './subscription.ts';

const STOPPED = 5;

/** Undefined when nothing changed. */
export function printerChange(queue: string, now: PrinterFacts, before: PrinterFacts): Happening | undefined {
  if (isDeepStrictEqual(now, before)) return undefined;
  const hasStopped = now.state === STOPPED && before.state !== STOPPED;
  return {
    queue,
    names: hasStopped ? ['printer-stopped', 'printer-state-changed'] : ['printer-state-changed'],
    text: hasStopped ? 'The printer has stopped.' : 'The printer has a new state.',
    printer: now,
  };
}
