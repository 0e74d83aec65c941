/** Whose wrong passwords count together, and where one who is known there is left alone by what others guess. */
import { addressKey } from '../../base/networks.ts';
import { Days, type Milliseconds, Minutes } from '../../base/units.ts';
import { Throttle, type ThrottleLimits } from '../throttle.ts';

/** Where somebody tries to be somebody. */
export interface GuessPlace {
  /** Of the name at the address. */
  readonly key: string;
  /** Tries of the same line are looked at one after the other. */
  readonly line: string;
  /** This name was proved from exactly this address lately. */
  readonly known: boolean;
  readonly name: string;
  readonly network: string;
  readonly exact: string;
}

/** One address tries for several people: a terminal server, a network behind NAT. */
const BUDGETS_PER_ADDRESS = 10;
/** One name is tried from several addresses: a laptop here and there, a new password that not every device has yet. */
const BUDGETS_PER_NAME = 10;
/** Who has not proved the name from there waits so long at the most for what others guessed elsewhere. */
const LONGEST_FOR_OTHERS = Minutes(1);
/** So long after the last right password an address is still known. */
const KNOWN = Days(7);
const MOST_KNOWN = 10_000;

/**
 * Three budgets: of a name at an address, of an address for all names, of a name at all addresses. Where the name was
 * proved lately only the first counts, so that nobody who guesses elsewhere, or next door, can slow its owner down there.
 */
export class GuessThrottle {
  readonly #ofBoth: Throttle;
  readonly #ofAddress: Throttle;
  readonly #ofName: Throttle;
  /** When each name was proved at an address last, by the clock's monotonic time; in that order. */
  readonly #known = new Map<string, number>();

  constructor(limits: ThrottleLimits) {
    this.#ofBoth = new Throttle(limits);
    this.#ofAddress = new Throttle({ ...limits, budget: limits.budget * BUDGETS_PER_ADDRESS });
    const longestDelay = limits.longestDelay < LONGEST_FOR_OTHERS ? limits.longestDelay : LONGEST_FOR_OTHERS;
    this.#ofName = new Throttle({ ...limits, budget: limits.budget * BUDGETS_PER_NAME, longestDelay });
  }

  /** @param name as one compares user names. @param now of the clock's monotonic time, as everywhere here */
  place(name: string, address: string, now: number): GuessPlace {
    const exact = `${address}\0${name}`;
    const network = addressKey(address);
    const provedAt = this.#known.get(exact);
    if (provedAt === undefined || now - provedAt > KNOWN) {
      return { key: `${network}\0${name}`, line: network, known: false, name, network, exact };
    }
    return { key: `known\0${exact}`, line: `known\0${exact}`, known: true, name, network, exact };
  }

  /** 0: a try is taken now. */
  waitOf({ key, network, name, known }: GuessPlace, now: number): Milliseconds {
    const own = this.#ofBoth.waitOf(key, now);
    if (known) return own;
    const others = [this.#ofAddress.waitOf(network, now), this.#ofName.waitOf(name, now)];
    return others.reduce((longest, each) => (each > longest ? each : longest), own);
  }

  /** @returns how long to wait until the next one. */
  afterWrong(place: GuessPlace, now: number): Milliseconds {
    this.#ofBoth.afterWrong(place.key, now);
    if (!place.known) {
      this.#ofAddress.afterWrong(place.network, now);
      this.#ofName.afterWrong(place.name, now);
    }
    return this.waitOf(place, now);
  }

  afterRight({ exact }: GuessPlace, now: number): void {
    this.#known.delete(exact);
    this.#known.set(exact, now);
    if (this.#known.size <= MOST_KNOWN) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}
