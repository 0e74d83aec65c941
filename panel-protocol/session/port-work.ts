/** The machine's effects on the rest of the gateway; whatever fails there becomes an answer. */
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { PersonId } from '../../identity/person.ts';
import { LISTED_JOBS } from '../bounds.ts';
import { firstPrinter, type Panel, type PanelIdentity, type PanelJobs, type SeenJob } from '../ports.ts';
import type { EffectAnswer, Listing, PanelEffect, Verdict } from './state.ts';

type Effect<Kind extends PanelEffect['kind']> = Extract<PanelEffect, { kind: Kind }>;

export class PortWork {
  readonly #panel: Panel;
  readonly #identity: PanelIdentity;
  readonly #jobs: PanelJobs;
  readonly #log: Log;

  constructor(panel: Panel, identity: PanelIdentity, jobs: PanelJobs, log: Log) {
    this.#panel = panel;
    this.#identity = identity;
    this.#jobs = jobs;
    this.#log = log;
  }

  check({ session, code }: Effect<'check'>): EffectAnswer & { kind: 'verdict' } {
    return { kind: 'verdict', session, verdict: this.#verdict(code) };
  }

  list({ session, person }: Effect<'list'>): EffectAnswer {
    return { kind: 'listing', session, listing: this.#listing(person) };
  }

  async release({ session, person, key, jobs, password }: Effect<'release'>): Promise<EffectAnswer> {
    try {
      const order = {
        jobs,
        printer: firstPrinter(this.#panel),
        by: person,
        key,
        ...(password === undefined ? {} : { password }),
      };
      return { kind: 'release-answers', session, answers: await this.#jobs.release(order) };
    } catch (error) {
      this.#failed('release', error);
      const answers = jobs.map((job) => ({ job, refused: 'internal' as const }));
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

  #verdict(code: Effect<'check'>['code']): Verdict {
    try {
      const signIn = this.#identity.signIn(
        { kind: 'code', value: code },
        { panel: this.#panel, address: '' },
      );
      if (signIn instanceof Promise) return { ok: false, reason: 'failed' };
      if (signIn.ok) {
        const { person } = signIn;
        return { ok: true, person, listing: this.#listing(person.id) };
      }
      return signIn.reason === 'throttled' ? signIn : { ok: false, reason: 'unknown' };
    } catch (error) {
      this.#failed('sign-in', error);
      return { ok: false, reason: 'failed' };
    }
  }

  /** The newest first, what may be claimed behind all others. */
  #listing(person: PersonId): Listing {
    const place = { panel: this.#panel, printer: firstPrinter(this.#panel) };
    const all = [...this.#jobs.list(person, place)].sort(inOrder);
    return { jobs: all.slice(0, LISTED_JOBS), omitted: Math.max(0, all.length - LISTED_JOBS) };
  }

  #failed(what: string, error: unknown): void {
    this.#log.error('panel request failed', { what, error: messageOf(error) });
  }
}

const inOrder = (a: SeenJob, b: SeenJob): number =>
  Number(a.claimable) - Number(b.claimable) || b.job.createdAt - a.job.createdAt || b.job.id - a.job.id;
