/** Where jobs can wait for somebody: ties the terms on which queues hold to the panels that there are. */
import type { Queue } from '../spool/queue.ts';
import type { LiveConfig } from './live-config.ts';

/** Whether a panel stands at one of the queue's printers. */
export function hasPanel(live: LiveConfig, queue: Queue): boolean {
  return live.allPanels.some((panel) => panel.printers.some((printer) => queue.printers.includes(printer)));
}
