/** Tells the releaser of printers that were silent and answer again. */
import type { PrinterBoard } from '../spool/printers/printer-board.ts';
import type { Releaser } from '../spool/release/releaser.ts';

export function tellOfAnswers(board: PrinterBoard, releaser: Pick<Releaser, 'answered'>): void {
  const silent = new Set<string>();
  board.on('changed', (name) => {
    const known = board.get(name);
    if (known?.state === 'unknown') silent.add(name);
    else if (silent.delete(name) && known?.acceptingJobs) releaser.answered(name);
  });
}
