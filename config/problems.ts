/** What is wrong with a configuration, and where: the one form in which it is told. */
import { Failure } from '../base/errors.ts';

export interface Problem {
  /** The file as the caller named it. */
  readonly file: string;
  /** From 1; 0 when the file as a whole is meant. */
  readonly line: number;
  /** From 1, in UTF-16 units, as editors count; 0 when the file as a whole is meant. */
  readonly column: number;
  /** `queues.print.printers[0]`; empty at the top. */
  readonly path: string;
  /** What is wrong; what is allowed. Never the value of something that may be secret. */
  readonly message: string;
}

/** A configuration that cannot be used; code `bad-config`. */
export class ConfigError extends Failure {
  /** At least one, in the order of the lines. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options: { readonly cause?: unknown } = {}) {
    super('bad-config', summaryOf(problems), options);
    this.problems = problems;
  }
}

function summaryOf([first, ...others]: readonly Problem[]): string {
  if (first === undefined) throw new RangeError('an error of a configuration needs a problem');
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return `${formatProblem(first)}${more}`;
}

/** `holdfast.yaml:12:5 queues.print: what is wrong; what is allowed` */
export function formatProblem({ file, line, column, path, message }: Problem): string {
  const place = line === 0 ? file : `${file}:${line}:${column}`;
  return path === '' ? `${place}: ${message}` : `${place} ${path}: ${message}`;
}

/** One line for each problem, without a last line end. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map(formatProblem).join('\n');
}
