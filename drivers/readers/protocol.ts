/** What a reader speaks, as a machine: (state, what came or how long nothing came) → state, swipes, what to send. Pure. */
import type { Milliseconds } from '../../base/units.ts';
import type { RawSwipe } from '../../identity/cards/card-number.ts';
import type { AwayReason, Feedback } from './port.ts';

export interface Step<State> {
  readonly state: State;
  readonly swipes?: readonly RawSwipe[];
  readonly send?: readonly Uint8Array[];
  /** Frames that were no swipe. */
  readonly dropped?: number;
  /** {@link Protocol.quiet} is wanted when nothing comes for this long; undefined: whenever. */
  readonly wait?: Milliseconds;
  /** The device has answered to what was sent. */
  readonly answered?: boolean;
  /** It does not answer any more, and is to be opened again. */
  readonly silent?: boolean;
  /** It cannot go on, and is opened again later. */
  readonly away?: { readonly reason: AwayReason; readonly detail: string };
}

export interface Protocol<State = unknown> {
  /** Whether the device answers: one that says nothing is then known to be silent. */
  readonly answers: boolean;
  start(): Step<State>;
  /** @param octets as they came, cut anywhere */
  take(state: State, octets: Uint8Array): Step<State>;
  quiet(state: State): Step<State>;
  feedback?(state: State, kind: Feedback): Step<State>;
}

/** A protocol whose state is nobody else's business. */
export type AnyProtocol = Protocol<never>;

/** Bits of a number, the highest first, as a swipe. @param value below 2^bits; @param bits 1 to 512 */
export function bitsSwipe(value: bigint, bits: number): RawSwipe {
  const octets = Math.ceil(bits / 8);
  const digits = (value << BigInt(octets * 8 - bits)).toString(16).padStart(octets * 2, '0');
  return { kind: 'bits', octets: Uint8Array.from(Buffer.from(digits, 'hex')), bits };
}

const PRINTABLE = /^[\x20-\x7e]+$/;

/** A text swipe; undefined when there is nothing in it, or what no reader sends. */
export function textSwipe(text: string): RawSwipe | undefined {
  const plain = text.trim();
  return PRINTABLE.test(plain) ? { kind: 'text', text: plain } : undefined;
}
