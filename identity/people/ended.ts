/** Cards and codes whose time is over: they sign nobody in, so they stand in nobody's way. */
import type { PersonNumber } from '../index/people-index.ts';
import { HERE } from '../store.ts';
import { inBatches } from './claims.ts';
import type { PlanningPeople } from './planned.ts';
import { restingStep, type Step } from './step.ts';

/**
 * Takes from their people what has ended and somebody else is given. What a source gave is barred, or it would be claimed with the
 * next sync, without its end.
 * @param at milliseconds since 1970
 */
export async function takeEnded(
  steps: readonly Step[],
  { index, store }: Pick<PlanningPeople, 'index' | 'store'>,
  at: number,
): Promise<readonly Step[]> {
  const owners = new Set<PersonNumber>();
  const ended = new Set<string>();
  for (const { number, wanted } of steps) {
    for (const each of wanted) {
      const owner = index.ownerOfEnded(each.key, at);
      if (owner === undefined || owner === number) continue;
      owners.add(owner);
      ended.add(hexOf(each));
    }
  }
  if (owners.size === 0) return steps;
  const held = await inBatches([...owners], (numbers) => store.credentialsOf(numbers));
  const taken = Map.groupBy(
    held.filter((each) => ended.has(hexOf(each))),
    ({ owner }) => owner,
  );
  const withSteps = new Set(steps.map(({ number }) => number));
  const others = [...owners].filter((number) => !withSteps.has(number));
  const profiles = await inBatches(others, (numbers) => store.profilesOf(numbers));
  return [...steps, ...profiles.map((profile) => restingStep(profile, index))].map((step) => {
    // What goes with this change is lost already, what is prolonged by it has not ended.
    const known = new Set([...step.lost, ...step.restated].map(hexOf));
    const more = (taken.get(step.number) ?? []).filter((each) => !known.has(hexOf(each)));
    if (more.length === 0) return step;
    const barred = more.filter(({ origin }) => origin !== HERE);
    return { ...step, lost: [...step.lost, ...more], barred: [...step.barred, ...barred] };
  });
}

const hexOf = ({ key }: { readonly key: Buffer }): string => key.toString('hex');
