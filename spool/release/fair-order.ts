/**
 * The order of a line in front of a printer: people take turns, and what is one person's comes out together.
 *
 * A turn is up to {@link JOBS_IN_A_TURN} jobs of one person. Whoever comes is served in the turn that is on: behind all who
 * are in it, before anybody's next. So somebody with 200 jobs goes on at once where nobody else waits, and holds up one
 * with a single job for ten of them.
 */

/** Most people who release several have fewer, and get them together. */
export const JOBS_IN_A_TURN = 10;

/** A job's place: whose it is, and in which turn of the line it comes, which only grows. */
export interface Place {
  readonly who: string;
  readonly turn: number;
}

/** What comes next in the line: the turn that is on, and how many of each person's jobs began in it. */
export interface Served {
  readonly turn: number;
  readonly begun: ReadonlyMap<string, number>;
}

export const NOTHING_SERVED: Served = { turn: 0, begun: new Map() };

/** @param line in its order: turns never fall. @returns where a further job of this person comes in, and its turn. */
export function placeOf(
  who: string,
  line: readonly Place[],
  served: Served,
): { readonly index: number; readonly place: Place } {
  const last = line.findLastIndex((each) => each.who === who);
  const before = line[last];
  const latest = before?.turn ?? served.turn;
  const waiting = line.filter((each) => each.who === who && each.turn === latest).length;
  const begun = latest === served.turn ? (served.begun.get(who) ?? 0) : 0;
  const turn = waiting + begun < JOBS_IN_A_TURN ? latest : latest + 1;
  // Behind their own, where some of the same turn wait; else behind all of that turn.
  if (before?.turn === turn) return { index: last + 1, place: { who, turn } };
  const next = line.findIndex((each) => each.turn > turn);
  return { index: next === -1 ? line.length : next, place: { who, turn } };
}

/** After a job has begun. */
export function afterBegun({ who, turn }: Place, served: Served): Served {
  const begun = turn === served.turn ? served.begun : new Map<string, number>();
  return { turn, begun: new Map(begun).set(who, (begun.get(who) ?? 0) + 1) };
}
