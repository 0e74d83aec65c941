/** Readers that send by themselves: frames with an end, perhaps with a beginning. */
import { Milliseconds } from '../../../base/units.ts';
import { LONGEST_SWIPE_TEXT, type RawSwipe } from '../../../identity/cards/card-number.ts';
import type { Protocol, Step } from '../protocol.ts';

export interface Framing {
  /** The octet that a frame begins with; what comes before it is noise. Undefined: right after the one before. */
  readonly start?: number;
  /** Octets of which each ends a frame. */
  readonly ends: readonly number[];
  /** A frame without its start and end, octet by octet as Latin-1; undefined when it is no swipe. */
  read(frame: string): RawSwipe | undefined;
}

export interface FramedState {
  /** The frame so far; undefined outside of one, or in one that is too long. */
  readonly held: string | undefined;
  /** Octets of noise, or of the frame's rest that does not count, were seen since the last frame. */
  readonly noise: boolean;
}

/** Between two octets of one frame; more than a USB adapter or a serial server holds them back. */
export const HALF_FRAME_TIME = Milliseconds(300);

export function framed({ start, ends, read }: Framing): Protocol<FramedState> {
  const between: FramedState = { held: start === undefined ? '' : undefined, noise: false };

  function take(before: FramedState, octets: Uint8Array): Step<FramedState> {
    let { held, noise } = before;
    let dropped = 0;
    const swipes: RawSwipe[] = [];
    for (const octet of octets) {
      if (octet === start) {
        // The frame before has lost its end.
        if (noise || (held !== undefined && held !== '')) dropped++;
        held = '';
        noise = false;
      } else if (ends.includes(octet)) {
        if (held !== undefined && held !== '') {
          const swipe = read(held);
          if (swipe === undefined) dropped++;
          else swipes.push(swipe);
        } else if (noise) dropped++;
        ({ held, noise } = between);
      } else if (held === undefined) {
        // Line ends between frames are no noise.
        noise ||= octet > 0x20;
      } else if (held.length >= LONGEST_SWIPE_TEXT) {
        held = undefined;
        noise = true;
      } else held += String.fromCharCode(octet);
    }
    return { state: { held, noise }, swipes, dropped, ...(isHalf({ held, noise }) ? HALF : {}) };
  }

  const isHalf = ({ held, noise }: FramedState) => noise || (held !== undefined && held !== '');

  return {
    answers: false,
    start: () => ({ state: between }),
    take,
    quiet: (state) => ({ state: between, dropped: isHalf(state) ? 1 : 0 }),
  };
}

const HALF = { wait: HALF_FRAME_TIME };
