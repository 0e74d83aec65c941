/** Codes for many people at once: looked at first, kept as a plan over restarts, then carried out exactly so. */
import { createHash } from 'node:crypto';
import type { TableClient } from '../../base/database/tables.ts';
import { Failure } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { deriveKey, type Key, seal, unseal } from '../../base/secrets/sealing.ts';
import { printable } from '../../base/text.ts';
import type { CredentialRank } from '../credential.ts';
import type { PersonProfile } from '../people/draft.ts';
import { type PersonId, userNameKey } from '../person.ts';
import type { tables } from '../tables.ts';
import { codeSpace } from './accounting.ts';
import { accountOf, type CodeGiving, type GivingEngine, hasAddress } from './giving.ts';
import { type CodePolicy, wordsOf } from './policy.ts';

/** Who is meant: everybody who may sign in and whom each of these lets through. */
export interface CodeCriteria {
  /** User names. */
  readonly people?: readonly string[];
  readonly group?: string;
  readonly department?: string;
  readonly office?: string;
  readonly restricted?: boolean;
  /** Milliseconds since 1970: nobody who signed in since. */
  readonly noActivitySince?: number;
}

export interface CodeRequest {
  readonly criteria: CodeCriteria;
  readonly digits: number;
  readonly rank: CredentialRank;
  /** `only-empty`: who has a code of that rank keeps it and gets none. */
  readonly mode: 'only-empty' | 'replace';
  /** Codes that are replaced end at once, not after some days. */
  readonly atOnce: boolean;
}

export interface BatchPerson {
  readonly userName: string;
  readonly displayName: string;
  readonly email: string;
}

export interface BatchPreview {
  /** Null when it cannot be carried out: nobody gets a code, or the codes are too short. */
  readonly plan: number | null;
  readonly request: Omit<CodeRequest, 'criteria'>;
  /** How many get a code, and who: at most {@link MOST_LISTED}. */
  readonly count: number;
  readonly people: readonly BatchPerson[];
  /** Who is meant and has a code already, or has no address. */
  readonly withCode: number;
  readonly withoutAddress: { readonly count: number; readonly people: readonly BatchPerson[] };
  /** Where codes take a PIN too: of those who get one, how many have none. */
  readonly withoutPin: number;
  readonly expectedGuesses: number;
  readonly hitsPerWeek: number;
  readonly longEnough: boolean;
  /** Why not, and what would do; null when they are long enough. */
  readonly verdict: string | null;
}

export interface BatchOutcome {
  readonly plan: number;
  readonly count: number;
  readonly withoutAddress: BatchPreview['withoutAddress'];
}

export const MOST_LISTED = 1000;
/** Profiles that are read at once. */
const PAGE = 200;

export interface CodeBatchesOptions {
  readonly people: GivingEngine & {
    byUserName(name: string): { readonly id: PersonId } | undefined;
    isActive(id: PersonId): boolean;
  };
  readonly store: Pick<TableClient<(typeof tables)['operations']>, 'keepCodePlan' | 'codePlan'>;
  readonly giving: CodeGiving;
  readonly policy: () => CodePolicy;
  readonly gatewayKey: Key;
  readonly now: () => number;
  readonly log: Log;
  /** New mails wait. */
  readonly queued: () => void;
}

interface Kept {
  readonly request: CodeRequest;
  /** Of those who get one. */
  readonly digest: string;
}

interface Chosen {
  readonly ids: readonly PersonId[];
  readonly people: readonly BatchPerson[];
  readonly withCode: number;
  readonly withoutAddress: BatchPreview['withoutAddress'];
  readonly withoutPin: number;
}

const PLAN = 'plan of codes';

export class CodeBatches {
  readonly #options: CodeBatchesOptions;
  readonly #key: Key;

  constructor(options: CodeBatchesOptions) {
    this.#options = options;
    this.#key = deriveKey(options.gatewayKey, 'plans of codes');
  }

  /** Changes nothing but that the plan waits. @throws Failure `no-such-person` */
  async preview(request: CodeRequest): Promise<BatchPreview> {
    const { store, policy, now } = this.#options;
    const { criteria: _, ...asked } = request;
    const { ids, ...chosen } = await this.#choose(request);
    const { digits } = request;
    const judged = await accountOf(this.#options, digits, ids.length, codeSpace(digits));
    const rules = policy();
    const possible = ids.length > 0 && (judged.allowed || rules.acceptRisk);
    const kept: Kept = { request, digest: digestOf(ids) };
    const sealed = () => seal(this.#key, Buffer.from(JSON.stringify(kept)), PLAN);
    return {
      plan: possible ? await store.keepCodePlan({ at: now(), sealed: sealed() }) : null,
      request: asked,
      count: ids.length,
      ...chosen,
      expectedGuesses: Math.round((rules.secondFactor ?? 1) / Math.max(judged.share, Number.MIN_VALUE)),
      hitsPerWeek: Number(judged.hitsPerWeek.toPrecision(2)),
      longEnough: judged.allowed,
      verdict: judged.allowed || ids.length === 0 ? null : wordsOf(judged, rules),
    };
  }

  /**
   * Gives the codes and queues the mails, all or nothing, to exactly those who were shown.
   * @throws Failure `no-such-plan`, `plan-outdated`, `code-too-short`, `people-busy`
   */
  async apply(number: number): Promise<BatchOutcome> {
    const { store, giving, log, queued } = this.#options;
    const plan = await store.codePlan(number);
    if (plan === undefined) {
      throw new Failure('no-such-plan', `no plan ${number} waits`, {
        advice: 'It was carried out, or newer ones took its place. Make one with holdfast codes generate',
      });
    }
    const { request, digest } = JSON.parse(unseal(this.#key, plan.sealed, PLAN).toString()) as Kept;
    const { ids, withoutAddress } = await this.#choose(request);
    if (digestOf(ids) !== digest) {
      throw new Failure(
        'plan-outdated',
        `other people would get codes by now than when plan ${number} was made`,
        {
          advice: 'Nothing was changed. Make a new one with holdfast codes generate',
        },
      );
    }
    const { digits, rank, mode, atOnce } = request;
    const before = mode === 'only-empty' ? 'stays' : atOnce ? 'ends-at-once' : 'ends-later';
    await giving.give(ids, { digits, rank, before }, true, number);
    log.info('codes given out', { plan: number, people: ids.length, digits, rank, mode });
    queued();
    return { plan: number, count: ids.length, withoutAddress };
  }

  async #choose({ criteria, rank, mode }: CodeRequest): Promise<Chosen> {
    const { people } = this.#options;
    const named = criteria.people === undefined ? undefined : this.#named(criteria.people);
    const ids: PersonId[] = [];
    const listed: BatchPerson[] = [];
    const silent: BatchPerson[] = [];
    let withCode = 0;
    let withoutAddress = 0;
    let withoutPin = 0;
    for await (const profile of everybody(people)) {
      if (named !== undefined && !named.has(profile.id)) continue;
      if (!people.isActive(profile.id) || !isMeant(profile, criteria)) continue;
      const { id, userName, displayName, email } = profile;
      if (mode === 'only-empty' && profile.codes[rank] > 0) {
        withCode += 1;
        continue;
      }
      const told = { userName, displayName, email };
      if (!hasAddress(profile)) {
        withoutAddress += 1;
        if (silent.length < MOST_LISTED) silent.push(told);
        continue;
      }
      ids.push(id);
      if (!profile.pin) withoutPin += 1;
      if (listed.length < MOST_LISTED) listed.push(told);
    }
    return {
      ids,
      people: listed,
      withCode,
      withoutAddress: { count: withoutAddress, people: silent },
      withoutPin,
    };
  }

  #named(names: readonly string[]): Set<PersonId> {
    const unknown: string[] = [];
    const ids = names.flatMap((name) => {
      const person = this.#options.people.byUserName(name);
      if (person === undefined) unknown.push(printable(name, 60));
      return person === undefined ? [] : [person.id];
    });
    if (unknown.length === 0) return new Set(ids);
    const more = unknown.length > 10 ? ` and ${unknown.length - 10} more` : '';
    throw new Failure(
      'no-such-person',
      `nobody is known, or more than one, as ${unknown.slice(0, 10).join(', ')}${more}`,
      {
        advice: '"holdfast people list" shows who is known',
      },
    );
  }
}

/** In order of their numbers, a page at a time. */
export async function* everybody(people: Pick<GivingEngine, 'profiles'>): AsyncGenerator<PersonProfile> {
  let after: PersonId | undefined;
  for (;;) {
    const page = await people.profiles({ limit: PAGE, ...(after === undefined ? {} : { after }) });
    yield* page;
    after = page.at(-1)?.id;
    if (after === undefined) return;
  }
}

function isMeant(profile: PersonProfile, criteria: CodeCriteria): boolean {
  const { group, department, office, restricted, noActivitySince } = criteria;
  const same = (a: string, b: string) => userNameKey(a) === userNameKey(b);
  return (
    (group === undefined || profile.groups.some((each) => same(each, group))) &&
    (department === undefined || same(profile.department, department)) &&
    (office === undefined || same(profile.office, office)) &&
    (restricted === undefined || profile.restricted === restricted) &&
    (noActivitySince === undefined || profile.lastActivity < noActivitySince)
  );
}

function digestOf(ids: readonly PersonId[]): string {
  return createHash('sha256').update(ids.join('\n')).digest('hex');
}
