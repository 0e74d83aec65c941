/** When something that is wrong is told, and when that it is over: a pure function. */
import type { Milliseconds } from '../../base/units.ts';

/** What is remembered of one trouble, by its key. Times in milliseconds since 1970. */
export interface Trouble {
  /** It is wrong now. */
  readonly standing: boolean;
  readonly since: number;
  /** When it was told last; undefined when it never was. */
  readonly toldAt?: number;
  /** It was told, and not yet that it is over. */
  readonly told: boolean;
}

export type Input =
  | { readonly kind: 'raised' | 'cleared' }
  /** The time that was waited for is there. */
  | { readonly kind: 'due' };

export type Effect =
  | { readonly kind: 'tell' }
  | { readonly kind: 'tell-over' }
  /** Ask again then. */
  | { readonly kind: 'wait'; readonly until: number };

export interface Step {
  readonly trouble: Trouble;
  readonly effects: readonly Effect[];
}

export interface Patience {
  /** The same thing is told no more often. */
  readonly interval: Milliseconds;
  /** It must have stood for so long before it is told; what is over by then is told to nobody. */
  readonly delay: Milliseconds;
}

/**
 * Told when it has stood for `delay`; the same thing no more often than `interval`. What comes back sooner is told when the
 * time has passed and it still stands. That it is over is told to whom it was told, at once.
 */
export function step(before: Trouble | undefined, input: Input, now: number, patience: Patience): Step {
  const trouble = before ?? { standing: false, since: now, told: false };
  switch (input.kind) {
    case 'raised':
      if (trouble.standing) return { trouble, effects: [] };
      return settle({ ...trouble, standing: true, since: now }, now, patience);
    case 'due':
      return trouble.standing && !trouble.told ? settle(trouble, now, patience) : { trouble, effects: [] };
    case 'cleared':
      return {
        trouble: { ...trouble, standing: false, told: false },
        effects: trouble.told ? [{ kind: 'tell-over' }] : [],
      };
  }
}

function settle(trouble: Trouble, now: number, { interval, delay }: Patience): Step {
  // A clock that was set back must not keep it from being told for longer.
  const since = Math.min(trouble.since, now);
  const toldAt = trouble.toldAt === undefined ? undefined : Math.min(trouble.toldAt, now);
  const until = Math.max(since + delay, toldAt === undefined ? now : toldAt + interval);
  if (until > now) {
    return {
      trouble: { ...trouble, since, ...(toldAt === undefined ? {} : { toldAt }) },
      effects: [{ kind: 'wait', until }],
    };
  }
  return { trouble: { ...trouble, since, told: true, toldAt: now }, effects: [{ kind: 'tell' }] };
}
