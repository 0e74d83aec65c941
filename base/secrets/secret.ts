/** A value that must not reach a log, an error or a dump. */
import { inspect } from 'node:util';

/** Prints as `[secret]` wherever it is printed; only {@link reveal} gives the value. */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
