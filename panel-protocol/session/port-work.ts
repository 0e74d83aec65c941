/** The machine's effects on the rest of the gateway; whatever fails there becomes an answer. */
import { randomBytes } from 'node:crypto';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { PersonId } from '../../identity/person.ts';
import type { JobId } from '../../spool/job.ts';
import { LISTED_JOBS } from '../bounds.ts';
import {
  type Badge,
  type Credential,
  firstPrinter,
  type Panel,
  type PanelIdentity,
  type PanelJobs,
  type SeenJob,
  type SignIn,
  type SignInPlace,
} from '../ports.ts';
import type { PanelEffect } from './effects.ts';
import type { EffectAnswer, Listing, Verdict } from './state.ts';

type Effect<Kind extends PanelEffect['kind']> = Extract<PanelEffect, { kind: Kind }>;
type Judged = EffectAnswer & { kind: 'verdict' };
type Options = NonNullable<ReturnType<PanelJobs['options']>>;

/** Octets of the key under which everything is released at once. */
const KEY_OCTETS = 18;

export class PortWork {
  readonly #panel: Panel;
  readonly #identity: PanelIdentity;
  readonly #jobs: PanelJobs;
  readonly #log: Log;
  /** What was shown first, while its PIN is wanted. */
  #first: Credential | undefined;
  /** An unknown one that was read, while it may become somebody's. */
  #badge: Badge | undefined;

  constructor(panel: Panel, identity: PanelIdentity, jobs: PanelJobs, log: Log) {
    this.#panel = panel;
    this.#identity = identity;
    this.#jobs = jobs;
    this.#log = log;
  }

  /** Nobody is signing in any more. */
  forget(): void {
    this.#first = undefined;
    this.#badge = undefined;
  }

  check(effect: Effect<'check'>, at: SignInPlace): Judged | Promise<Judged> {
    const { session, binding } = effect;
    const credential = this.#withBadge(effect.credential);
    const judge = (signIn: SignIn): Verdict | Promise<Verdict> => {
      if (!signIn.ok && signIn.reason === 'pin-needed') this.#first = credential;
      if (!signIn.ok && signIn.reason === 'bindable' && credential.kind === 'badge') this.#badge = credential;
      return this.#verdict(signIn, binding, at, credential.kind);
    };
    const asked = () => this.#identity.signIn(credential, at);
    return this.#judged(session, asked, judge);
  }

  checkPin({ session, pin, binding }: Effect<'check-pin'>, at: SignInPlace): Judged | Promise<Judged> {
    const first = this.#first;
    const asked = (): SignIn | Promise<SignIn> =>
      first === undefined ? { ok: false, reason: 'unknown' } : this.#identity.checkPin(first, pin, at);
    return this.#judged(session, asked, (signIn) =>
      this.#verdict(signIn, binding, at, first?.kind ?? 'code'),
    );
  }

  requestActivation(userName: string, at: SignInPlace): void {
    if (this.#badge === undefined) return;
    this.#identity
      .requestActivation(userName, this.#badge, at)
      .catch((error) => this.#failed('activation', error));
  }

  async setPin(effect: Effect<'set-pin'>, at: SignInPlace): Promise<EffectAnswer> {
    const { session, request, person, current, value } = effect;
    const change = current === undefined ? { value } : { current, value };
    try {
      const answer = await this.#identity.setPin(person, change, at);
      return { kind: 'pin-answer', session, request, answer };
    } catch (error) {
      this.#failed('PIN', error);
      return { kind: 'pin-answer', session, request, answer: { ok: false, reason: 'failed' } };
    }
  }

  options(job: JobId, printer: string): Options | 'job-not-found' | 'internal' {
    try {
      return this.#jobs.options(job, printer) ?? 'job-not-found';
    } catch (error) {
      this.#failed('options', error);
      return 'internal';
    }
  }

  list({ session, person, printer }: Effect<'list'>): EffectAnswer {
    return { kind: 'listing', session, listing: this.#listing(person, printer) };
  }

  async release({ kind: _, session, person, ...rest }: Effect<'release'>): Promise<EffectAnswer> {
    try {
      return {
        kind: 'release-answers',
        session,
        answers: await this.#jobs.release({ ...rest, by: person }),
      };
    } catch (error) {
      this.#failed('release', error);
      const answers = rest.jobs.map((job) => ({ job, refused: 'internal' as const }));
      return { kind: 'release-answers', session, answers };
    }
  }

  async cancel({ session, person, job }: Effect<'cancel'>): Promise<EffectAnswer> {
    try {
      return { kind: 'cancel-answer', session, job, answer: await this.#jobs.cancel(job, person) };
    } catch (error) {
      this.#failed('cancel', error);
      return { kind: 'cancel-answer', session, job, answer: 'internal' };
    }
  }

  /** At once where the answer comes at once: a badge's list must not wait for anything. */
  #judged(
    session: number,
    ask: () => SignIn | Promise<SignIn>,
    judge: (signIn: SignIn) => Verdict | Promise<Verdict>,
  ): Judged | Promise<Judged> {
    const verdict = this.#safely(() => {
      const signIn = ask();
      return signIn instanceof Promise ? signIn.then(judge) : judge(signIn);
    });
    return verdict instanceof Promise
      ? verdict.then((late) => ({ kind: 'verdict' as const, session, verdict: late }))
      : { kind: 'verdict', session, verdict };
  }

  #safely(work: () => Verdict | Promise<Verdict>): Verdict | Promise<Verdict> {
    const failed = (error: unknown): Verdict => {
      this.#failed('sign-in', error);
      return { ok: false, reason: 'failed' };
    };
    try {
      const verdict = work();
      return verdict instanceof Promise ? verdict.catch(failed) : verdict;
    } catch (error) {
      return failed(error);
    }
  }

  #withBadge(credential: Credential): Credential {
    return credential.kind === 'activation' && this.#badge !== undefined
      ? { ...credential, badge: this.#badge }
      : credential;
  }

  #verdict(
    signIn: SignIn,
    binding: boolean,
    at: SignInPlace,
    by: Credential['kind'],
  ): Verdict | Promise<Verdict> {
    if (!signIn.ok) return signIn;
    const badge = this.#badge;
    return binding && badge !== undefined ? this.#bound(signIn, badge, at, by) : this.#good(signIn);
  }

  async #bound(
    signIn: SignIn & { ok: true },
    badge: Badge,
    at: SignInPlace,
    by: Credential['kind'],
  ): Promise<Verdict> {
    const bound = await this.#identity.bindCard(signIn.person.id, badge, at, by);
    return bound === 'bound' ? this.#good(signIn) : { ok: false, reason: 'not-bound' };
  }

  #good(signIn: SignIn & { ok: true }): Verdict {
    const listing = this.#listing(signIn.person.id, firstPrinter(this.#panel));
    return { ...signIn, listing, key: randomBytes(KEY_OCTETS).toString('base64url') };
  }

  /** The newest first, what may be claimed behind all others. */
  #listing(person: PersonId, printer: string): Listing {
    const all = [...this.#jobs.list(person, { panel: this.#panel, printer })].sort(inOrder);
    return { jobs: all.slice(0, LISTED_JOBS), omitted: Math.max(0, all.length - LISTED_JOBS) };
  }

  #failed(what: string, error: unknown): void {
    this.#log.error('panel request failed', { what, error: messageOf(error) });
  }
}

const inOrder = (a: SeenJob, b: SeenJob): number =>
  Number(a.claimable) - Number(b.claimable) || b.job.createdAt - a.job.createdAt || b.job.id - a.job.id;
