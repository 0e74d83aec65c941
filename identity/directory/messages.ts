/** What passes between the gateway and the sync worker. One reading at a time. */
import type { DirectoryOptions } from './options.ts';
import type { PackedPeople } from './transit.ts';

export interface ReadRequest {
  readonly kind: 'read';
  readonly options: DirectoryOptions;
  /** As `writePicture` wrote it. */
  readonly picture: Uint8Array | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** `more`: one message of people is taken in. */
export type ToSyncWorker = ReadRequest | { readonly kind: 'more' };

export type FromSyncWorker =
  | { readonly kind: 'people'; readonly people: PackedPeople }
  | {
      readonly kind: 'done';
      readonly complete: boolean;
      readonly removed: readonly string[];
      /** Undefined: as it was. */
      readonly picture: Uint8Array | undefined;
      readonly server: string;
      readonly people: number;
    }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string;
      readonly advice?: string;
      /** The directory let the service account in and gave an answer, though not one to go by. */
      readonly answered: boolean;
    }
  /** A defect of the program. */
  | { readonly kind: 'broken'; readonly message: string };
