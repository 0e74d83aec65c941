/** In the sync worker: where the people of a reading go. Few go to the gateway; with many it is planned here. */
import type { PeoplePlan, PersonDraft } from '../people/draft.ts';
import { PlanningElsewhere, type PlanningStart } from '../people/elsewhere.ts';
import { FEW, type FromSyncWorker } from './messages.ts';
import type { ReadResult } from './read.ts';
import { packPeople, transferOf } from './transit.ts';

/** Messages of people that may be on their way: the gateway works on one while the next is made. */
const MOST_ON_THE_WAY = 8;
/** People in one message: some 0.2 ms of the event loop. */
const AT_ONCE = 250;

type Send = (message: FromSyncWorker, transfer?: readonly ArrayBuffer[]) => void;

export class HandingOver {
  readonly #send: Send;
  #gathered: PersonDraft[] = [];
  #asked = false;
  #decide = (_: PlanningElsewhere | undefined) => {};
  #index: Int32Array[] = [];
  #planning: PlanningElsewhere | undefined;
  #people = 0;
  #onTheWay = 0;
  #takenIn = () => {};

  constructor(send: Send) {
    this.#send = send;
  }

  /** Resolves when more may come. */
  async take(people: readonly PersonDraft[]): Promise<void> {
    this.#people += people.length;
    for (const each of people) this.#gathered.push(each);
    if (!this.#asked && this.#gathered.length <= FEW) return;
    await this.#ask();
    await this.#hand();
  }

  /** Behind the last people. Gives the plan if it was made here. */
  async finish({ removed, complete }: ReadResult): Promise<PeoplePlan | undefined> {
    if (complete || removed.length > FEW) await this.#ask();
    await this.#hand();
    return await this.#planning?.finish({ removed, complete });
  }

  get planning(): PlanningElsewhere | undefined {
    return this.#planning;
  }

  /** One message of people was taken in. */
  more(): void {
    this.#onTheWay -= 1;
    this.#takenIn();
  }

  /** The next part of the index. */
  index(words: Int32Array): void {
    this.#index.push(words);
  }

  /** @param start undefined: the gateway plans */
  decide(start: PlanningStart | undefined): void {
    const parts = this.#index;
    this.#index = [];
    this.#decide(start === undefined ? undefined : new PlanningElsewhere(start, parts));
  }

  async #ask(): Promise<void> {
    if (this.#asked) return;
    this.#asked = true;
    this.#send({ kind: 'many', people: this.#people });
    this.#planning = await new Promise<PlanningElsewhere | undefined>((resolve) => {
      this.#decide = resolve;
    });
  }

  async #hand(): Promise<void> {
    const people = this.#gathered;
    this.#gathered = [];
    if (this.#planning !== undefined) {
      if (people.length > 0) await this.#planning.take(people);
      return this.#send({ kind: 'progress', people: this.#people });
    }
    for (let from = 0; from < people.length; from += AT_ONCE) {
      const packed = packPeople(people.slice(from, from + AT_ONCE));
      this.#onTheWay += 1;
      this.#send({ kind: 'people', people: packed }, transferOf(packed));
      if (this.#onTheWay < MOST_ON_THE_WAY) continue;
      await new Promise<void>((resolve) => {
        this.#takenIn = resolve;
      });
    }
  }
}
