/** Guessing at all panels and readers: who may try now, what a wrong try costs, and who has to know of it. */
import type { Alerts } from '../../base/alerts.ts';
import type { Clock } from '../../base/clock.ts';
import { Days, Milliseconds } from '../../base/units.ts';
import { GUESSING_DEFAULTS, type GuessingLimits } from './limits.ts';
import {
  afterGuess,
  type GuessKind,
  isCardEnough,
  isSpent,
  type PlaceState,
  QUIET_PLACE,
  QUIET_SITE,
  type SiteState,
  unforgiven,
  waitAt,
} from './machine.ts';

export interface GuessingOptions {
  readonly clock: Clock;
  readonly alerts: Alerts;
  /** {@link GUESSING_DEFAULTS} unless told. */
  readonly limits?: GuessingLimits;
}

/** The server's own names, never ones that a client sent. */
export interface GuessPlace {
  readonly panel: string;
  /** Counted too, wherever it is plugged in. */
  readonly reader?: string;
  /** Of a PIN after a card that was taken: others at the same panel are not slowed down by it. */
  readonly person?: string;
  /** Of a PIN typed together with a card: whose card it is. It is counted for them, and for all at that panel. */
  readonly owner?: string;
  /** The panel is known by so little that codes have half their budget there. */
  readonly isWeak?: boolean;
}

/**
 * What to do with a credential before it is looked at. `with-pin`: a card, known or not, says nothing without its PIN
 * now. `wait`: nothing is looked at, a right one neither, else guessing would go on.
 */
export type Admission =
  | { readonly admit: 'yes' }
  | { readonly admit: 'with-pin' }
  | { readonly admit: 'wait'; readonly wait: Milliseconds };

/** More than any gateway has; past it the one whose last wrong try is the longest ago is forgotten. */
const MOST_PLACES = 10_000;
/** So many budgets of a place are spent: no person at a keypad waits through all those delays. */
const ALARMING = 2;
/** So many budgets of one place has a person's PIN at all places together. */
const PERSON_BUDGETS = 2;
/** So long after they signed in there people are known at a panel. */
const KNOWN = Days(7);
const MOST_KNOWN = 20_000;

export const SITE_ALERT = 'guessing site';
const WORDS: Readonly<Record<GuessKind, string>> = {
  code: 'codes',
  card: 'cards',
  pin: 'PINs',
  password: 'passwords',
};

export class Guessing {
  readonly #clock: Clock;
  readonly #alerts: Alerts;
  readonly #limits: GuessingLimits;
  /** In the order of the last wrong try. */
  readonly #places = new Map<string, PlaceState>();
  /** Alerts that this has raised. */
  readonly #raised = new Set<string>();
  /** Wrong PINs of each person at all places, in the order of the last one: a stolen card is tried at many panels. */
  readonly #people = new Map<string, SiteState>();
  /** When people signed in last, by panel and person; in that order. */
  readonly #known = new Map<string, number>();
  #site: SiteState = QUIET_SITE;

  constructor({ clock, alerts, limits = GUESSING_DEFAULTS }: GuessingOptions) {
    this.#clock = clock;
    this.#alerts = alerts;
    this.#limits = limits;
  }

  admit(kind: GuessKind, place: GuessPlace): Admission {
    const now = this.#clock.monotonic();
    const { owner, ...others } = place;
    // Whoever is known there answers only for what was tried with their own card.
    const counted =
      owner !== undefined && this.#isKnown(place.panel, owner) ? { ...others, person: owner } : place;
    const states = keysOf(kind, counted).map((key) => this.#places.get(key) ?? QUIET_PLACE);
    if (kind === 'card') {
      const enough = states.every((state) => isCardEnough(state, this.#site, now, this.#limits));
      return { admit: enough ? 'yes' : 'with-pin' };
    }
    const wait = Math.max(...states.map((state) => waitAt(state, now)));
    return wait > 0 ? { admit: 'wait', wait: Milliseconds(wait) } : { admit: 'yes' };
  }

  /** Somebody signed in there: for a week they are not slowed down at that panel by what others try. */
  right({ panel }: GuessPlace, person: string): void {
    keepNewest(this.#known, `${panel}\0${person}`, this.#clock.monotonic(), MOST_KNOWN);
  }

  #isKnown(panel: string, person: string): boolean {
    const at = this.#known.get(`${panel}\0${person}`);
    return at !== undefined && this.#clock.monotonic() - at <= KNOWN;
  }

  /**
   * Counts a wrong try that was admitted with `yes`; of a card and its PIN together, as a wrong `pin`. There is no
   * counterpart for a right one: only time forgives, so that nobody buys new guesses with a code of their own.
   * @returns how long nothing of this kind is looked at here; 0: the next try is taken at once
   */
  wrong(kind: GuessKind, place: GuessPlace): Milliseconds {
    const now = this.#clock.monotonic();
    const limits = kind === 'code' && place.isWeak === true ? withHalfTheCodes(this.#limits) : this.#limits;
    let site = this.#site;
    let wait = 0;
    const person = place.person ?? place.owner;
    const isPersonSpent = person !== undefined && this.#isSpentByPerson(person, now);
    const own = person === undefined ? [] : keysOf(kind, { ...place, person });
    for (const key of keysOf(kind, place)) {
      const after = afterGuess(
        this.#places.get(key) ?? QUIET_PLACE,
        this.#site,
        now,
        kind,
        limits,
        isPersonSpent && own.includes(key),
      );
      site = after.site;
      wait = Math.max(wait, waitAt(after.place, now));
      this.#keep(key, after.place);
    }
    this.#site = site;
    this.#lookAtSite();
    this.#lookAtPanel(kind, place);
    return Milliseconds(wait);
  }

  /** An unknown card was no guess: whoever has it made it theirs there. Each person can do so a few times only. */
  forgiveCard(place: GuessPlace): void {
    for (const key of keysOf('card', place)) {
      const state = this.#places.get(key);
      if (state === undefined) continue;
      this.#places.set(key, { ...state, own: { ...state.own, wrong: Math.max(0, state.own.wrong - 1) } });
    }
    this.#site = { ...this.#site, wrong: Math.max(0, this.#site.wrong - 1) };
  }

  /** Counts one more. A place where that person mistyped nothing still looks at one try: the right one is theirs. */
  #isSpentByPerson(person: string, now: number): boolean {
    const { budget, forgiveEvery } = this.#limits.code;
    const before = this.#people.get(person) ?? QUIET_SITE;
    const wrong = unforgiven(before, now, forgiveEvery) + 1;
    keepNewest(this.#people, person, { wrong, at: now });
    return wrong > budget * PERSON_BUDGETS;
  }

  #keep(key: string, state: PlaceState): void {
    keepNewest(this.#places, key, state);
  }

  #lookAtSite(): void {
    const { budget, forgiveEvery } = this.#limits.site;
    this.#look(SITE_ALERT, {
      isAlarming: () => isSpent(this.#site, this.#clock.monotonic(), this.#limits.site),
      // Half of it, so that the alert does not come and go with every guess.
      untilOver: () =>
        (unforgiven(this.#site, this.#clock.monotonic(), forgiveEvery) - budget / 2) * forgiveEvery,
      message: `${budget} wrong codes, cards, PINs and passwords in a short time: somebody guesses; panels where they were typed slow down`,
    });
  }

  #lookAtPanel(kind: GuessKind, place: GuessPlace): void {
    const { panel, person } = place;
    const [panelKey = ''] = keysOf(kind, place);
    const { budget, forgiveEvery } = kind === 'card' ? this.#limits.card : this.#limits.code;
    const wrong = () => {
      const { own } = this.#places.get(panelKey) ?? QUIET_PLACE;
      return unforgiven(own, this.#clock.monotonic(), forgiveEvery);
    };
    // Past its budget a panel looks at no card alone, so its count stays there.
    const alarming = kind === 'card' ? budget - 1 : budget * ALARMING;
    this.#look(`guessing ${kind} ${panel}${person === undefined ? '' : ` ${person}`}`, {
      isAlarming: () => wrong() > alarming,
      untilOver: () => (wrong() - budget / 2) * forgiveEvery,
      message: `somebody seems to guess ${WORDS[kind]} at the panel "${panel}"`,
    });
  }

  #look(key: string, alert: { isAlarming(): boolean; untilOver(): number; readonly message: string }): void {
    if (this.#raised.has(key) || !alert.isAlarming()) return;
    this.#raised.add(key);
    this.#alerts.raise({ kind: 'security', key, message: alert.message });
    const lookAgain = () => {
      const left = alert.untilOver();
      if (left > 0) {
        // A millisecond more: fractions must not make it look for ever.
        this.#clock.after(Milliseconds(Math.ceil(left) + 1), lookAgain);
        return;
      }
      this.#raised.delete(key);
      this.#alerts.clear(key);
    };
    lookAgain();
  }
}

function keepNewest<Value>(map: Map<string, Value>, key: string, value: Value, most = MOST_PLACES): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}

const withHalfTheCodes = (limits: GuessingLimits): GuessingLimits => ({
  ...limits,
  code: { ...limits.code, budget: Math.max(1, Math.floor(limits.code.budget / 2)) },
});

/** Those of all at that place first. */
function keysOf(kind: GuessKind, { panel, reader, person, owner }: GuessPlace): string[] {
  const places = reader === undefined ? [`panel\0${panel}`] : [`panel\0${panel}`, `reader\0${reader}`];
  const whose = person !== undefined ? [person] : owner !== undefined ? ['', owner] : [''];
  return whose.flatMap((each) => places.map((place) => `${kind}\0${place}\0${each}`));
}
