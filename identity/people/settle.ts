/** From steps, each about one person, to one change: what is taken away first, then what is given, first come first served. */
import type { Turns } from '../import/turns.ts';
import type { PeopleIndex, PersonNumber } from '../index/people-index.ts';
import type { BarredCredential, PeopleChange, StoredCredential, StoredPerson } from '../store.ts';
import type { Step } from './step.ts';
import type { Summary } from './summary.ts';

/** What an edit leaves as it is has no `after` of its own. */
export interface Settled {
  readonly change: PeopleChange;
  readonly summary: Summary;
}

/** Carries the steps out on the fork of an index. @param at milliseconds since 1970 */
export async function settle(
  steps: readonly Step[],
  index: PeopleIndex,
  summary: Summary,
  at: number,
  turns: Turns,
): Promise<Settled> {
  const removed: PersonNumber[] = [];
  const revoked: StoredCredential['key'][] = [];
  const people: StoredPerson[] = [];
  const issued: StoredCredential[] = [];
  const barred: BarredCredential[] = [];
  await turns.forEach(steps, (step) => {
    const { number } = step;
    for (const { key } of step.lost) {
      index.removeCredential(key, number);
      // With somebody who goes everything goes.
      if (step.after !== undefined) revoked.push(key);
    }
    for (const each of step.restated) {
      index.removeCredential(each.key, number);
      index.addCredential(each.key, number, each.expiresAt);
      revoked.push(each.key);
      issued.push(each);
    }
    for (const each of step.barred) {
      index.bar(each.key, number);
      barred.push(each);
    }
    if (step.after !== undefined) return;
    index.remove(number);
    removed.push(number);
  });
  await turns.forEach(steps, (step) => {
    const { number, after } = step;
    if (after === undefined) return summary.add(step, []);
    if (step.before === undefined || step.fields.length > 0) {
      const { key, domain, enabled, expiresAt } = after.details;
      const end = expiresAt === undefined ? {} : { expiresAt };
      index.put(number, { ...after.person, domain, source: key.source, sourceId: key.id, enabled, ...end });
      people.push({ number, person: after.person, details: after.details });
    }
    const gained = step.wanted.filter((each) => {
      const owner = index.ownerOf(each.key);
      if (owner !== undefined) {
        if (owner !== number) summary.conflict(each, after, index.byNumber(owner)?.userName);
        return false;
      }
      index.addCredential(each.key, number, each.expiresAt);
      index.unbar(each.key, number);
      issued.push(each);
      return true;
    });
    summary.add(step, gained);
  });
  return { change: { at, removed, revoked, people, issued, barred }, summary };
}
