/** Where jobs can wait for somebody: ties the terms on which queues hold to the panels of the configuration. */
import type { Queue } from '../spool/queue.ts';
import type { LiveConfig } from './live-config.ts';

/** Whether a panel stands at one of the queue's printers. */
export function hasPanel(live: LiveConfig, queue: Queue): boolean {
  return Array.from(live.panels.values()).some((panel) =>
    panel.printers.some((printer) => queue.printers.includes(printer)),
  );
}
