/** Forms that a person without script opens; all other screens follow from the session's state. */

export type Place =
  | { readonly name: 'code' | 'password' | 'activation' | 'ask-activation' | 'set-pin' | 'printers' }
  /** A question before what cannot be undone. */
  | { readonly name: 'delete' | 'stop'; readonly jobs: readonly number[] }
  | { readonly name: 'options'; readonly jobs: readonly number[] }
  /** The PIN of documents, or what the printer cannot do, before they are printed. */
  | { readonly name: 'job-password' | 'conflicts'; readonly order: Order };

/** What is to be printed, and how. */
export interface Order {
  readonly jobs: readonly number[];
  readonly keep: boolean;
  readonly changes?: Readonly<Record<string, unknown>>;
}
