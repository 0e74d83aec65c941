/** Tells the releaser of printers that are gone, and of those that answer, or take jobs, again. */
import type { PrinterBoard } from '../spool/printers/printer-board.ts';
import type { Releaser } from '../spool/release/releaser.ts';

export function tellOfAnswers(board: PrinterBoard, releaser: Pick<Releaser, 'answered' | 'gone'>): void {
  const closed = new Set<string>();
  board.on('changed', (name) => {
    const known = board.get(name);
    if (known?.state === 'unknown' || known?.acceptingJobs === false) {
      closed.add(name);
      if (known.unreachable) releaser.gone(name, known.trouble ?? '');
    } else if (closed.delete(name) && known !== undefined) releaser.answered(name);
  });
}
