/** Signing in by card, code and PIN: from memory, at once, and no faster than guessing may go. */
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Metrics } from '../base/metrics.ts';
import type { KeyedHash } from '../base/secrets/keyed-hash.ts';
import { Milliseconds } from '../base/units.ts';
import type { RawSwipe } from './cards/card-number.ts';
import { type Conversion, convert } from './cards/conversion.ts';
import { CredentialKey, canonicalCode } from './credential.ts';
import type { Guessing } from './guessing/guessing.ts';
import type { PeopleIndex, PersonNumber } from './index/people-index.ts';
import { readValue } from './people/values.ts';
import type { Person, PersonId } from './person.ts';

export type SignIn =
  | { readonly ok: true; readonly person: Person }
  | {
      readonly ok: false;
      /** `throttled`: the code was not even looked at. */
      readonly reason: 'unknown' | 'throttled';
      /** Until the panel takes a code again; 0 when it does at once. */
      readonly retryAfter: Milliseconds;
    };

export type PinCheck = { readonly ok: true } | Extract<SignIn, { readonly ok: false }>;

/** `pin-needed`: the code was not looked at; every code takes a PIN beside it, see {@link SignIns.byCodeAndPin}. */
export type CodeSignIn = SignIn | { readonly ok: false; readonly reason: 'pin-needed' };

/** `pin-needed`: the card was not looked at; too many unknown ones were read here, so it now takes a PIN beside it. */
export type CardSignIn = SignIn | { readonly ok: false; readonly reason: 'pin-needed' };

/** Where somebody stands who signs in: the server's own names, never ones that a client sent. */
export interface SignInPlace {
  readonly panel: string;
  readonly reader?: string;
  /** The panel is known by so little that codes have half their budget there. */
  readonly isWeak?: boolean;
}

const EVENTS = {
  code: {
    ok: 'signed in by code',
    wrong: 'wrong code',
    inactive: 'code of somebody who may not sign in',
    stale: 'code of somebody whose directory was not reached for too long',
    throttled: 'code refused unread after wrong ones',
  },
  card: {
    ok: 'signed in by card',
    wrong: 'unknown card',
    inactive: 'card of somebody who may not sign in',
    stale: 'card of somebody whose directory was not reached for too long',
    throttled: 'card taken only with a PIN after unknown ones',
  },
  pin: { throttled: 'PIN refused unread after wrong ones' },
} as const;

export interface SignInsOptions {
  readonly hash: KeyedHash;
  /** As it is now. */
  index(): PeopleIndex;
  signedIn(number: PersonNumber, person: PersonId): void;
  /** Whether the person's directory was not reached for so long that this kind opens nothing. */
  isStale(number: PersonNumber, kind: 'card' | 'code'): boolean;
  readonly guessing: Guessing;
  readonly codesNeedPin?: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

export class SignIns {
  readonly #options: SignInsOptions;
  readonly #hash: KeyedHash;
  readonly #signIns;

  constructor(options: SignInsOptions) {
    this.#options = options;
    this.#hash = options.hash;
    this.#signIns = options.metrics.counter('sign_ins_total', 'Tries to sign in at a panel', [
      'kind',
      'outcome',
    ]);
  }

  get #index(): PeopleIndex {
    return this.#options.index();
  }

  /**
   * The person whose code it is. Wrong codes slow down the place where they are typed: while it waits, a right code is
   * refused too, and people elsewhere notice nothing. A code of somebody who may not sign in is a wrong one. Where codes
   * need a PIN the answer is `pin-needed` to every code, so that nobody learns which are right.
   */
  byCode(code: string, where: SignInPlace): CodeSignIn {
    const admission = this.#options.guessing.admit('code', where);
    if (admission.admit === 'wait') return this.#unread('code', where, admission.wait);
    if (this.#options.codesNeedPin?.() === true) return { ok: false, reason: 'pin-needed' };
    return this.#signIn('code', where, canonicalCode(code));
  }

  /** The person whose code and PIN they are. Tells nobody which of the two was wrong, nor whether the code is known. */
  byCodeAndPin(code: string, pin: string, where: SignInPlace): SignIn {
    const admission = this.#options.guessing.admit('code', where);
    if (admission.admit === 'wait') return this.#unread('code', where, admission.wait);
    return this.#signIn('code', where, canonicalCode(code), { pin });
  }

  /**
   * The person whose card it is. Unknown cards are counted by themselves; past their budget none, known or not, is
   * enough without a PIN.
   * @param conversion of the reader
   */
  byCard(swipe: RawSwipe, conversion: Conversion, where: SignInPlace): CardSignIn {
    return this.#byCard(swipe, conversion, where, true);
  }

  /**
   * The person whose card it is, where a card always takes a PIN beside it: nobody is signed in yet. Unknown cards are
   * counted as {@link byCard} does.
   */
  holderOfCard(swipe: RawSwipe, conversion: Conversion, where: SignInPlace): CardSignIn {
    return this.#byCard(swipe, conversion, where, false);
  }

  #byCard(swipe: RawSwipe, conversion: Conversion, where: SignInPlace, isEnough: boolean): CardSignIn {
    if (this.#options.guessing.admit('card', where).admit !== 'yes') {
      this.#unread('card', where, Milliseconds(0));
      return { ok: false, reason: 'pin-needed' };
    }
    const converted = convert(swipe, conversion);
    const form = converted.ok ? converted.card : undefined;
    return this.#signIn('card', where, form, isEnough ? {} : { lookOnly: true });
  }

  /**
   * The person whose card and PIN they are, wherever {@link byCard} said that a PIN is needed. Tells nobody
   * which of the two was wrong. Wrong ones slow down that panel, and the owner of the card at every panel; but whoever
   * signed in there lately answers only for what was tried with their own card.
   */
  byCardAndPin(swipe: RawSwipe, conversion: Conversion, pin: string, where: SignInPlace): SignIn {
    const { clock, log, guessing } = this.#options;
    const card = convert(swipe, conversion);
    const found = card.ok
      ? this.#index.holderOf(CredentialKey(this.#hash, 'card', card.card), clock.now())
      : undefined;
    const holder = found?.active === true && !this.#options.isStale(found.number, 'card') ? found : undefined;
    const place = holder === undefined ? where : { ...where, owner: holder.person.id };
    const admission = guessing.admit('pin', place);
    if (admission.admit === 'wait') return this.#unread('pin', where, admission.wait);
    if (holder !== undefined && this.#isPinOf(holder.person.id, pin)) {
      this.#signIns.inc({ kind: 'card', outcome: 'ok' });
      this.#signedIn(holder, where);
      log.info('signed in by card and PIN', { panel: where.panel, person: holder.person.id });
      return { ok: true, person: holder.person };
    }
    const forOthers = guessing.admit('pin', where);
    if (forOthers.admit === 'wait' && holder !== undefined) {
      // Looked at as they are known here, and answered as if it had not been: else it would tell a known card.
      guessing.wrong('pin', { ...where, person: holder.person.id });
      return this.#unread('pin', where, forOthers.wait);
    }
    const retryAfter = guessing.wrong('pin', place);
    this.#signIns.inc({ kind: 'pin', outcome: 'unknown' });
    log.warn('wrong card or PIN', { panel: where.panel, retryAfterMs: Math.ceil(retryAfter) });
    return { ok: false, reason: 'unknown', retryAfter };
  }

  #signedIn({ number, person }: { readonly number: PersonNumber; readonly person: Person }, at: SignInPlace) {
    this.#options.signedIn(number, person.id);
    this.#options.guessing.right(at, person.id);
  }

  #unread(
    kind: keyof typeof EVENTS,
    { panel }: SignInPlace,
    wait: Milliseconds,
  ): Extract<SignIn, { ok: false }> {
    this.#signIns.inc({ kind, outcome: 'throttled' });
    this.#options.log.warn(EVENTS[kind].throttled, { panel, retryAfterMs: Math.ceil(wait) });
    return { ok: false, reason: 'throttled', retryAfter: wait };
  }

  /** `pin`: wanted beside it. `lookOnly`: whose it is, nobody is signed in by it. */
  #signIn(
    kind: 'card' | 'code',
    where: SignInPlace,
    form: string | undefined,
    { pin, lookOnly = false }: { readonly pin?: string; readonly lookOnly?: boolean } = {},
  ): SignIn {
    const { clock, log, guessing } = this.#options;
    const { panel } = where;
    const found =
      form === undefined
        ? undefined
        : this.#index.holderOf(CredentialKey(this.#hash, kind, form), clock.now());
    const withPin = found === undefined || pin === undefined || this.#isPinOf(found.person.id, pin);
    const holder = withPin ? found : undefined;
    const stale = holder?.active === true && this.#options.isStale(holder.number, kind);
    if (holder?.active && !stale) {
      if (lookOnly) return { ok: true, person: holder.person };
      this.#signIns.inc({ kind, outcome: 'ok' });
      this.#signedIn(holder, where);
      log.info(EVENTS[kind].ok, { panel, person: holder.person.id });
      return { ok: true, person: holder.person };
    }
    const retryAfter = guessing.wrong(kind, where);
    const why = stale ? 'stale' : 'inactive';
    this.#signIns.inc({ kind, outcome: holder === undefined ? 'unknown' : why });
    const retryAfterMs = Math.ceil(retryAfter);
    if (holder === undefined) log.warn(EVENTS[kind].wrong, { panel, retryAfterMs });
    else log.warn(EVENTS[kind][why], { panel, retryAfterMs, person: holder.person.id });
    return { ok: false, reason: 'unknown', retryAfter };
  }

  /**
   * Whether the PIN is that person's: the second factor after a card. Wrong ones are throttled for each person at each
   * panel, so that nobody is locked out by guesses made elsewhere.
   */
  checkPin(person: PersonId, pin: string, where: SignInPlace): PinCheck {
    const { log, guessing } = this.#options;
    const place = { ...where, person };
    const admission = guessing.admit('pin', place);
    if (admission.admit === 'wait') return this.#unread('pin', where, admission.wait);
    if (this.#isPinOf(person, pin)) {
      this.#signIns.inc({ kind: 'pin', outcome: 'ok' });
      return { ok: true };
    }
    const retryAfter = guessing.wrong('pin', place);
    this.#signIns.inc({ kind: 'pin', outcome: 'unknown' });
    log.warn('wrong PIN', { panel: where.panel, person, retryAfterMs: Math.ceil(retryAfter) });
    return { ok: false, reason: 'unknown', retryAfter };
  }

  #isPinOf(person: PersonId, pin: string): boolean {
    const key = readValue(this.#hash, 'pin', pin, person)?.key;
    return key !== undefined && this.#index.holderOf(key, this.#options.clock.now())?.active === true;
  }
}
