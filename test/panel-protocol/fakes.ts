/** In-memory stand-ins for what panels need of the gateway; tests move jobs and printers by hand. */
import type { Secret } from '../../base/secrets/secret.ts';
import { Milliseconds, Seconds } from '../../base/units.ts';
import { type Person, PersonId } from '../../identity/person.ts';
import { Attributes } from '../../ipp/model.ts';
import type {
  Badge,
  CancelAnswer,
  Credential,
  JobNews,
  Panel,
  PanelIdentity,
  PanelJobs,
  PanelPrinter,
  PanelPrinters,
  Panels,
  PinChange,
  ReleaseAnswer,
  ReleaseOrder,
  SeenJob,
  SignIn,
  SignInPlace,
} from '../../panel-protocol/ports.ts';
import type { ReleaseRefusal } from '../../panel-protocol/refusal.ts';
import { isTerminal, type Job, JobId, type JobProgress } from '../../spool/job.ts';

/** The start of a `ManualClock`, and when the fakes' jobs came in. */
export const NOW = Date.UTC(2026, 0, 1);

export function person(number: number, displayName: string): Person {
  const id = PersonId(`00000000-0000-4000-8000-${String(number).padStart(12, '0')}`);
  return { id, userName: `user${number}`, displayName, email: '' };
}

export const MARIA = person(1, 'Maria Nowak');
export const PAUL = person(2, 'Paul Weber');
export const CODE = '2468';

export function panel(change: Partial<Panel> = {}): Panel {
  return {
    name: 'ward-3',
    printers: ['mfp-2'],
    language: 'en',
    sessionTimeout: Seconds(60),
    addresses: ['127.0.0.0/8', '::1'],
    signIn: ['badge', 'code'],
    marked: 'all',
    bindCards: [],
    changePin: false,
    releaseAll: false,
    plainHttp: true,
    ...change,
  };
}

/** A held job of {@link MARIA} with a document. */
export function job(number: number, change: Partial<Job> = {}): Job {
  return {
    id: JobId(number),
    uuid: `urn:uuid:00000000-0000-4000-9000-${String(number).padStart(12, '0')}`,
    queue: 'print',
    state: 'pending-held',
    owner: { kind: 'person', person: MARIA.id, proof: 'claimed' },
    submitter: { address: '10.0.0.7', claimedName: 'user1' },
    name: `Document ${number}`,
    ticket: new Attributes(),
    holdUntil: 'no-hold',
    releaseAction: 'owner-authorized',
    document: { format: 'application/pdf', octets: 120_000, impressions: 3 },
    createdAt: NOW,
    expiresAt: NOW + 86_400_000,
    ...change,
  };
}

export const UNOWNED = { owner: { kind: 'unowned' } } as const satisfies Partial<Job>;

export class FakePanels implements Panels {
  readonly all = new Map<string, Panel>();

  constructor(...panels: readonly Panel[]) {
    for (const each of panels) this.all.set(each.name, each);
  }

  find(name: string): Panel | undefined {
    return this.all.get(name);
  }
}

export class FakePrinters implements PanelPrinters {
  readonly warmed: string[] = [];
  readonly #all = new Map<string, PanelPrinter>();
  readonly #listeners = new Set<(name: string) => void>();

  constructor() {
    this.set('mfp-2', {});
  }

  set(name: string, change: Partial<PanelPrinter>): void {
    const ready = {
      info: 'MFP 2',
      location: 'Ward 3',
      state: 'idle',
      reasons: [],
      acceptingJobs: true,
    } as const;
    this.#all.set(name, { ...ready, ...change });
    for (const listener of this.#listeners) listener(name);
  }

  find(name: string): PanelPrinter | undefined {
    return this.#all.get(name);
  }

  warm(name: string): void {
    this.warmed.push(name);
  }

  watch(listener: (name: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

export class FakeIdentity implements PanelIdentity {
  readonly #people = new Map<string, Person>([[CODE, MARIA]]);
  readonly #listeners = new Set<(person: PersonId) => void>();
  /** Every attempt is throttled for so long; 0 is not at all. */
  throttle = Milliseconds(0);
  fails = false;
  readonly attempts: { readonly code: string; readonly panel: string }[] = [];

  /** What is answered to a value that was shown, in place of a person. */
  readonly answers = new Map<string, SignIn | Promise<SignIn>>();
  /** PINs that are right, beside whatever was shown first, and whose they are. */
  readonly pins = new Map<string, Person>();
  readonly bound: { readonly person: PersonId; readonly badge: string }[] = [];
  readonly activations: string[] = [];

  give(code: string, owner: Person): void {
    this.#people.set(code, owner);
  }

  signIn({ value }: Credential, { panel }: SignInPlace): SignIn | Promise<SignIn> {
    this.attempts.push({ code: value.reveal(), panel: panel.name });
    if (this.fails) throw new Error('the index is gone');
    if (this.throttle > 0) return { ok: false, reason: 'throttled', retryAfter: this.throttle };
    const answer = this.answers.get(value.reveal());
    if (answer !== undefined) return answer;
    const found = this.#people.get(value.reveal());
    return found === undefined ? { ok: false, reason: 'unknown' } : { ok: true, person: found };
  }

  checkPin(_: Credential, pin: Secret<string>): SignIn | Promise<SignIn> {
    const answer = this.answers.get(pin.reveal());
    if (answer !== undefined) return answer;
    const found = this.pins.get(pin.reveal());
    return found === undefined ? { ok: false, reason: 'unknown' } : { ok: true, person: found };
  }

  async bindCard(person: PersonId, badge: Badge): Promise<'bound' | 'not-bound'> {
    if (this.bound.some((each) => each.badge === badge.value.reveal())) return 'not-bound';
    this.bound.push({ person, badge: badge.value.reveal() });
    return 'bound';
  }

  async setPin(): Promise<PinChange> {
    return { ok: false, reason: 'pin-refused' };
  }

  async requestActivation(userName: string): Promise<void> {
    this.activations.push(userName);
  }

  remove(id: PersonId): void {
    for (const listener of this.#listeners) listener(id);
  }

  watchRemovals(listener: (person: PersonId) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

export class FakeJobs implements PanelJobs {
  readonly orders: ReleaseOrder[] = [];
  readonly refusals = new Map<number, ReleaseRefusal>();
  /** Of the jobs that want one. */
  readonly pins = new Map<number, string>();
  fails = false;
  readonly #jobs = new Map<JobId, Job>();
  readonly #listeners = new Set<(news: JobNews) => void>();

  /** Puts a job, new or changed, and tells. */
  put(job: Job): void {
    this.#jobs.set(job.id, job);
    this.#tell({ kind: 'changed', job });
  }

  change(number: number, change: Partial<Job>): void {
    this.put({ ...this.get(number), ...change });
  }

  get(number: number): Job {
    const found = this.#jobs.get(JobId(number));
    if (found === undefined) throw new Error(`no job ${number}`);
    return found;
  }

  progress(number: number, progress: JobProgress): void {
    this.#tell({ kind: 'progress', job: JobId(number), progress });
  }

  forget(number: number): void {
    this.#jobs.delete(JobId(number));
    this.#tell({ kind: 'forgotten', job: JobId(number) });
  }

  /** The printer says that it is done. */
  complete(number: number, impressions = 3): void {
    this.change(number, {
      state: 'completed',
      confirmation: 'completed',
      impressionsCompleted: impressions,
    });
  }

  /** Held again, with what went wrong. */
  fail(number: number, trouble: Pick<NonNullable<Job['trouble']>, 'outcome' | 'reason'>): void {
    this.change(number, { state: 'pending-held', trouble: { ...trouble, printer: 'mfp-2', at: NOW } });
  }

  list(person: PersonId): readonly SeenJob[] {
    return this.#living().flatMap((each) => this.look(each, person) ?? []);
  }

  expect(): void {}

  look(job: Job, person: PersonId): SeenJob | undefined {
    if (job.owner.kind === 'unowned') return job.queue === 'print' ? { job, claimable: true } : undefined;
    return job.owner.person === person ? { job, claimable: false } : undefined;
  }

  options(): ReturnType<PanelJobs['options']> {
    return undefined;
  }

  releasedBefore(jobs: readonly JobId[], key: string, by: PersonId): readonly Job[] {
    return jobs
      .flatMap((id) => this.#jobs.get(id) ?? [])
      .filter(({ release }) => release?.key === key && release.by === by);
  }

  async release(order: ReleaseOrder): Promise<readonly ReleaseAnswer[]> {
    this.orders.push(order);
    if (this.fails) throw new Error('the spool is gone');
    return order.jobs.map((id) => {
      const refused = this.refusals.get(id);
      if (refused !== undefined) return { job: id, refused };
      const pin = this.pins.get(id);
      if (pin !== undefined && order.password?.reveal() !== pin)
        return { job: id, refused: order.password ? 'job-password-wrong' : 'job-password-needed' };
      this.change(id, {
        state: 'pending',
        owner: { kind: 'person', person: order.by, proof: 'claimed' },
        release: { printer: order.printer, key: order.key, by: order.by, at: NOW },
      });
      return { job: id };
    });
  }

  async cancel(id: JobId): Promise<CancelAnswer> {
    if (this.fails) throw new Error('the spool is gone');
    if (!this.#jobs.has(id)) return 'job-not-found';
    this.change(id, { state: 'canceled', endedBy: 'person' });
    return 'canceled';
  }

  watch(listener: (news: JobNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #living(): Job[] {
    return [...this.#jobs.values()].filter((each) => !isTerminal(each.state));
  }

  #tell(news: JobNews): void {
    for (const listener of this.#listeners) listener(news);
  }
}
