/** How a `holdfast NOUN VERB` is made: what is typed, what the gateway does, what is shown; each in a file of its own. */
import type { z } from 'zod';
import type { Progress } from '../control/protocol.ts';
import type { Gateway } from '../gateway.ts';

/** Words that follow the command, and its options, as they were typed. */
export interface Typed {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

/** What the command sends to the gateway. */
export interface Request<Arguments> {
  readonly arguments: Arguments;
  /** A file that the gateway needs; read here, with the rights of who typed the command. */
  readonly upload?: Uint8Array;
}

export interface Handling<Arguments> {
  readonly gateway: Gateway;
  readonly arguments: Arguments;
  readonly upload: Buffer;
  onProgress(progress: Progress): void;
  /** The next part of a file that is the answer. */
  onPart(text: string): Promise<void>;
}

/** A command that the running gateway carries out. */
export interface GatewayCommand<Arguments, Result> {
  /** `jobs list` */
  readonly name: string;
  /** One sentence without a full stop. */
  readonly summary: string;
  /** As commander writes it: `<file>`, `[id...]`. */
  readonly words?: readonly (readonly [syntax: string, meaning: string])[];
  readonly options?: readonly (readonly [flags: string, meaning: string])[];
  request(typed: Typed): Request<Arguments> | Promise<Request<Arguments>>;
  /** What the gateway lets in. */
  readonly arguments: z.ZodType<Arguments>;
  /** Runs in the gateway. @throws Failure */
  handle(handling: Handling<Arguments>): Result | Promise<Result>;
  /** The result for a person, without a last line end. */
  show(result: Result): string;
  /**
   * Puts the result where the words say; runs where the command was typed, with the rights of who did. Resolves to what
   * to tell of it, or to undefined when the result is to be shown after all. `parts` is the file, when the answer is one.
   * @throws Failure
   */
  save?(result: Result, words: readonly string[], parts: readonly string[]): Promise<string | undefined>;
  /** Exit code for a result that is no success; 0 unless told. */
  exitCode?(result: Result): number;
}

// biome-ignore lint/suspicious/noExplicitAny: the list of commands holds each with its own types
export type AnyCommand = GatewayCommand<any, any>;

/** Keeps the types of a command's parts together. */
export function defineCommand<Arguments, Result>(
  command: GatewayCommand<Arguments, Result>,
): GatewayCommand<Arguments, Result> {
  return command;
}
