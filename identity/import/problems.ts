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
  #count = 0;

  add(line: number, column: string | undefined, message: string): void {
    this.#count += 1;
    if (this.#kept.length < MOST_PROBLEMS) this.#kept.push({ line, column, message });
  }

  get count(): number {
    return this.#count;
  }

  /** In the order of the file; at most {@link MOST_PROBLEMS}. */
  list(): ImportProblem[] {
    return this.#kept.toSorted((a, b) => a.line - b.line);
  }
}
