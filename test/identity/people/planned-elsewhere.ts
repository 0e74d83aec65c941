/** A delta that is planned as in another thread: the index as words, drafts in parts, answers as copies. */
import type { PeopleDelta, PersonDraft } from '../../../identity/people/draft.ts';
import { handOver, PlanningElsewhere, takeOver } from '../../../identity/people/elsewhere.ts';

export function plannedElsewhere(delta: PeopleDelta): PeopleDelta {
  const { source, upserts } = delta;
  return {
    source,
    upserts,
    removed: delta.removed,
    complete: delta.complete,
    async elsewhere(people, turns) {
      const parts: Int32Array[] = [];
      await handOver(
        people,
        (words) => parts.push(structuredClone(words, { transfer: [words.buffer] })),
        turns,
      );
      const { lastNumber, at, key, branch } = people;
      const octets = Uint8Array.from(key.reveal());
      const planning = new PlanningElsewhere({ source, key: octets, lastNumber, at, store: branch() }, parts);
      if (octets.some((octet) => octet !== 0)) throw new Error('the key stands where it was handed over');
      const drafts: PersonDraft[] = [];
      for await (const each of upserts) drafts.push(each);
      for (let from = 0; from < drafts.length; from += 2) await planning.take(drafts.slice(from, from + 2));
      return {
        plan: structuredClone(await planning.finish(delta)),
        stage: async (extras) => takeOver(structuredClone(await planning.stage(extras))),
      };
    },
  };
}
