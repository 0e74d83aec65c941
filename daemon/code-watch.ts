/** Codes as the configuration says: how long they must be, and a warning of those that are shorter already; guesses at cards. */
import type { Alerts } from '../base/alerts.ts';
import type { Clock, Timer } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { Hours, type Milliseconds, Minutes } from '../base/units.ts';
import { type CodePolicy, type Guessability, judge, PIN_GUESSES, wordsOf } from '../identity/codes/policy.ts';
import { cardsGuessedPerWeek, codesGuessedPerWeek } from '../identity/guessing/exposure.ts';
import { guessingLimits, type LiveConfig } from './live-config.ts';

/** When the rush of the start is over; then now and then, as a directory may bring codes at any time. */
const FIRST_LOOK = Minutes(1);
const EVERY = Hours(6);
/** Of longer ones so few are in use that no thief finds one. */
const LOOKED_AT = [4, 5, 6, 7, 8];

export const CODES_ALERT = 'codes too short';

/** A gateway without a panel will get one. */
const panelsOf = ({ allPanels }: LiveConfig): number => Math.max(1, allPanels.length);

/** Unknown cards that are looked at in a week, at all panels together. */
export function cardGuessesPerWeek(live: LiveConfig): number {
  return cardsGuessedPerWeek(panelsOf(live), guessingLimits(live.current.limits));
}

export function codePolicy(live: LiveConfig): CodePolicy {
  const { codes, limits } = live.current;
  return {
    guessesPerWeek: codesGuessedPerWeek(panelsOf(live), guessingLimits(limits)),
    hitsAllowedPerWeek: 1 / codes.weeksPerHit,
    secondFactor: codes.secondFactor === 'pin' ? PIN_GUESSES : 1,
    acceptRisk: codes.acceptRisk,
  };
}

export interface CodeWatchOptions {
  readonly policy: () => CodePolicy;
  /** Of all codes of that length, how many sign somebody in: 0 to 1. */
  readonly shareOfCodes: (digits: number) => Promise<number>;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly log: Log;
}

export class CodeWatch {
  readonly #options: CodeWatchOptions;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(options: CodeWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#lookAfter(FIRST_LOOK);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  /** Raises the alert when there are codes that are too short, or ends it. */
  async look(): Promise<void> {
    const { policy, shareOfCodes, alerts, log } = this.#options;
    const now = policy();
    const short: Guessability[] = [];
    if (!now.acceptRisk) {
      for (const digits of LOOKED_AT) {
        const judged = judge(digits, await shareOfCodes(digits), now);
        if (!judged.allowed) short.push(judged);
      }
    }
    if (this.#stopped) return;
    for (const { digits, hitsPerWeek } of short) {
      log.warn('codes in use are too short', { digits, hitsPerWeek: Math.ceil(hitsPerWeek * 10) / 10 });
    }
    if (short.length === 0) return alerts.clear(CODES_ALERT);
    alerts.raise({
      kind: 'security',
      key: CODES_ALERT,
      message: short.map((each) => wordsOf(each, now)).join('; '),
    });
  }

  #lookAfter(delay: Milliseconds): void {
    if (this.#stopped) return;
    this.#timer = this.#options.clock.after(delay, () => {
      this.look()
        .catch((error: unknown) =>
          this.#options.log.error('codes not looked at', { error: messageOf(error) }),
        )
        .finally(() => this.#lookAfter(EVERY));
    });
  }
}
