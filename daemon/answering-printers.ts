/** Tells the releaser of printers that are gone, and of those that answer again. */
import type { PrinterBoard } from '../spool/printers/printer-board.ts';
import type { Releaser } from '../spool/release/releaser.ts';

export function tellOfAnswers(board: PrinterBoard, releaser: Pick<Releaser, 'answered' | 'gone'>): void {
  const silent = new Set<string>();
  board.on('changed', (name) => {
    const known = board.get(name);
    if (known?.state === 'unknown') {
      silent.add(name);
      if (known.unreachable) releaser.gone(name, known.trouble ?? '');
    } else if (silent.delete(name) && known?.acceptingJobs) releaser.answered(name);
  });
}
