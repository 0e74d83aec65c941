/** From steps, each about one person, to one change: what is taken away first, then what is given, first come first served. */
import type { Turns } from '../import/turns.ts';
import type { PeopleIndex, PersonNumber } from '../index/people-index.ts';
import type {
  BarredCredential,
  ClaimedCredential,
  PeopleChange,
  StoredCredential,
  StoredPerson,
} from '../store.ts';
import { claimsOf, uphold } from './claims.ts';
import { takeEnded } from './ended.ts';
import type { PlanningPeople } from './planned.ts';
import type { Step } from './step.ts';
import type { Summary } from './summary.ts';

/** What an edit leaves as it is has no `after` of its own. */
export interface Settled {
  readonly change: PeopleChange;
  /** The people as they are afterwards. */
  readonly index: PeopleIndex;
}

/** Carries the steps out on a fork of the index. @param at milliseconds since 1970 */
export async function settle(
  planned: readonly Step[],
  people: Pick<PlanningPeople, 'index' | 'store'>,
  summary: Summary,
  at: number,
  turns: Turns,
): Promise<Settled> {
  const steps = await takeEnded(planned, people, at);
  const index = people.index.fork();
  const removed: PersonNumber[] = [];
  const revoked: StoredCredential['key'][] = [];
  const put: StoredPerson[] = [];
  const issued: StoredCredential[] = [];
  const barred: BarredCredential[] = [];
  const claimed: ClaimedCredential[] = [];
  const unclaimed: ClaimedCredential[] = [];
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
  const upheld = await uphold(steps, people.store, index);
  await turns.forEach(upheld.steps, (step) => {
    const { number, after } = step;
    if (after === undefined) return summary.add(step, []);
    if (step.before === undefined || step.fields.length > 0) {
      const { key, domain, language, enabled, expiresAt } = after.details;
      const end = expiresAt === undefined ? {} : { expiresAt };
      const standing = { domain, source: key.source, sourceId: key.id, language, enabled, ...end };
      index.put(number, { ...after.person, ...standing });
      put.push({ number, person: after.person, details: after.details });
    }
    const contested: StoredCredential[] = [];
    const gained = step.wanted.filter((each) => {
      const owner = index.ownerOf(each.key);
      if (owner === number) return false;
      const holder = owner ?? upheld.first.get(each.key.toString('hex')) ?? number;
      if (holder !== number) {
        summary.conflict(each, after, index.byNumber(holder)?.userName);
        contested.push(each);
        return false;
      }
      index.addCredential(each.key, number, each.expiresAt);
      index.unbar(each.key, number);
      issued.push(each);
      return true;
    });
    summary.add(step, gained);
    const claims = claimsOf(step, contested);
    summary.claims(claims.claimed.length + claims.unclaimed.length);
    claimed.push(...claims.claimed);
    unclaimed.push(...claims.unclaimed);
  });
  return { change: { at, removed, revoked, people: put, issued, barred, unclaimed, claimed }, index };
}
