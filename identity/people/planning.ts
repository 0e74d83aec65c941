/** Thinks through what a source says: who comes, changes and goes, and which cards and codes with them. */
import { randomUUID } from 'node:crypto';
import { ANY_CREDENTIAL } from '../credential.ts';
import type { Turns } from '../import/turns.ts';
import type { PersonNumber } from '../index/people-index.ts';
import { PersonId } from '../person.ts';
import {
  type ClaimedCredential,
  type GonePerson,
  HERE,
  type StoredCredential,
  type StoredProfile,
} from '../store.ts';
import { otherConflicts } from './claims.ts';
import { LOCAL, MOST_CREDENTIALS, type PeopleDelta, type PersonDraft } from './draft.ts';
import { editSteps } from './edits.ts';
import { type CheckedFields, checkedFields, checkKey, differences } from './fields.ts';
import type { Planned, PlanningPeople } from './planned.ts';
import { settle } from './settle.ts';
import type { Step } from './step.ts';
import { Summary } from './summary.ts';
import { readValue } from './values.ts';

/** Some 0.5 ms of the event loop. */
const BATCH = 25;

/** @param at milliseconds since 1970 */
export async function planDelta(
  delta: PeopleDelta,
  people: PlanningPeople,
  at: number,
  turns: Turns,
): Promise<Planned> {
  const { batch: most = BATCH } = people;
  const planning = new Planning(delta.source, people, new Summary(at));
  let batch: PersonDraft[] = [];
  let asked: Asked | undefined;
  for await (const draft of delta.upserts) {
    batch.push(draft);
    if (batch.length < most) continue;
    // The store looks the next ones up while these are thought about.
    const next = planning.ask(batch);
    if (asked !== undefined) await planning.take(asked, turns);
    asked = next;
    batch = [];
  }
  if (asked !== undefined) await planning.take(asked, turns);
  if (batch.length > 0) await planning.take(planning.ask(batch), turns);
  const before = await planning.removeMissing(delta, turns);
  const edited = await editSteps(delta.edits ?? [], people, planning.summary, turns);
  const { summary, lastNumber } = planning;
  const steps = [...planning.steps, ...edited.steps];
  const seen = planning.seen + edited.seen;
  const { change, index } = await settle(steps, people, summary, at, turns);
  if (delta.source !== LOCAL && !delta.complete) {
    summary.conflicts(await otherConflicts(people.store, delta.source, steps, index));
  }
  return { change, summary, index, lastNumber, counts: { seen, before } };
}

/** What the store has of some people. */
interface Known {
  readonly profiles: ReadonlyMap<PersonNumber, StoredProfile>;
  readonly credentials: ReadonlyMap<PersonNumber, readonly StoredCredential[]>;
  readonly claims: ReadonlyMap<PersonNumber, readonly ClaimedCredential[]>;
  readonly gone: ReadonlyMap<string, GonePerson>;
}

/** What the store has of one person. */
interface Before {
  readonly profile: StoredProfile | undefined;
  readonly credentials: readonly StoredCredential[];
  readonly claims: readonly ClaimedCredential[];
}

const NOBODY: Before = { profile: undefined, credentials: [], claims: [] };

interface Asked {
  readonly drafts: readonly PersonDraft[];
  readonly known: Promise<Known>;
}

class Planning {
  readonly steps: Step[] = [];
  readonly summary: Summary;
  lastNumber: PersonNumber;
  seen = 0;
  readonly #source: string;
  readonly #people: PlanningPeople;
  /** Ids of the source that drafts named. */
  readonly #named = new Set<string>();

  constructor(source: string, people: PlanningPeople, summary: Summary) {
    this.#source = source;
    this.#people = people;
    this.summary = summary;
    this.lastNumber = people.lastNumber;
  }

  /** Begins to look up what is known of those people. */
  ask(drafts: readonly PersonDraft[]): Asked {
    const known = this.#known(drafts);
    // Whoever gives up before it is there does not wait for it.
    known.catch(() => {});
    return { drafts, known };
  }

  async take({ drafts, known }: Asked, turns: Turns): Promise<void> {
    const answer = await known;
    await turns.forEach(drafts, (draft) => this.#draft(draft, answer));
  }

  async #known(drafts: readonly PersonDraft[]): Promise<Known> {
    const { index, store } = this.#people;
    const numbers: PersonNumber[] = [];
    const ids: string[] = [];
    for (const { key } of drafts) {
      const number = index.withKey(key);
      if (number === undefined) ids.push(key.id);
      else numbers.push(number);
    }
    const [profiles, credentials, claims, gone] = await Promise.all([
      numbers.length === 0 ? [] : store.profilesOf(numbers),
      numbers.length === 0 ? [] : store.credentialsOf(numbers),
      numbers.length === 0 ? [] : store.claimsBy(numbers),
      ids.length === 0 ? [] : store.goneWith(this.#source, ids),
    ]);
    return {
      profiles: new Map(profiles.map((each) => [each.number, each])),
      credentials: Map.groupBy(credentials, ({ owner }) => owner),
      claims: Map.groupBy(claims, ({ owner }) => owner),
      gone: new Map(gone.map((each) => [each.sourceId, each])),
    };
  }

  #draft(draft: PersonDraft, known: Known): void {
    this.seen += 1;
    checkKey(draft.key, this.#source);
    if (this.#named.has(draft.key.id)) return this.#complain(draft, 'twice', 'person');
    this.#named.add(draft.key.id);
    const checked = checkedFields(draft, (field) => this.#complain(draft, 'field', field));
    if (checked === undefined) return;
    const { index } = this.#people;
    const number = index.withKey(draft.key);
    const profile = number === undefined ? undefined : known.profiles.get(number);
    if (number === undefined || profile === undefined) {
      const gone = known.gone.get(draft.key.id);
      const id = gone?.id ?? (this.#source === LOCAL ? PersonId(draft.key.id) : PersonId(randomUUID()));
      return this.#push(draft, checked, gone?.number ?? ++this.lastNumber, id);
    }
    const credentials = known.credentials.get(number) ?? [];
    const claims = known.claims.get(number) ?? [];
    this.#push(draft, checked, number, profile.person.id, { profile, credentials, claims });
  }

  #push(
    draft: PersonDraft,
    checked: CheckedFields,
    number: PersonNumber,
    id: PersonId,
    { profile, credentials: held, claims: claimed }: Before = NOBODY,
  ): void {
    const cards = this.#credentials(draft, 'card', draft.cards, number, id);
    const codes = this.#credentials(draft, 'code', draft.codes, number, id);
    const pin = this.#pin(draft, number, id);
    const listed = new Map([...(cards ?? []), ...(codes ?? []), ...pin].map((each) => [hex(each), each]));
    const told = ({ kind, origin }: StoredCredential) => {
      if (kind === 'pin') return pin.length > 0;
      return origin === this.#source && (kind === 'card' ? cards : codes) !== undefined;
    };
    const claims = claimed.filter(told);
    const theirs = held.filter(told);
    const lost = theirs.filter((each) => !listed.has(hex(each)));
    const restated = held.flatMap((each) => {
      const now = listed.get(hex(each));
      if (now === undefined) return [];
      // A temporary card that has become the person's own.
      const isOver = each.origin === HERE && (each.expiresAt ?? Number.POSITIVE_INFINITY) <= this.summary.now;
      if (isOver) return [now];
      return told(each) && now.rank !== each.rank ? [{ ...each, rank: now.rank }] : [];
    });
    const heldKeys = new Set(held.map(hex));
    const wanted = [...listed.values()].filter((each) => !heldKeys.has(hex(each)));
    const fields = profile === undefined ? [] : differences(profile, checked);
    const before = profile === undefined ? undefined : this.#people.index.entry(number);
    const changes = [fields, lost, restated, wanted, claims].some(({ length }) => length > 0);
    if (before !== undefined && !changes) return this.summary.same();
    const after = { person: { ...checked.person, id }, details: checked.details };
    this.steps.push({ number, before, after, fields, lost, restated, wanted, barred: [], claims });
  }

  /** Undefined when the source says nothing of that kind. */
  #credentials(
    draft: PersonDraft,
    kind: 'card' | 'code',
    texts: readonly string[] | undefined,
    number: PersonNumber,
    id: PersonId,
  ): StoredCredential[] | undefined {
    if (texts === undefined) return undefined;
    const { hash, index } = this.#people;
    if (texts.length > MOST_CREDENTIALS) this.#complain(draft, 'too-many', kind);
    const found: StoredCredential[] = [];
    const keys = new Set<string>();
    for (const text of texts.slice(0, MOST_CREDENTIALS)) {
      const value = readValue(hash, kind, text, id);
      if (value === undefined) {
        this.#complain(draft, 'unreadable', kind);
        continue;
      }
      if (keys.has(hex(value))) continue;
      keys.add(hex(value));
      // A file or a command is the administrator's own word, which takes the bar away.
      const barred = index.isBarred(value.key, number) || index.isBarred(ANY_CREDENTIAL, number);
      if (this.#source !== LOCAL && barred) {
        this.#complain(draft, 'revoked', kind);
        continue;
      }
      if (value.trivial) this.#complain(draft, 'trivial', kind);
      const rank = found.length === 0 ? 'primary' : 'secondary';
      found.push({ key: value.key, owner: number, kind, rank, origin: this.#source });
    }
    return found;
  }

  /** One takes the place of the one before, whoever gave it. */
  #pin(draft: PersonDraft, owner: number, id: PersonId): StoredCredential[] {
    if (draft.pin === undefined || this.#source !== LOCAL) return [];
    const value = readValue(this.#people.hash, 'pin', draft.pin, id);
    if (value !== undefined) return [{ key: value.key, owner, kind: 'pin', rank: 'primary', origin: HERE }];
    this.#complain(draft, 'unreadable', 'pin');
    return [];
  }

  /** Steps for those who are gone. Gives how many people the source had before. */
  async removeMissing({ removed, complete }: PeopleDelta, turns: Turns): Promise<number> {
    const { index } = this.#people;
    const goes = new Set(removed.filter((id) => !this.#named.has(id)));
    const numbers: PersonNumber[] = [];
    let before = 0;
    for (const { number, sourceId } of index.peopleOf(this.#source)) {
      before += 1;
      if (goes.has(sourceId) || (complete && !this.#named.has(sourceId))) numbers.push(number);
      if (turns.due) await turns.next();
    }
    for (let from = 0; from < numbers.length; from += BATCH) {
      await this.#remove(numbers.slice(from, from + BATCH));
    }
    return before;
  }

  async #remove(numbers: readonly PersonNumber[]): Promise<void> {
    const { index, store } = this.#people;
    const credentials = Map.groupBy(await store.credentialsOf(numbers), ({ owner }) => owner);
    for (const number of numbers) {
      const before = index.entry(number);
      const lost = credentials.get(number) ?? [];
      this.steps.push({
        number,
        before,
        after: undefined,
        fields: [],
        lost,
        restated: [],
        wanted: [],
        barred: [],
        claims: [],
      });
    }
  }

  #complain(
    { userName, domain }: PersonDraft,
    issue: 'twice' | 'field' | 'too-many' | 'unreadable' | 'revoked' | 'trivial',
    what: string,
  ): void {
    this.summary.issue({ issue, what, userName: userName.slice(0, 255), domain: domain.slice(0, 255) });
  }
}

const hex = ({ key }: { readonly key: Buffer }): string => key.toString('hex');
