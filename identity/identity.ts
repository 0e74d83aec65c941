/** Who people are, and who stands at a panel: what the other rooms ask. Answers come from memory, at once. */
import type { Clock } from '../base/clock.ts';
import { Failure, messageOf } from '../base/errors.ts';
import type { FilePort } from '../base/files/port.ts';
import type { Log } from '../base/log.ts';
import type { Metrics } from '../base/metrics.ts';
import { type KeyedHash, keyedHash } from '../base/secrets/keyed-hash.ts';
import type { Key } from '../base/secrets/sealing.ts';
import { Activity } from './activity.ts';
import { canonicalCard, type RawSwipe } from './cards/card-number.ts';
import type { Conversion } from './cards/conversion.ts';
import { type CodePolicy, NewCodes, shareInUse, wordsOf } from './codes/policy.ts';
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
import type { Snapshot } from './index/snapshot.ts';
import { openIndexKey } from './index-key.ts';
import { LEAVER_TIME, Leavers } from './leavers.ts';
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
import type { Person, PersonId } from './person.ts';
import { type CardSignIn, type PinCheck, type SignIn, type SignInPlace, SignIns } from './sign-ins.ts';
import { Snapshots } from './snapshots.ts';
import { HERE, type IdentityStore, LARGEST_LISTING, type PeopleListing } from './store.ts';

export interface IdentityOptions {
  readonly store: IdentityStore;
  readonly gatewayKey: Key;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly guessing: Guessing;
  /** What an import must keep to; codes of any length are taken when there is none. */
  readonly codePolicy?: () => CodePolicy;
  /** Where the index is kept beside the store, so that a start need not build it; nowhere unless told. */
  readonly snapshot?: { readonly files: FilePort; readonly path: string };
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

type Listener = (change: PeopleChanged) => void;

export class Identity implements PeopleEngine {
  readonly #options: IdentityOptions;
  readonly #hash: KeyedHash;
  readonly #listeners = new Set<Listener>();
  readonly #signIns: SignIns;
  /** Replaced as a whole by every change. */
  #index: PeopleIndex;
  #lastNumber: PersonNumber;
  #changing = false;
  readonly #activity: Activity;
  readonly #leavers: Leavers;
  readonly #snapshots: Snapshots | undefined;
  readonly #plans = new WeakMap<PeoplePlan, Planned & { readonly from: PeopleIndex }>();

  private constructor(
    options: IdentityOptions,
    key: Key,
    index: PeopleIndex,
    lastNumber: PersonNumber,
    leavers: Leavers,
    snapshots: Snapshots | undefined,
  ) {
    this.#options = options;
    this.#hash = keyedHash(key);
    this.#index = index;
    this.#lastNumber = lastNumber;
    this.#leavers = leavers;
    this.#snapshots = snapshots;
    this.#activity = new Activity({
      ...options,
      isActive: (person) => this.isActive(person),
      ended: (people) => this.#tell({ updated: people, removed: [], disabled: people }),
    });
    this.#signIns = new SignIns({
      ...options,
      hash: this.#hash,
      index: () => this.#index,
      signedIn: (number, person) => this.#activity.note(number, person),
    });
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
    const { snapshot } = options;
    const snapshots = snapshot === undefined ? undefined : new Snapshots({ ...options, ...snapshot });
    const { index, lastNumber } = (await snapshots?.load()) ?? {
      index: await loadIndex(store),
      lastNumber: await store.lastNumber(),
    };
    options.log.info('people loaded', { people: index.size, credentials: index.credentials });
    const leavers = new Leavers(await store.leftSince(options.clock.now() - LEAVER_TIME));
    return new Identity(options, key, index, lastNumber, leavers, snapshots);
  }

  /** Writes down who signed in last, and the snapshot. */
  async close(): Promise<void> {
    await this.#activity.close();
    await this.#snapshots?.close();
  }

  /** See `SignIns.byCode`. */
  signInWithCode(code: string, where: SignInPlace): SignIn {
    return this.#signIns.byCode(code, where);
  }

  /** See `SignIns.byCard`. @param conversion of the reader */
  signInWithCard(swipe: RawSwipe, conversion: Conversion, where: SignInPlace): CardSignIn {
    return this.#signIns.byCard(swipe, conversion, where);
  }

  /** See `SignIns.byCardAndPin`. */
  signInWithCardAndPin(swipe: RawSwipe, conversion: Conversion, pin: string, where: SignInPlace): SignIn {
    return this.#signIns.byCardAndPin(swipe, conversion, pin, where);
  }

  /** See `SignIns.checkPin`. */
  verifyPin(person: PersonId, pin: string, where: SignInPlace): PinCheck {
    return this.#signIns.checkPin(person, pin, where);
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

  /** Since when somebody may not sign in; undefined while they may. Milliseconds since 1970; 0: longer than a day. */
  leftAt(id: PersonId): number | undefined {
    if (this.isActive(id)) return undefined;
    const number = this.#index.numberOf(id);
    const entry = number === undefined ? undefined : this.#index.entry(number);
    return entry?.enabled && entry.expiresAt !== undefined ? entry.expiresAt : this.#leavers.leftAt(id);
  }

  /**
   * The person with that user name, without regard to case: `name`, `DOMAIN\name` or `name@domain`, where DOMAIN is the
   * domain or its first label. Undefined when nobody has it, or more than one.
   */
  byUserName(name: string): Person | undefined {
    const [number, ...others] = withQualifiedName(this.#index, name);
    return number === undefined || others.length > 0 ? undefined : this.#index.byNumber(number);
  }

  /** Whether anybody has it, in whatever domain. */
  hasUserName(name: string): boolean {
    return this.#index.withUserName(name).length > 0;
  }

  /** Cards, codes and PINs that are known. */
  get credentials(): number {
    return this.#index.credentials;
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
      await this.#adopt({ index, lastNumber }, summary);
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

  /** Whoever has each of these, written as the directory does; for administrators only. In slices. */
  async holdersOf(kind: 'card' | 'code', texts: readonly string[]): Promise<(Person | undefined)[]> {
    const holders: (Person | undefined)[] = [];
    await new Turns(this.#options.clock).forEach(texts, (text) => {
      const form = kind === 'card' ? canonicalCard(text) : canonicalCode(text);
      const key = form === undefined ? undefined : CredentialKey(this.#hash, kind, form);
      holders.push(key === undefined ? undefined : this.#index.byCredential(key));
    });
    return holders;
  }

  /** Of all codes of that length, how many sign somebody in: 0 to 1; see {@link shareInUse}. */
  async shareOfCodes(digits: number): Promise<number> {
    if (this.#index.credentials === 0) return 0;
    const turns = new Turns(this.#options.clock);
    return shareInUse(digits, (code) => this.#activeKey(code, this.#index) !== undefined, turns);
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
    const fresh = new NewCodes();
    const reader = new RowReader(problems, (code) => {
      const key = CredentialKey(this.#hash, 'code', code);
      if (!this.#index.isTaken(key)) fresh.note(code.length, key);
      return key;
    });
    const turns = new Turns(clock);
    await readCsv(content, problems, (record) => reader.take(record), turns);
    reader.finish();
    const people = { index: this.#index, store, lastNumber: this.#lastNumber };
    const planned = await planImport(reader.rows, people, clock.now(), problems, turns);
    await this.#judgeLengths(fresh, planned.index, problems, turns);
    if (problems.count > 0) {
      log.warn('people import refused', { rows: reader.rows.length, problems: problems.count });
      return { applied: false, problems: problems.list(), count: problems.count };
    }
    await store.apply(planned.change);
    const lastNumber = this.#lastNumber + planned.report.created;
    await this.#adopt({ index: planned.index, lastNumber }, { ...planned, disabled: [] });
    log.info('people imported', { ...planned.report });
    return { applied: true, report: planned.report };
  }

  async #judgeLengths(fresh: NewCodes, after: PeopleIndex, problems: Problems, turns: Turns): Promise<void> {
    const policy = this.#options.codePolicy?.();
    if (policy === undefined) return;
    const advice = 'see holdfast codes lengths; codes.accept-risk takes them all the same';
    for (const refused of await fresh.refused((code) => this.#activeKey(code, after), policy, turns)) {
      problems.add(1, 'CODE', `${wordsOf(refused, policy)}; ${advice}`);
    }
  }

  /** Of a code that signs somebody in. */
  #activeKey(code: string, index: PeopleIndex): CredentialKey | undefined {
    const key = CredentialKey(this.#hash, 'code', code);
    return index.holderOf(key, this.#options.clock.now())?.active === true ? key : undefined;
  }

  /** What the store has kept already. */
  async #adopt(people: Snapshot, change: PeopleChanged): Promise<void> {
    this.#index = people.index;
    this.#lastNumber = people.lastNumber;
    this.#leavers.take(change, this.#options.clock.now(), (id) => this.isActive(id));
    this.#tell(change);
    // Within the change, so that a snapshot can never pass for that of later people.
    await this.#snapshots?.changed(people);
  }

  #tell({ updated, removed, disabled }: PeopleChanged): void {
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
