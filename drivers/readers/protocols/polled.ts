/** Readers that are asked: one question at a time, a card that stays on them told once, silence noticed. */
import { type Milliseconds, Seconds } from '../../../base/units.ts';
import type { RawSwipe } from '../../../identity/cards/card-number.ts';
import type { Feedback } from '../port.ts';
import type { Protocol, Step } from '../protocol.ts';
import { swipeKey } from '../swipes.ts';

/** What an answer was. `unasked`: an echo, a prompt, the answer to something else. `broken`: not what it should be. */
export type Answer =
  | { readonly kind: 'card'; readonly swipe: RawSwipe }
  | { readonly kind: 'no-card' | 'unasked' | 'broken' };

export interface Asking {
  /** Sent once, before the first question. */
  readonly first: readonly Uint8Array[];
  readonly question: readonly Uint8Array[];
  /** From an answer to the next question. */
  readonly rest: Milliseconds;
  /** An answer ends with one of these octets, or has this many. */
  readonly answer: { readonly ends: readonly number[] } | { readonly length: number };
  /** An answer without its end, octet by octet as Latin-1. */
  read(answer: string): Answer;
  /** Whether a card that stays on the reader is told at each question. */
  readonly repeats: boolean;
  /** What tells the person at the reader; its answers are not waited for. */
  feedback(kind: Feedback): readonly Uint8Array[];
}

export interface PolledState {
  readonly held: string;
  readonly asked: boolean;
  /** Questions in a row without an answer. */
  readonly missed: number;
  /** The card on the reader. */
  readonly present: string | undefined;
  /** Answers in a row that there is none. */
  readonly absent: number;
}

const ANSWER_TIME = Seconds(1);
/** Then it is opened again. */
const MOST_MISSED = 3;
/** A card at the edge of the field is missed now and then. */
const ABSENT_ANSWERS = 3;
/** Octets of an answer. */
const LONGEST_ANSWER = 600;

const INITIAL: PolledState = { held: '', asked: true, missed: 0, present: undefined, absent: 0 };

export function polled(asking: Asking): Protocol<PolledState> {
  function take(before: PolledState, octets: Uint8Array): Step<PolledState> {
    let state = before;
    let dropped = 0;
    let answered = false;
    const swipes: RawSwipe[] = [];
    for (const frame of cut(state, octets, (held) => {
      state = { ...state, held };
    })) {
      if (frame === undefined) {
        dropped++;
        continue;
      }
      const answer = asking.read(frame);
      if (answer.kind === 'unasked') continue;
      answered = true;
      if (answer.kind === 'broken') dropped++;
      if (answer.kind === 'card' && isNew(state, answer.swipe)) swipes.push(answer.swipe);
      state = { ...after(state, answer), asked: false, missed: 0 };
    }
    return { state, swipes, dropped, answered, wait: state.asked ? ANSWER_TIME : asking.rest };
  }

  /** Whole answers; undefined for one that has no end. */
  function* cut(
    { held: before }: PolledState,
    octets: Uint8Array,
    keep: (held: string) => void,
  ): Generator<string | undefined> {
    let held = before;
    for (const octet of octets) {
      const isEnd = 'ends' in asking.answer && asking.answer.ends.includes(octet);
      if (!isEnd) held += String.fromCharCode(octet);
      const isWhole = 'ends' in asking.answer ? isEnd : held.length === asking.answer.length;
      if (isWhole && held !== '') {
        yield held;
        held = '';
      } else if (held.length > LONGEST_ANSWER) {
        yield undefined;
        held = '';
      }
    }
    keep(held);
  }

  const isNew = ({ present }: PolledState, swipe: RawSwipe) => !asking.repeats || present !== swipeKey(swipe);

  function after(state: PolledState, answer: Answer): PolledState {
    if (answer.kind === 'card') return { ...state, present: swipeKey(answer.swipe), absent: 0 };
    if (answer.kind !== 'no-card') return state;
    const absent = state.absent + 1;
    return absent < ABSENT_ANSWERS ? { ...state, absent } : { ...state, absent: 0, present: undefined };
  }

  return {
    answers: true,
    start: () => ({ state: INITIAL, send: [...asking.first, ...asking.question], wait: ANSWER_TIME }),
    take,
    quiet(state) {
      const missed = state.asked ? state.missed + 1 : 0;
      const dropped = state.held === '' ? 0 : 1;
      const next = { ...state, held: '', asked: true, missed };
      if (missed >= MOST_MISSED) return { state: next, dropped, silent: true };
      return { state: next, dropped, send: asking.question, wait: ANSWER_TIME };
    },
    feedback(state, kind) {
      const send = asking.feedback(kind);
      return { state, send, wait: state.asked ? ANSWER_TIME : asking.rest };
    },
  };
}
