/** Work that waits for its turn: one at a time in each line, so many in a line, so many in all. */
import { Failure } from '../../base/errors.ts';

export interface LinesLimits {
  /** Waiting or worked on in one line, ≥ 1. */
  readonly inLine: number;
  /** In all lines together, ≥ 1. */
  readonly inAll: number;
}

interface Line {
  length: number;
  last: Promise<unknown>;
}

export class Lines {
  readonly #limits: LinesLimits;
  readonly #lines = new Map<string, Line>();
  #inAll = 0;

  constructor(limits: LinesLimits) {
    this.#limits = limits;
  }

  /** Runs `work` after all that came to this line before. @throws Failure `busy` when the line is too long */
  async pass<T>(name: string, work: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(name) ?? { length: 0, last: Promise.resolve() };
    if (line.length >= this.#limits.inLine || this.#inAll >= this.#limits.inAll) {
      throw new Failure('busy', 'too many wait for the same');
    }
    this.#lines.set(name, line);
    line.length++;
    this.#inAll++;
    const turn = line.last.then(work);
    line.last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      line.length--;
      this.#inAll--;
      if (line.length === 0) this.#lines.delete(name);
    }
  }
}
