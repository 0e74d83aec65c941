/** Columns for a terminal. */
import { displayable } from '../../base/text.ts';

/** UTF-16 units of a cell. */
const WIDEST = 60;

/** Rows under their headings, each column as wide as its widest cell. Cells may come from outside. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  widest = WIDEST,
): string {
  const cells = [headings, ...rows].map((row) => row.map((cell) => displayable(cell, widest)));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** `2026-11-20 18:04`, in the local time zone. */
export function localTime(milliseconds: number): string {
  const time = new Date(milliseconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
