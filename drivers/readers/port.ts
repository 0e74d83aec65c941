/** The reader port: whatever reads cards, however it is connected. What a card means is settled in `identity/cards`. */
import type { RawSwipe } from '../../identity/cards/card-number.ts';

/** What the person at the reader is told, where it has a beeper or lights. `wait`: it takes a moment, or a PIN. */
export type Feedback = 'accepted' | 'refused' | 'wait';

/**
 * Why a reader does not read. `not-plugged-in`: there is no such device. `busy`: another program has it. `not-allowed`:
 * this process may not open it. `silent`: it is there and does not answer. `not-available`: what its kind needs is not on
 * this machine. `failed`: anything else.
 */
export type AwayReason = 'not-plugged-in' | 'busy' | 'not-allowed' | 'silent' | 'not-available' | 'failed';

export type ReaderStatus =
  | { readonly state: 'ready' }
  | { readonly state: 'opening' }
  /** @property detail for the log and for whoever runs the gateway; never anything that was read */
  | { readonly state: 'away'; readonly reason: AwayReason; readonly detail: string }
  | { readonly state: 'closed' };

export interface ReaderCounts {
  /** Swipes that were given out. */
  readonly swipes: number;
  /** Frames that were none: garbage, halves, wrong checksums. */
  readonly dropped: number;
  /** The same swipe once more within a moment. */
  readonly folded: number;
}

/**
 * Contract (test/contracts/reader.ts): swipes come in order, each once; a swipe that nobody takes is not kept for long; a
 * reader that is unplugged comes back by itself; nothing that was to be sent to a device reaches it after it was opened
 * again; no method throws because of the device.
 */
export interface Reader {
  readonly status: ReaderStatus;
  readonly counts: ReaderCounts;
  /** Every swipe from now on, for one who listens; ends when the reader is closed. */
  swipes(): AsyncIterableIterator<RawSwipe, undefined>;
  /** Returns at once. A reader that is away, or has neither beeper nor lights, does nothing. */
  feedback(kind: Feedback): void;
  /** Resolves when the device is free again. */
  close(): Promise<void>;
}
