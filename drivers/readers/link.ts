/** What carries a reader's octets: something that is opened, sends and is lost. */
import { Failure } from '../../base/errors.ts';
import type { AwayReason } from './port.ts';

export interface Link {
  /** Returns at once; what cannot be sent is lost with the link. */
  send(octets: Uint8Array): void;
  /** Resolves when the device is free again. Nothing is told to the events afterwards. */
  close(): Promise<void>;
}

export interface LinkEvents {
  octets(octets: Uint8Array): void;
  /** Unplugged, or broken. Told once, and never before the link was opened. */
  lost(reason: AwayReason, detail: string): void;
}

export interface Opener {
  /** What it opens, for people: a path, an address. */
  readonly place: string;
  /** @throws Failure with an {@link AwayReason} as its code */
  open(events: LinkEvents): Promise<Link>;
}

const REASONS: readonly string[] = [
  'not-plugged-in',
  'busy',
  'not-allowed',
  'silent',
  'not-available',
  'failed',
] satisfies AwayReason[];

export const away = (reason: AwayReason, detail: string, advice?: string): Failure =>
  new Failure(reason, detail, advice === undefined ? {} : { advice });

/** Why opening failed, for the status. */
export function awayReason(error: unknown): AwayReason {
  return error instanceof Failure && REASONS.includes(error.code) ? (error.code as AwayReason) : 'failed';
}
