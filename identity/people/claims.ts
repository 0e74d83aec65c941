/**
 * Conflicts that stand: what a source gives to somebody while somebody else has it. The source tells its people only as they change,
 * so the claim is remembered, and whoever claimed first has it in the very change in which its owner loses it.
 */
import type { CredentialKey } from '../credential.ts';
import type { PeopleIndex, PersonNumber } from '../index/people-index.ts';
import { type ClaimedCredential, HERE, type IdentityStore, type StoredCredential } from '../store.ts';
import { type Conflicts, LOCAL, MOST_LISTED, type PlanIssue } from './draft.ts';
import { restingStep, type Step } from './step.ts';

/** Keys or people for whom the store is asked at once. */
const BATCH = 200;

export interface Upheld {
  /** With what their people get because they claimed it, and steps for those who had none. */
  readonly steps: readonly Step[];
  /** Who comes first, by the key in hexadecimal. */
  readonly first: ReadonlyMap<string, PersonNumber>;
}

/** Gives what people lose to those who claim it. @param index in which the steps have taken away what they take */
export async function uphold(
  steps: readonly Step[],
  store: Pick<IdentityStore, 'claimsOn' | 'profilesOf'>,
  index: PeopleIndex,
): Promise<Upheld> {
  const lost = steps.flatMap((step) => step.lost.map(({ key }) => key));
  // Only people with a step do not get what they claim: of each key no more need be known, were it everybody's.
  const most = steps.length + 1;
  const claims = await inBatches(lost, (keys: CredentialKey[]) => store.claimsOn(keys, most));
  const first = new Map<string, PersonNumber>();
  if (claims.length === 0) return { steps, first };
  const stepOf = new Map(steps.map((step) => [step.number, step]));
  const given = new Set(steps.flatMap(({ wanted }) => wanted.filter(isGivenHere).map(hexOf)));
  const gains = new Map<PersonNumber, StoredCredential[]>();
  for (const claim of claims) {
    const hex = hexOf(claim);
    if (given.has(hex) || first.has(hex)) continue;
    const step = stepOf.get(claim.owner);
    if (step !== undefined && !stillClaims(step, hex)) continue;
    first.set(hex, claim.owner);
    if (step?.wanted.some((each) => hexOf(each) === hex)) continue;
    gains.set(claim.owner, [...(gains.get(claim.owner) ?? []), claim]);
  }
  const others = [...gains.keys()].filter((number) => !stepOf.has(number));
  const profiles = await inBatches(others, (numbers) => store.profilesOf(numbers));
  return {
    first,
    steps: [
      ...steps.map((step) => {
        const more = gains.get(step.number);
        return more === undefined ? step : { ...step, wanted: [...step.wanted, ...more] };
      }),
      ...profiles.map((profile) => ({
        ...restingStep(profile, index),
        wanted: gains.get(profile.number) ?? [],
      })),
    ],
  };
}

/** What a file, a command or the gateway gives is the administrator's own word, before any claim; and it claims nothing itself. */
function isGivenHere({ origin }: StoredCredential): boolean {
  return origin === HERE || origin === LOCAL;
}

/** What is claimed anew, and which claims are over. @param contested what the step wanted and somebody else has */
export function claimsOf(
  step: Step,
  contested: readonly StoredCredential[],
): { readonly claimed: readonly ClaimedCredential[]; readonly unclaimed: readonly ClaimedCredential[] } {
  const ranks = new Map(step.claims.map((each) => [hexOf(each), each.rank]));
  const wanted = new Set(step.wanted.map(hexOf));
  return {
    claimed: contested.filter((each) => !isGivenHere(each) && ranks.get(hexOf(each)) !== each.rank),
    unclaimed: step.claims.filter((each) => !wanted.has(hexOf(each))),
  };
}

/**
 * The conflicts of a source that stand and that a plan has nothing to do with.
 * @param index the people as the plan leaves them
 */
export async function otherConflicts(
  store: IdentityStore,
  source: string,
  steps: readonly Step[],
  index: PeopleIndex,
): Promise<Conflicts> {
  const told = new Set(steps.flatMap(({ claims }) => claims.map(placeOf)));
  const { count, claims } = await store.claimsOfSource(source, MOST_LISTED + told.size);
  const stands = claims.filter((claim) => {
    const isThere = index.byNumber(claim.owner) !== undefined;
    return isThere && index.ownerOf(claim.key) !== claim.owner && !told.has(placeOf(claim));
  });
  const over = claims.length - stands.length;
  return { count: count - over, listed: stands.map((claim) => issueOf(claim, index)) };
}

/** All conflicts of a source that stand, by the names of today. */
export async function standingConflicts(
  store: IdentityStore,
  source: string,
  index: PeopleIndex,
): Promise<Conflicts> {
  const { count, claims } = await store.claimsOfSource(source, MOST_LISTED);
  return { count, listed: claims.map((claim) => issueOf(claim, index)) };
}

/** A step that tells what its person claims tells all of it; any other leaves it as it was. */
function stillClaims({ after, wanted, claims }: Step, hex: string): boolean {
  if (after === undefined) return false;
  return wanted.some((each) => hexOf(each) === hex) || !claims.some((each) => hexOf(each) === hex);
}

function issueOf({ key, kind, owner }: ClaimedCredential, index: PeopleIndex): PlanIssue {
  const { userName = '', domain = '' } = index.entry(owner) ?? {};
  const holder = index.byNumber(index.ownerOf(key) ?? 0)?.userName ?? '';
  return { issue: 'conflict', what: kind, userName, domain, holder };
}

/** Asks the store in parts. */
export async function inBatches<Item, Found>(
  items: readonly Item[],
  ask: (some: Item[]) => Promise<readonly Found[]>,
): Promise<Found[]> {
  const found: Found[] = [];
  for (let from = 0; from < items.length; from += BATCH) {
    for (const each of await ask(items.slice(from, from + BATCH))) found.push(each);
  }
  return found;
}

const hexOf = ({ key }: { readonly key: Buffer }): string => key.toString('hex');
const placeOf = ({ owner, key }: ClaimedCredential): string => `${owner} ${key.toString('hex')}`;
