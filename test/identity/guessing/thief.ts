/** A thief with hands at some panels, who types codes for weeks: how many are looked at, and how many hit. */
import { Milliseconds, Seconds } from '../../../base/units.ts';
import { isTrivial } from '../../../identity/codes/trivial.ts';
import { Guessing } from '../../../identity/guessing/guessing.ts';
import type { GuessingLimits } from '../../../identity/guessing/limits.ts';
import { ManualClock } from '../../manual-clock.ts';
import { RecordingAlerts } from '../../recording-alerts.ts';

export interface Attack {
  readonly people: number;
  readonly digits: number;
  readonly panels: number;
  readonly weeks: number;
  readonly limits: GuessingLimits;
  /** Numbers from 0 to below 1. */
  readonly random: () => number;
}

export interface Loot {
  /** Wrong and right codes that were looked at, a week. */
  readonly guessesPerWeek: number;
  readonly hitsPerWeek: number;
  /** `raise KEY`, `clear KEY`. */
  readonly alerts: readonly string[];
}

/** Nobody types codes faster. */
const TYPING = Seconds(1);
const WEEK = 7 * 24 * 3600 * 1000;

/** Types at every panel as soon as it takes a code again; each code once, none that is trivial. */
export function attack({ people, digits, panels, weeks, limits, random }: Attack): Loot {
  const clock = new ManualClock(0);
  const alerts = new RecordingAlerts();
  const guessing = new Guessing({ clock, alerts, limits });
  const fresh = codes(digits, random);
  const inUse = new Set<number>();
  const owned = codes(digits, random);
  while (inUse.size < people) inUse.add(owned() ?? -1);
  const due = Array.from({ length: panels }, () => 0);
  let guesses = 0;
  let hits = 0;
  for (;;) {
    const at = Math.min(...due);
    const panel = due.indexOf(at);
    if (at >= weeks * WEEK) break;
    clock.advance(Math.max(0, at - clock.monotonic()));
    const place = { panel: `p${panel}` };
    const admission = guessing.admit('code', place);
    if (admission.admit === 'wait') {
      due[panel] = clock.monotonic() + admission.wait;
      continue;
    }
    const code = fresh();
    if (code === undefined) break;
    guesses++;
    let wait = Milliseconds(0);
    if (inUse.has(code)) hits++;
    else wait = guessing.wrong('code', place);
    due[panel] = clock.monotonic() + Math.max(wait, TYPING);
  }
  return { guessesPerWeek: guesses / weeks, hitsPerWeek: hits / weeks, alerts: alerts.told };
}

/** Different codes in no order; undefined when there are no more. */
function codes(digits: number, random: () => number): () => number | undefined {
  const space = 10 ** digits;
  const used = new Set<number>();
  return () => {
    while (used.size < space) {
      const code = Math.floor(random() * space);
      if (used.has(code)) continue;
      used.add(code);
      if (!isTrivial(String(code).padStart(digits, '0'))) return code;
    }
    return undefined;
  };
}
