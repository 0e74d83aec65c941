/** Readers that type: boot reports of a keyboard (HID 1.11, appendix B), a burst of keys and then Enter, or silence. */
import { Milliseconds } from '../../../base/units.ts';
import { LONGEST_SWIPE_TEXT, type RawSwipe } from '../../../identity/cards/card-number.ts';
import { type Protocol, type Step, textSwipe } from '../protocol.ts';
import { type Layout, typedBy } from './layouts.ts';

/** Octets: modifiers, one that means nothing, six keys. */
const REPORT = 8;
const SHIFTS = 0x22;
/** Keys that end a swipe: Enter, Tab, Enter of the keypad. */
const ENDS = [0x28, 0x2b, 0x58];
/** Usages up to this one are errors, more keys than fit among them. */
const LAST_ERROR = 0x03;
/** Readers type a key every 5 to 40 ms; a burst is over then. */
export const BURST_GAP = Milliseconds(250);
/** Of a burst that was to end with Enter: a machine that is busy hands keys on late, and the half of a number is another. */
const LATE_KEYS = Milliseconds(2000);

export interface KeyboardState {
  /** Of a report that is not whole. */
  readonly octets: readonly number[];
  readonly typed: string;
  readonly pressed: readonly number[];
  /** The swipe is too long already; its rest does not count. */
  readonly over: boolean;
}

const INITIAL: KeyboardState = { octets: [], typed: '', pressed: [], over: false };

/** @param ends `enter`: what does not end with it is no swipe; `silence`: for readers that type the number alone */
export function keyboard(layout: Layout, ends: 'enter' | 'silence'): Protocol<KeyboardState> {
  const gap = ends === 'enter' ? LATE_KEYS : BURST_GAP;

  function take(before: KeyboardState, octets: Uint8Array): Step<KeyboardState> {
    let state = before;
    let dropped = 0;
    const swipes: RawSwipe[] = [];
    const all = [...before.octets, ...octets];
    const whole = all.length - (all.length % REPORT);
    for (let at = 0; at < whole; at += REPORT) {
      const [modifiers = 0, , ...keys] = all.slice(at, at + REPORT);
      const down = keys.filter((key) => key > LAST_ERROR);
      if (keys.some((key) => key > 0 && key <= LAST_ERROR)) continue;
      for (const key of new Set(down.filter((each) => !state.pressed.includes(each)))) {
        if (ENDS.includes(key)) {
          const ended = end(state);
          swipes.push(...ended.swipes);
          dropped += ended.dropped;
          state = { ...state, typed: '', over: false };
        } else state = typed(state, typedBy(key, (modifiers & SHIFTS) !== 0, layout));
      }
      state = { ...state, pressed: down };
    }
    state = { ...state, octets: all.slice(whole) };
    return { state, swipes, dropped, ...(isIdle(state) ? {} : { wait: gap }) };
  }

  return {
    answers: false,
    start: () => ({ state: INITIAL }),
    take,
    quiet(state) {
      const after = { ...INITIAL, pressed: state.pressed };
      if (ends === 'enter') return { state: after, dropped: isIdle(state) ? 0 : 1 };
      return { ...end(state), state: after };
    },
  };
}

function typed(state: KeyboardState, text: string): KeyboardState {
  return state.typed.length + text.length > LONGEST_SWIPE_TEXT
    ? { ...state, over: true }
    : { ...state, typed: state.typed + text };
}

function end({ typed, over }: KeyboardState): { readonly swipes: RawSwipe[]; readonly dropped: number } {
  if (over) return { swipes: [], dropped: 1 };
  const swipe = textSwipe(typed);
  return { swipes: swipe === undefined ? [] : [swipe], dropped: 0 };
}

const isIdle = ({ octets, typed, over }: KeyboardState) => octets.length === 0 && typed === '' && !over;
