/** The one error type for what a person may have to read: what is wrong, where, and what to do about it. */

export interface FailureOptions {
  /** What the reader can do, as a sentence. */
  readonly advice?: string;
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/** An expected failure. Anything else that is thrown is a defect of the program. */
export class Failure extends Error {
  override readonly name = 'Failure';
  /** Stable, kebab-case, for programs: `job-not-found`. */
  readonly code: string;
  readonly advice: string | undefined;

  constructor(code: string, message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.advice = options.advice;
  }

  /** The message with its advice, as one would print it. */
  get explanation(): string {
    return this.advice === undefined ? this.message : `${this.message}. ${this.advice}`;
  }
}

/** The message of anything thrown, without its stack. */
export function messageOf(error: unknown): string {
  if (error instanceof Failure) return error.explanation;
  return error instanceof Error ? error.message : String(error);
}

/** Node's error code (`ENOENT`, `ECONNREFUSED` …), or undefined when it carries none. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
