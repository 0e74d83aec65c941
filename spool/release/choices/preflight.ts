/** Said before printing: what the printer cannot do of a job, and the nearest one that can. */
import type { Job } from '../../job.ts';
import type { KnownState } from '../../printers/printer-board.ts';
import { isStopping } from '../../printers/stopping-reasons.ts';
import type { Queue } from '../../queue.ts';
import { type Conflict, conflictsOf } from './conflicts.ts';

export interface Preflight extends Conflict {
  /** Name of the nearest printer that can do this, and all else that the one in question can. */
  readonly nearest?: string;
}

/**
 * @param at the printer in question. @param printers all that the gateway has, in the order of the configuration.
 * @param queue of the job; undefined when it is configured no more: its owner then gets it anywhere.
 */
export function preflight(
  job: Pick<Job, 'ticket' | 'document'>,
  at: string,
  printers: readonly KnownState[],
  queue: Pick<Queue, 'printers'> | undefined,
): Preflight[] {
  const target = printers.find(({ name }) => name === at);
  if (target === undefined) return [];
  // Most jobs have none, and the sizes of all printers are many.
  if (conflictsOf(job, target.description).length === 0) return [];
  const media = printers.flatMap(({ description }) => description?.media ?? []);
  const conflicts = conflictsOf(job, target.description, media);
  const candidates = byNearness(target, printers)
    .filter((each) => isUsable(each) && (queue === undefined || queue.printers.includes(each.name)))
    .map((each) => ({ each, lacks: attributesOf(conflictsOf(job, each.description)) }));
  return conflicts.map((conflict) => {
    const others = attributesOf(conflicts).filter((attribute) => attribute !== conflict.attribute);
    const isBetter = (lacks: readonly string[]) =>
      lacks.every((each) => others.some((other) => other === each));
    // One that can do all of it, else one that can do this and is otherwise no worse.
    const found =
      candidates.find(({ lacks }) => lacks.length === 0) ?? candidates.find(({ lacks }) => isBetter(lacks));
    if (found === undefined) return conflict;
    return { ...conflict, nearest: found.each.name };
  });
}

/** The others: those that the printer is said to be near, then those at the same place, then as configured. */
export function byNearness<P extends Pick<KnownState, 'name' | 'location' | 'near'>>(
  target: P,
  printers: readonly P[],
): P[] {
  const { near } = target;
  const rank = (each: P): number => {
    const index = near.indexOf(each.name);
    if (index !== -1) return index;
    const samePlace = target.location !== '' && each.location === target.location;
    return near.length + (samePlace ? 0 : 1);
  };
  return printers.filter(({ name }) => name !== target.name).toSorted((a, b) => rank(a) - rank(b));
}

/**
 * Where to go with a job whose printer is out of order: the nearest one that can do all of it, else the nearest that takes
 * it at all.
 */
export function insteadOf(
  job: Pick<Job, 'ticket' | 'document'>,
  at: string,
  printers: readonly KnownState[],
  queue: Pick<Queue, 'printers'> | undefined,
): string | undefined {
  const target = printers.find(({ name }) => name === at);
  if (target === undefined) return undefined;
  const candidates = byNearness(target, printers)
    .filter((each) => isUsable(each) && (queue === undefined || queue.printers.includes(each.name)))
    .map((each) => ({ name: each.name, lacks: attributesOf(conflictsOf(job, each.description)) }))
    .filter(({ lacks }) => !lacks.includes('document-format'));
  return (candidates.find(({ lacks }) => lacks.length === 0) ?? candidates[0])?.name;
}

/** It answers, prints, and what it can do is known. */
const isUsable = ({ state, acceptingJobs, reasons, description }: KnownState): boolean =>
  (state === 'idle' || state === 'processing') &&
  acceptingJobs &&
  description !== undefined &&
  !reasons.some(isStopping);

const attributesOf = (conflicts: readonly Conflict[]) => conflicts.map(({ attribute }) => attribute);
