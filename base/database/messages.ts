/** What passes between the database's client and its worker. */
import type { MessagePort } from 'node:worker_threads';

export interface WorkerStart {
  readonly file: string;
  readonly lock: string;
  /** Modules that export `tables`. */
  readonly modules: readonly string[];
}

export interface Call {
  readonly id: number;
  readonly room: string;
  readonly operation: string;
  readonly argument: unknown;
}

/** `branch`: calls come through that port too. */
export type ToWorker = Call | 'close' | { readonly branch: MessagePort };

export type CallResult =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly code: string; readonly message: string };

export type FromWorker =
  | { readonly kind: 'opened'; readonly created: boolean }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly advice?: string }
  | { readonly kind: 'results'; readonly results: readonly CallResult[] };
