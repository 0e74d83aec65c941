/** Who people are, and who stands at a panel: what the other rooms ask. Answers come from memory, at once. */
import type { Clock } from '../base/clock.ts';
import { Failure, messageOf } from '../base/errors.ts';
import type { FilePort } from '../base/files/port.ts';
import type { Log } from '../base/log.ts';
import type { Metrics } from '../base/metrics.ts';
import { type KeyedHash, keyedHash } from '../base/secrets/keyed-hash.ts';
import type { Key } from '../base/secrets/sealing.ts';
import { Activity } from './activity.ts';
import type { RawSwipe } from './cards/card-number.ts';
import type { Conversion } from './cards/conversion.ts';
import type { CodeDelivery } from './codes/mails/rows.ts';
import type { CodePolicy } from './codes/policy.ts';
import { CODE_FORM, canonicalCode } from './credential.ts';
import type { ContactAges } from './directory/contact.ts';
import type { Guessing } from './guessing/guessing.ts';
import { type ImportOptions, type ImportOutcome, importFile } from './import/file.ts';
import { loadIndex } from './index/load.ts';
import type { Snapshot } from './index/snapshot.ts';
import { openIndexKey } from './index-key.ts';
import { LEAVER_TIME, Leavers } from './leavers.ts';
import { LookUps } from './look-ups.ts';
import type { PeopleChanged } from './people/changed.ts';
import type { CredentialEdit, PeopleDelta, PeopleEngine, PeoplePlan, PeopleReport } from './people/draft.ts';
import { Plans } from './people/plans.ts';
import type { PersonId } from './person.ts';
import {
  type CardSignIn,
  type CodeSignIn,
  type PinCheck,
  type SignIn,
  type SignInPlace,
  SignIns,
} from './sign-ins.ts';
import { Snapshots } from './snapshots.ts';
import type { IdentityStore } from './store.ts';

export interface IdentityOptions {
  readonly store: IdentityStore;
  readonly gatewayKey: Key;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly guessing: Guessing;
  /** What an import must keep to; codes of any length are taken when there is none. */
  readonly codePolicy?: () => CodePolicy;
  /** How long credentials of a directory's people open without contact to it; for ever when there is none. */
  readonly ages?: Pick<ContactAges, 'isTooOld'>;
  /** Whether each new person gets a code by itself, see `codes/new-people.ts`. */
  readonly codesForNewPeople?: () => boolean;
  /** Whether a code takes a PIN beside it. */
  readonly codesNeedPin?: () => boolean;
  /** Where the index is kept beside the store, so that a start need not build it; nowhere unless told. */
  readonly snapshot?: { readonly files: FilePort; readonly path: string };
}

type Listener = (change: PeopleChanged) => void;

export class Identity extends LookUps implements PeopleEngine {
  readonly #options: IdentityOptions;
  readonly #hash: KeyedHash;
  readonly #listeners = new Set<Listener>();
  readonly #greeters = new Set<() => void>();
  readonly #signIns: SignIns;
  readonly #activity: Activity;
  readonly #leavers: Leavers;
  readonly #snapshots: Snapshots | undefined;
  readonly #plans: Plans;

  private constructor(
    options: IdentityOptions,
    key: Key,
    hash: KeyedHash,
    people: Snapshot,
    pinHolders: Uint32Array,
    leavers: Leavers,
    snapshots: Snapshots | undefined,
  ) {
    super({ ...options, hash, leavers }, people, pinHolders);
    this.#options = options;
    this.#hash = hash;
    this.#leavers = leavers;
    this.#snapshots = snapshots;
    this.#plans = new Plans({ ...options, hash, key, current: () => this.current });
    this.#activity = new Activity({
      ...options,
      isActive: (person) => this.isActive(person),
      ended: (people) => this.#tell({ updated: people, removed: [], disabled: people }),
    });
    this.#signIns = new SignIns({
      ...options,
      hash: this.#hash,
      index: () => this.current.index,
      isStale: (number, kind) =>
        options.ages?.isTooOld(this.current.index.entry(number)?.source ?? '', `${kind}s`) === true,
      signedIn: (number, person) => this.#activity.note(number, person),
    });
    options.metrics.gauge('people', 'People who are known', () => this.size);
    options.metrics.gauge('credentials', 'Cards, codes and PINs that are known', () => this.credentials);
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
    const people = (await snapshots?.load()) ?? {
      index: await loadIndex(store),
      lastNumber: await store.lastNumber(),
    };
    options.log.info('people loaded', { people: people.index.size, credentials: people.index.credentials });
    const leavers = new Leavers(await store.leftSince(options.clock.now() - LEAVER_TIME));
    return new Identity(options, key, keyedHash(key), people, await store.pinHolders(), leavers, snapshots);
  }

  /** Writes down who signed in last, and the snapshot. */
  async close(): Promise<void> {
    await this.#activity.close();
    await this.#snapshots?.close();
  }

  /** See `SignIns.byCode`. */
  signInWithCode(code: string, where: SignInPlace): CodeSignIn {
    return this.#signIns.byCode(code, where);
  }

  /** See `SignIns.byCodeAndPin`. */
  signInWithCodeAndPin(code: string, pin: string, where: SignInPlace): SignIn {
    return this.#signIns.byCodeAndPin(code, pin, where);
  }

  /** See `SignIns.byCard`. @param conversion of the reader */
  signInWithCard(swipe: RawSwipe, conversion: Conversion, where: SignInPlace): CardSignIn {
    return this.#signIns.byCard(swipe, conversion, where);
  }

  /** See `SignIns.holderOfCard`. */
  holderOfCard(swipe: RawSwipe, conversion: Conversion, where: SignInPlace): CardSignIn {
    return this.#signIns.holderOfCard(swipe, conversion, where);
  }

  /** See `SignIns.byCardAndPin`. */
  signInWithCardAndPin(swipe: RawSwipe, conversion: Conversion, pin: string, where: SignInPlace): SignIn {
    return this.#signIns.byCardAndPin(swipe, conversion, pin, where);
  }

  /** See `SignIns.checkPin`. */
  verifyPin(person: PersonId, pin: string, where: SignInPlace): PinCheck {
    return this.#signIns.checkPin(person, pin, where);
  }

  /** Somebody signed in by what is checked elsewhere: a password, a mailed code. */
  noteSignIn(person: PersonId): void {
    const number = this.current.index.numberOf(person);
    if (number !== undefined) this.#activity.note(number, person);
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

  /** Called after every change that touches people who were there before. Gives the function that ends it. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Called after every change with people who were not there before. */
  onNewPeople(listener: () => void): void {
    this.#greeters.add(listener);
  }

  /**
   * Carries out a file, all of it or nothing unless told otherwise. When the promise resolves, what was applied is on disk
   * and signs people in. It is done in slices beside everything else; nobody ever sees half of it.
   * @throws Failure `people-busy` while another change is being made; `too-many-collisions`
   */
  importPeople(content: Uint8Array, options: ImportOptions = {}): Promise<ImportOutcome> {
    const { store, clock, log, codePolicy } = this.#options;
    const people = {
      ...{ store, clock, log, codePolicy, hash: this.#hash },
      index: () => this.current.index,
      alone: <Result>(work: () => Promise<Result>) => this.#plans.alone(work),
      plan: async (delta: PeopleDelta) => {
        const plan = await this.#plans.delta(delta);
        return { plan, index: this.#plans.after(plan) };
      },
      carryOut: (plan: PeoplePlan) => this.#carryOut(plan),
    };
    return importFile(content, people, options);
  }

  async preview(delta: PeopleDelta): Promise<PeoplePlan> {
    return this.#plans.alone(() => this.#plans.delta(delta));
  }

  async previewEdits(edits: Iterable<CredentialEdit>): Promise<PeoplePlan> {
    return this.#plans.alone(() => this.#plans.edits(edits));
  }

  async apply(plan: PeoplePlan, delivery?: CodeDelivery): Promise<PeopleReport> {
    return this.#plans.alone(() => this.#carryOut(plan, delivery));
  }

  /** {@link previewEdits} and {@link apply} in one, for what nobody needs to look at before. */
  async edit(edits: Iterable<CredentialEdit>): Promise<PeopleReport> {
    return this.apply(await this.previewEdits(edits));
  }

  async #carryOut(plan: PeoplePlan, delivery?: CodeDelivery): Promise<PeopleReport> {
    const awaitsCodes = this.#options.codesForNewPeople?.() === true;
    const extras = { awaitsCodes, ...(delivery === undefined ? {} : { delivery }) };
    const { change, people, changed } = await this.#plans.stage(plan, extras);
    await this.#options.store.commit(change);
    await this.#adopt(people, changed);
    this.pinHolders = await this.#options.store.pinHolders();
    const { source, counts } = plan;
    const { gained, lost, ...numbers } = counts;
    const cards = { cardsGained: gained.cards, cardsLost: lost.cards };
    const codes = { codesGained: gained.codes, codesLost: lost.codes };
    this.#options.log.info('people changed', { source, ...numbers, ...cards, ...codes });
    if (counts.created > 0) this.#greet();
    return counts;
  }

  #greet(): void {
    for (const greet of this.#greeters) greet();
  }

  /** What the store has kept already. */
  async #adopt(people: Snapshot, change: PeopleChanged): Promise<void> {
    this.current = people;
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
