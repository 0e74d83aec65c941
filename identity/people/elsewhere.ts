/**
 * The planner in a thread of its own: it is handed the index as words and a port to the store, and hands back what can be told of
 * the plan, then the new index. The change itself goes from here to the store worker.
 */
import type { MessagePort } from 'node:worker_threads';
import { systemClock } from '../../base/clock.ts';
import { DatabaseBranch } from '../../base/database/branch.ts';
import { keyedHash } from '../../base/secrets/keyed-hash.ts';
import { Secret } from '../../base/secrets/secret.ts';
import { DatabaseIdentityStore } from '../database-store.ts';
import { Turns } from '../import/turns.ts';
import { PeopleIndex, type PersonNumber } from '../index/people-index.ts';
import { joinWords, WordReader, wordsIn } from '../index/words.ts';
import type { StagedChange } from '../store.ts';
import type { PeopleChanged } from './changed.ts';
import type { PeopleDelta, PeoplePlan, PersonDraft } from './draft.ts';
import type { Planned } from './planned.ts';
import { planDelta } from './planning.ts';
import { type ChangeExtras, type PeopleElsewhere, type StagedPlan, stagePlanned } from './plans.ts';

/** What a plan begins with, as it passes between threads; the index goes before it, in parts. */
export interface PlanningStart {
  readonly source: string;
  /** 32 octets, which are wiped once they are taken over. */
  readonly key: Uint8Array;
  readonly lastNumber: PersonNumber;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly store: MessagePort;
}

/** As it is handed back, with the buffer of the words transferred. */
export interface StagedElsewhere {
  readonly change: StagedChange;
  readonly index: Int32Array<ArrayBuffer>;
  readonly lastNumber: PersonNumber;
  readonly changed: PeopleChanged;
}

/** Octets of the index in one message: they are copied in some 0.05 ms. */
const PART = 2 ** 18;
/** People for whom the store is asked at once, and rows in one message to it: some 2 ms of the store worker. */
const BATCH = 200;

/** The index in parts for another thread. @param send transfers the buffer */
export async function handOver(
  { index }: Pick<PeopleElsewhere, 'index'>,
  send: (words: Int32Array<ArrayBuffer>) => void,
  turns: Turns,
): Promise<void> {
  for (const words of wordsIn(index.dump(), PART / 4)) {
    send(words);
    if (turns.due) await turns.next();
  }
}

/** What was handed back, in the thread that asked for it. */
export function takeOver({ change, changed, index, lastNumber }: StagedElsewhere): StagedPlan {
  return { change, changed, people: { index: PeopleIndex.restore(new WordReader(index)), lastNumber } };
}

/** Drafts on their way into a plan; whoever brings them waits until they are thought about. */
class Drafts implements AsyncIterable<PersonDraft> {
  #people: readonly PersonDraft[] | undefined;
  #ended = false;
  #wake = () => {};
  #taken = () => {};

  put(people: readonly PersonDraft[]): Promise<void> {
    this.#people = people;
    this.#wake();
    return new Promise((resolve) => {
      this.#taken = resolve;
    });
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<PersonDraft> {
    for (;;) {
      if (this.#people !== undefined) {
        yield* this.#people;
        this.#people = undefined;
        this.#taken();
      } else if (this.#ended) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

/** One plan, from its beginning to the change put aside. */
export class PlanningElsewhere {
  readonly #store: DatabaseIdentityStore;
  readonly #drafts = new Drafts();
  readonly #planned: Promise<Planned>;
  readonly #source: string;
  #end: Pick<PeopleDelta, 'removed' | 'complete'> = { removed: [], complete: false };

  /** @param parts of the index, in order */
  constructor({ source, key, lastNumber, at, store }: PlanningStart, parts: readonly Int32Array[]) {
    this.#source = source;
    this.#store = new DatabaseIdentityStore(new DatabaseBranch(store), BATCH);
    const index = PeopleIndex.restore(new WordReader(joinWords(parts)));
    const hash = keyedHash(new Secret(Buffer.from(key.buffer, key.byteOffset, key.length)));
    key.fill(0);
    const end = () => this.#end;
    const delta: PeopleDelta = {
      source,
      upserts: this.#drafts,
      get removed() {
        return end().removed;
      },
      get complete() {
        return end().complete;
      },
    };
    const people = { index, store: this.#store, lastNumber, hash, batch: BATCH };
    this.#planned = planDelta(delta, people, at, new Turns(systemClock));
    // Whoever waits for anything else hears of it.
    this.#planned.catch(() => {});
  }

  /** Resolves when more may come. */
  async take(people: readonly PersonDraft[]): Promise<void> {
    await Promise.race([this.#drafts.put(people), this.#planned]);
  }

  /** Behind the last people. */
  async finish(end: Pick<PeopleDelta, 'removed' | 'complete'>): Promise<PeoplePlan> {
    this.#end = end;
    this.#drafts.end();
    const { summary, counts } = await this.#planned;
    return summary.plan(this.#source, counts);
  }

  async stage(extras: ChangeExtras): Promise<StagedElsewhere> {
    const planned = await this.#planned;
    const { change, people, changed } = await stagePlanned(planned, this.#store, extras);
    const index = joinWords([...people.index.dump()]);
    return { change, index, lastNumber: people.lastNumber, changed };
  }
}
