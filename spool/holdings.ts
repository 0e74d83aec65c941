/** What the living jobs hold, counted for each person, address, submitter token and queue and in all. Every change costs the same. */
import { addressKey } from '../base/networks.ts';
import { isTerminal, type Job } from './job.ts';

export interface Holding {
  readonly jobs: number;
  /** Octets of documents, those that are arriving too. */
  readonly octets: number;
  /** Jobs whose document has not begun to come. */
  readonly open: number;
}

/**
 * Who bears a job. What somebody merely claimed to be a person's is counted apart from what that person sent or took: a
 * stranger who knows a name must not use up the room of whoever bears it.
 *
 * `network`: the IPv6 network of an address, whose computers may change theirs as often as they like (RFC 8981); an IPv4
 * address has none.
 */
export type Bearer = 'all' | 'queue' | 'person' | 'address' | 'network' | 'token';

/** What is needed of a job to know its bearers. */
export type Borne = Pick<Job, 'queue' | 'owner' | 'submitter'>;

/** A document on its way in, counted as it grows. To be disposed of once it is kept or given up. */
export interface Arrival extends Disposable {
  add(octets: number): void;
}

type Counters = { -readonly [Measure in keyof Holding]: Holding[Measure] };

const NOTHING: Holding = { jobs: 0, octets: 0, open: 0 };
const BEARERS: readonly Bearer[] = ['all', 'queue', 'person', 'address', 'network', 'token'];

export class Holdings {
  readonly #counters = new Map<string, Counters>();

  /** What a bearer of this job holds now; undefined when the job has none of the kind (an unowned one has no person). */
  of(bearer: Bearer, job: Borne): Holding | undefined {
    const key = keyOf(bearer, job);
    return key === undefined ? undefined : (this.#counters.get(key) ?? NOTHING);
  }

  get all(): Holding {
    return this.#counters.get('all') ?? NOTHING;
  }

  /** How many bearers hold something; for tests that nothing is left behind. */
  get size(): number {
    return this.#counters.size;
  }

  /** Takes a living job in, as it is now. */
  add(job: Job): void {
    this.#count(job, holdingOf(job), 1);
  }

  /** Takes a living job out, as it was when it was taken in. */
  remove(job: Job): void {
    this.#count(job, holdingOf(job), -1);
  }

  arriving(job: Borne): Arrival {
    let taken = 0;
    return {
      add: (octets) => {
        taken += octets;
        this.#count(job, { jobs: 0, octets, open: 0 }, 1);
      },
      [Symbol.dispose]: () => {
        this.#count(job, { jobs: 0, octets: taken, open: 0 }, -1);
        taken = 0;
      },
    };
  }

  #count(job: Borne, { jobs, octets, open }: Holding, sign: 1 | -1): void {
    for (const bearer of BEARERS) {
      const key = keyOf(bearer, job);
      if (key === undefined) continue;
      const counters = this.#counters.get(key) ?? { ...NOTHING };
      counters.jobs += sign * jobs;
      counters.octets += sign * octets;
      counters.open += sign * open;
      if (counters.jobs === 0 && counters.octets === 0) this.#counters.delete(key);
      else this.#counters.set(key, counters);
    }
  }
}

/** Whether both, as they are, hold the same for the same bearers; may say no although they do. */
export function holdsAlike(a: Job, b: Job): boolean {
  return (
    a.queue === b.queue &&
    a.owner === b.owner &&
    a.submitter === b.submitter &&
    a.document === b.document &&
    a.receiving === b.receiving &&
    isTerminal(a.state) === isTerminal(b.state)
  );
}

function holdingOf(job: Job): Holding {
  const isOpen = job.document === undefined && job.receiving === undefined;
  return { jobs: 1, octets: job.document?.octets ?? 0, open: isOpen ? 1 : 0 };
}

function keyOf(bearer: Bearer, { queue, owner, submitter }: Borne): string | undefined {
  switch (bearer) {
    case 'all':
      return 'all';
    case 'queue':
      return `queue ${queue}`;
    case 'person':
      if (owner.kind !== 'person') return undefined;
      return `${owner.proof === 'claimed' ? 'claimed' : 'proved'} ${owner.person}`;
    case 'address':
      // A print server has one address for everybody; its token stands for it.
      return submitter.token === undefined ? `address ${submitter.address}` : undefined;
    case 'network': {
      const network = addressKey(submitter.address);
      return submitter.token === undefined && network !== submitter.address
        ? `network ${network}`
        : undefined;
    }
    case 'token':
      return submitter.token === undefined ? undefined : `token ${submitter.token}`;
    default:
      return bearer satisfies never;
  }
}
