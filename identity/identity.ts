/** Who people are, and who stands at a panel: what the other rooms ask. Answers come from memory, at once. */
import type { Clock } from '../base/clock.ts';
import { Failure, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Metrics } from '../base/metrics.ts';
import { type KeyedHash, keyedHash } from '../base/secrets/keyed-hash.ts';
import type { Key } from '../base/secrets/sealing.ts';
import { Milliseconds } from '../base/units.ts';
import { canonicalCard, type RawSwipe } from './cards/card-number.ts';
import { type Conversion, convert } from './cards/conversion.ts';
import { CODE_FORM, CredentialKey, canonicalCode } from './credential.ts';
import type { Guessing } from './guessing/guessing.ts';
import { readCsv } from './import/csv.ts';
import { type ImportReport, planImport } from './import/plan.ts';
import { type ImportProblem, Problems } from './import/problems.ts';
import { RowReader } from './import/rows.ts';
import { Turns } from './import/turns.ts';
import { loadIndex } from './index/load.ts';
import type { PeopleIndex, PersonNumber } from './index/people-index.ts';
import { withQualifiedName } from './index/qualified-name.ts';
import { openIndexKey } from './index-key.ts';
import type {
  CredentialEdit,
  PeopleDelta,
  PeopleEngine,
  PeoplePlan,
  PeopleReport,
  PersonKey,
  PersonProfile,
} from './people/draft.ts';
import { planEdits } from './people/edits.ts';
import { type Planned, type PlanningPeople, planDelta } from './people/planning.ts';
import { readProfiles } from './people/profiles.ts';
import { readValue } from './people/values.ts';
import type { Person, PersonId } from './person.ts';
import { HERE, type IdentityStore, LARGEST_LISTING, type PeopleListing } from './store.ts';

export interface IdentityOptions {
  readonly store: IdentityStore;
  readonly gatewayKey: Key;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly guessing: Guessing;
}

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

/** `pin-needed`: the card was not looked at; too many unknown ones were read here, so it now takes a PIN beside it. */
export type CardSignIn = SignIn | { readonly ok: false; readonly reason: 'pin-needed' };

/** Where somebody stands who signs in: the server's own names, never ones that a client sent. */
export interface SignInPlace {
  readonly panel: string;
  readonly reader?: string;
}

export type ImportOutcome =
  | { readonly applied: true; readonly report: ImportReport }
  /** Nothing was changed. `count` may be more than are told. */
  | { readonly applied: false; readonly problems: readonly ImportProblem[]; readonly count: number };

/** People who are not what they were. New people are in neither list: nobody holds anything of theirs yet. */
export interface PeopleChanged {
  readonly updated: readonly PersonId[];
  /** Their sessions must end. */
  readonly removed: readonly PersonId[];
  /** Among the updated: those who may sign in no more. Their sessions must end too. */
  readonly disabled: readonly PersonId[];
}

const EVENTS = {
  code: {
    ok: 'signed in by code',
    wrong: 'wrong code',
    inactive: 'code of somebody who may not sign in',
    throttled: 'code refused unread after wrong ones',
  },
  card: {
    ok: 'signed in by card',
    wrong: 'unknown card',
    inactive: 'card of somebody who may not sign in',
    throttled: 'card taken only with a PIN after unknown ones',
  },
  pin: { throttled: 'PIN refused unread after wrong ones' },
} as const;

type Listener = (change: PeopleChanged) => void;

export class Identity implements PeopleEngine {
  readonly #options: IdentityOptions;
  readonly #hash: KeyedHash;
  readonly #listeners = new Set<Listener>();
  readonly #signIns;
  /** Replaced as a whole by every change. */
  #index: PeopleIndex;
  #lastNumber: PersonNumber;
  #changing = false;
  readonly #plans = new WeakMap<PeoplePlan, Planned & { readonly from: PeopleIndex }>();

  private constructor(options: IdentityOptions, key: Key, index: PeopleIndex, lastNumber: PersonNumber) {
    this.#options = options;
    this.#hash = keyedHash(key);
    this.#index = index;
    this.#lastNumber = lastNumber;
    this.#signIns = options.metrics.counter('sign_ins_total', 'Tries to sign in at a panel', [
      'kind',
      'outcome',
    ]);
    options.metrics.gauge('people', 'People who are known', () => this.#index.size);
    options.metrics.gauge(
      'credentials',
      'Cards, codes and PINs that are known',
      () => this.#index.credentials,
    );
  }

  /**
   * Opens the index key and reads everybody into memory.
   * @throws Failure `index-key-missing`, `index-key-unreadable`
   */
  static async open(options: IdentityOptions): Promise<Identity> {
    const { store } = options;
    const key = await openIndexKey(store, options.gatewayKey);
    const index = await loadIndex(store);
    options.log.info('people loaded', { people: index.size, credentials: index.credentials });
    return new Identity(options, key, index, await store.lastNumber());
  }

  /**
   * The person whose code it is. Wrong codes slow down the place where they are typed: while it waits, a right code is
   * refused too, and people elsewhere notice nothing. A code of somebody who may not sign in is a wrong one.
   */
  signInWithCode(code: string, where: SignInPlace): SignIn {
    const admission = this.#options.guessing.admit('code', where);
    if (admission.admit === 'wait') return this.#unread('code', where, admission.wait);
    return this.#signIn('code', where, canonicalCode(code));
  }

  /**
   * The person whose card it is. Unknown cards are counted by themselves; past their budget none, known or not, is
   * enough without a PIN.
   * @param conversion of the reader
   */
  signInWithCard(swipe: RawSwipe, conversion: Conversion, where: SignInPlace): CardSignIn {
    if (this.#options.guessing.admit('card', where).admit !== 'yes') {
      this.#unread('card', where, Milliseconds(0));
      return { ok: false, reason: 'pin-needed' };
    }
    const converted = convert(swipe, conversion);
    return this.#signIn('card', where, converted.ok ? converted.card : undefined);
  }

  /**
   * The person whose card and PIN they are, wherever {@link signInWithCard} said that a PIN is needed. Tells nobody
   * which of the two was wrong.
   */
  signInWithCardAndPin(swipe: RawSwipe, conversion: Conversion, pin: string, where: SignInPlace): SignIn {
    const { clock, log, guessing } = this.#options;
    const admission = guessing.admit('pin', where);
    if (admission.admit === 'wait') return this.#unread('pin', where, admission.wait);
    const card = convert(swipe, conversion);
    const holder = card.ok
      ? this.#index.holderOf(CredentialKey(this.#hash, 'card', card.card), clock.now())
      : undefined;
    if (holder?.active && this.#isPinOf(holder.person.id, pin)) {
      this.#signIns.inc({ kind: 'card', outcome: 'ok' });
      log.info('signed in by card and PIN', { panel: where.panel, person: holder.person.id });
      return { ok: true, person: holder.person };
    }
    const retryAfter = guessing.wrong('pin', where);
    this.#signIns.inc({ kind: 'pin', outcome: 'unknown' });
    log.warn('wrong card or PIN', { panel: where.panel, retryAfterMs: Math.ceil(retryAfter) });
    return { ok: false, reason: 'unknown', retryAfter };
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

  #signIn(kind: 'card' | 'code', where: SignInPlace, form: string | undefined): SignIn {
    const { clock, log, guessing } = this.#options;
    const { panel } = where;
    const holder =
      form === undefined
        ? undefined
        : this.#index.holderOf(CredentialKey(this.#hash, kind, form), clock.now());
    if (holder?.active) {
      this.#signIns.inc({ kind, outcome: 'ok' });
      log.info(EVENTS[kind].ok, { panel, person: holder.person.id });
      return { ok: true, person: holder.person };
    }
    const retryAfter = guessing.wrong(kind, where);
    this.#signIns.inc({ kind, outcome: holder === undefined ? 'unknown' : 'inactive' });
    const retryAfterMs = Math.ceil(retryAfter);
    if (holder === undefined) log.warn(EVENTS[kind].wrong, { panel, retryAfterMs });
    else log.warn(EVENTS[kind].inactive, { panel, retryAfterMs, person: holder.person.id });
    return { ok: false, reason: 'unknown', retryAfter };
  }

  /**
   * Whether the PIN is that person's: the second factor after a card. Wrong ones are throttled for each person at each
   * panel, so that nobody is locked out by guesses made elsewhere.
   */
  verifyPin(person: PersonId, pin: string, where: SignInPlace): PinCheck {
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

  /** Sets a PIN, in place of the one before. @throws Failure `bad-pin`, `no-such-person`, `people-busy` */
  async setPin(person: PersonId, pin: string): Promise<void> {
    if (canonicalCode(pin) === undefined) throw new Failure('bad-pin', `a PIN has ${CODE_FORM}`);
    await this.edit([{ edit: 'issue', person, kind: 'pin', text: pin, rank: 'primary', replace: true }]);
  }

  /** @throws Failure `no-such-person`, `people-busy` */
  async removePin(person: PersonId): Promise<void> {
    await this.edit([{ edit: 'revoke', person, kind: 'pin' }]);
  }

  /** Undefined when there is no such person, or no more. Also people who are disabled: see {@link isActive}. */
  person(id: PersonId): Person | undefined {
    return this.#index.byId(id);
  }

  /** Whether somebody is there, enabled and not expired: by the clock, at once. */
  isActive(id: PersonId): boolean {
    return this.#index.isActive(id, this.#options.clock.now());
  }

  /**
   * The person with that user name, without regard to case: `name`, `DOMAIN\name` or `name@domain`, where DOMAIN is the
   * domain or its first label. Undefined when nobody has it, or more than one.
   */
  byUserName(name: string): Person | undefined {
    const [number, ...others] = withQualifiedName(this.#index, name);
    return number === undefined || others.length > 0 ? undefined : this.#index.byNumber(number);
  }

  /** People. */
  get size(): number {
    return this.#index.size;
  }

  /** A part of everybody, by user name. @throws RangeError when the limit is not 1 to 1,000. */
  async list(listing: PeopleListing): Promise<Person[]> {
    const { limit } = listing;
    if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_LISTING) {
      throw new RangeError(`not a limit from 1 to ${LARGEST_LISTING}: ${limit}`);
    }
    return this.#options.store.list(listing);
  }

  /** Called after every change that touches people who were there before. Gives the function that ends it. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Carries out a CSV file, all of it or nothing. When the promise resolves, an applied file is on disk and signs people
   * in. It is done in slices beside everything else; nobody ever sees half of it.
   * @throws Failure `people-busy` while another change is being made
   */
  async importPeople(content: Uint8Array): Promise<ImportOutcome> {
    return this.#alone(() => this.#import(content));
  }

  async preview(delta: PeopleDelta): Promise<PeoplePlan> {
    return this.#alone(() => this.#plan(delta.source, (...people) => planDelta(delta, ...people)));
  }

  async previewEdits(edits: Iterable<CredentialEdit>): Promise<PeoplePlan> {
    return this.#alone(() => this.#plan(HERE, (...people) => planEdits(edits, ...people)));
  }

  async apply(plan: PeoplePlan): Promise<PeopleReport> {
    const planned = this.#plans.get(plan);
    if (planned === undefined || planned.from !== this.#index) {
      throw new Failure('plan-outdated', 'people have changed since the plan was made', {
        advice: 'Preview it again',
      });
    }
    return this.#alone(async () => {
      const { change, summary, index, lastNumber } = planned;
      await this.#options.store.apply(change);
      this.#lastNumber = lastNumber;
      this.#adopt(index, summary);
      const { source, counts } = plan;
      const { gained, lost, ...people } = counts;
      const cards = { cardsGained: gained.cards, cardsLost: lost.cards };
      const codes = { codesGained: gained.codes, codesLost: lost.codes };
      this.#options.log.info('people changed', { source, ...people, ...cards, ...codes });
      return { ...counts, newPeople: summary.newPeople };
    });
  }

  /** {@link previewEdits} and {@link apply} in one, for what nobody needs to look at before. */
  async edit(edits: Iterable<CredentialEdit>): Promise<PeopleReport> {
    return this.apply(await this.previewEdits(edits));
  }

  async profile(id: PersonId): Promise<PersonProfile | undefined> {
    const number = this.#index.numberOf(id);
    if (number === undefined) return undefined;
    const [profile] = await readProfiles(this.#options.store, [number]);
    return profile;
  }

  async profiles({ after, limit }: { after?: PersonId; limit: number }): Promise<readonly PersonProfile[]> {
    if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_LISTING) {
      throw new RangeError(`not a limit from 1 to ${LARGEST_LISTING}: ${limit}`);
    }
    const last = after === undefined ? 0 : (this.#index.numberOf(after) ?? this.#lastNumber);
    const { numbers } = await this.#options.store.peoplePage(last, limit);
    return readProfiles(this.#options.store, [...numbers]);
  }

  idOf(key: PersonKey): PersonId | undefined {
    const number = this.#index.withKey(key);
    return number === undefined ? undefined : this.#index.byNumber(number)?.id;
  }

  isTaken(kind: 'card' | 'code', text: string): boolean {
    const form = kind === 'card' ? canonicalCard(text) : canonicalCode(text);
    return form !== undefined && this.#index.isTaken(CredentialKey(this.#hash, kind, form));
  }

  async #plan(
    source: string,
    plan: (people: PlanningPeople, at: number, turns: Turns) => Promise<Planned>,
  ): Promise<PeoplePlan> {
    const { store, clock } = this.#options;
    const from = this.#index;
    const people = { index: from, store, lastNumber: this.#lastNumber, hash: this.#hash };
    const planned = await plan(people, clock.now(), new Turns(clock));
    const told = planned.summary.plan(source, planned.counts);
    this.#plans.set(told, { ...planned, from });
    return told;
  }

  /** One change at a time, each planned from what the one before has left. */
  async #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#changing) {
      throw new Failure('people-busy', 'another change of people is being made', {
        advice: 'Try again when it is done',
      });
    }
    this.#changing = true;
    try {
      return await work();
    } finally {
      this.#changing = false;
    }
  }

  async #import(content: Uint8Array): Promise<ImportOutcome> {
    const { store, clock, log } = this.#options;
    const problems = new Problems();
    const reader = new RowReader(problems, (code) => CredentialKey(this.#hash, 'code', code));
    const turns = new Turns(clock);
    await readCsv(content, problems, (record) => reader.take(record), turns);
    reader.finish();
    const people = { index: this.#index, store, lastNumber: this.#lastNumber };
    const planned = await planImport(reader.rows, people, clock.now(), problems, turns);
    if (problems.count > 0) {
      log.warn('people import refused', { rows: reader.rows.length, problems: problems.count });
      return { applied: false, problems: problems.list(), count: problems.count };
    }
    await store.apply(planned.change);
    this.#lastNumber += planned.report.created;
    this.#adopt(planned.index, { ...planned, disabled: [] });
    log.info('people imported', { ...planned.report });
    return { applied: true, report: planned.report };
  }

  #adopt(index: PeopleIndex, { updated, removed, disabled }: PeopleChanged): void {
    this.#index = index;
    if (updated.length + removed.length === 0) return;
    for (const listener of this.#listeners) {
      try {
        listener({ updated, removed, disabled });
      } catch (error) {
        // The change is made, whatever becomes of those who are told.
        this.#options.log.error('listener to changes of people failed', { error: messageOf(error) });
      }
    }
  }
}
