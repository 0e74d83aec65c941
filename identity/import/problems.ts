/** What is wrong with an import file, told all at once. */

/** No value from the file stands in a problem: where columns are mixed up, any field may be somebody's code. */
export interface ImportProblem {
  /** Of the row's beginning; the first line is 1. */
  readonly line: number;
  /** Name of the column as in the header; undefined when it is the row or the file. */
  readonly column: string | undefined;
  /** What is wrong and what is allowed. */
  readonly message: string;
}

/** More than anybody reads at once. The rest is counted. */
export const MOST_PROBLEMS = 100;

export class Problems {
  readonly #kept: ImportProblem[] = [];
  readonly #lines = new Set<number>();
  #count = 0;
  #refused = false;

  /** Of one row: the others may be right. */
  add(line: number, column: string | undefined, message: string): void {
    this.#count += 1;
    this.#lines.add(line);
    if (this.#kept.length < MOST_PROBLEMS) this.#kept.push({ line, column, message });
  }

  /** Of the file: nothing of it can be taken. */
  refuse(line: number, column: string | undefined, message: string): void {
    this.#refused = true;
    this.add(line, column, message);
  }

  get count(): number {
    return this.#count;
  }

  /** Whether the file as a whole is wrong. */
  get refused(): boolean {
    return this.#refused;
  }

  /** Whether something is wrong with the row that begins there. */
  has(line: number): boolean {
    return this.#lines.has(line);
  }

  /** Rows with a problem. */
  get lines(): number {
    return this.#lines.size;
  }

  /** In the order of the file; at most {@link MOST_PROBLEMS}. */
  list(): ImportProblem[] {
    return this.#kept.toSorted((a, b) => a.line - b.line);
  }
}
