/** What passes between the gateway and the sync worker. One reading at a time. */
import type { PeoplePlan } from '../people/draft.ts';
import type { PlanningStart, StagedElsewhere } from '../people/elsewhere.ts';
import type { ChangeExtras } from '../people/plans.ts';
import type { DirectoryOptions } from './options.ts';
import type { PackedPeople } from './transit.ts';

/** So many people, or ids of removed ones, are planned with in the gateway; more in the worker. */
export const FEW = 500;

export interface ReadRequest {
  readonly kind: 'read';
  readonly options: DirectoryOptions;
  /** As `writePicture` wrote it. */
  readonly picture: Uint8Array | undefined;
  /** Reads everybody, whatever was read before. */
  readonly full?: boolean | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export type ToSyncWorker =
  | ReadRequest
  /** One message of people is taken in. */
  | { readonly kind: 'more' }
  /** To `many`: people are to be sent as they come. */
  | { readonly kind: 'here' }
  /** To `many`: they are to be planned with there. The index comes first, in parts. */
  | { readonly kind: 'index'; readonly words: Int32Array }
  | { readonly kind: 'plan'; readonly start: PlanningStart }
  /** The plan is to be carried out. */
  | { readonly kind: 'stage'; readonly extras: ChangeExtras };

export type FromSyncWorker =
  /** It may be much that changes: waits until it is told who plans. */
  | { readonly kind: 'many'; readonly people: number }
  | { readonly kind: 'people'; readonly people: PackedPeople }
  /** Read and planned with so far. */
  | { readonly kind: 'progress'; readonly people: number }
  | {
      readonly kind: 'done';
      readonly complete: boolean;
      readonly removed: readonly string[];
      /** Undefined: as it was. */
      readonly picture: Uint8Array | undefined;
      readonly server: string;
      readonly people: number;
      readonly dirSyncRefused: string | undefined;
      /** When it was planned there. */
      readonly plan?: PeoplePlan;
    }
  | { readonly kind: 'staged'; readonly staged: StagedElsewhere }
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
