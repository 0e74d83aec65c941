/** How many wrong passwords of a person are tried here at most, and in what time: half of those that lock the account. */
import { PresenceFilter } from 'ldapts';
import type { Clock } from '../../base/clock.ts';
import { Failure } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { Hours, type Milliseconds, Minutes } from '../../base/units.ts';
import type { DirectoryConnection } from './connection.ts';
import type { DirectoryOptions } from './options.ts';
import { wholeNumber } from './values.ts';

/** Where nobody is locked out, or the directory does not tell. */
export const OWN_BOUND = 10;
/** Where somebody has a policy of their own that the service account may not read: it may be as strict as can be. */
const LEAST_BOUND = 1;
const AGAIN = Hours(1);
/** How long a wrong one counts at least; domains usually forget after as long. */
const LEAST_WINDOW = Minutes(30);
/** Where the window cannot be read, or only an administrator forgets: as long as people can be kept waiting. */
const LONGEST_WINDOW = Hours(24);
/** Policies that are remembered; domains have a handful. */
const MOST_POLICIES = 1000;

const ANYTHING = new PresenceFilter({ attribute: 'objectClass' });

export interface LockoutBound {
  /** Wrong passwords, ≥ 1. */
  readonly most: number;
  /** After the last wrong one the directory has forgotten them all. */
  readonly window: Milliseconds;
}

export class LockoutBounds {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #bounds = new Map<string, { readonly bound: LockoutBound; readonly readAt: number }>();

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * Half of the threshold of the person's own policy (a PSO, `msDS-ResultantPSO`, MS-ADTS §3.1.1.4.5.36), or else of the
   * domain's. Signed in as the service account.
   * @param id of the person in that directory @throws Failure see `directoryFailure`
   */
  async of(id: string, connection: DirectoryConnection, options: DirectoryOptions): Promise<LockoutBound> {
    if (options.kind !== 'active-directory') return { most: OWN_BOUND, window: LEAST_WINDOW };
    const [policy = ''] = await readTexts(connection, `<GUID=${id}>`, ['msDS-ResultantPSO']);
    if (policy !== '') {
      return await this.#kept(`${options.name} ${policy}`, async () => {
        const [threshold = '', window = ''] = await readTexts(connection, policy, [
          'msDS-LockoutThreshold',
          'msDS-LockoutObservationWindow',
        ]);
        if (threshold !== '') return { threshold, window };
        this.#log.warn('password policy of some people cannot be read', { directory: options.name, policy });
        return undefined;
      });
    }
    return await this.#kept(options.name, async () => {
      const [context = ''] = await readTexts(connection, '', ['defaultNamingContext']);
      const names = ['lockoutThreshold', 'lockOutObservationWindow'];
      const [threshold = '', window = ''] = await readTexts(connection, context, names);
      return { threshold: threshold || '0', window };
    });
  }

  async #kept(
    key: string,
    read: () => Promise<{ readonly threshold: string; readonly window: string } | undefined>,
  ): Promise<LockoutBound> {
    const now = this.#clock.monotonic();
    const kept = this.#bounds.get(key);
    if (kept !== undefined && now - kept.readAt < AGAIN) return kept.bound;
    const written = await read();
    const threshold = written === undefined ? LEAST_BOUND : (wholeNumber(written.threshold) ?? LEAST_BOUND);
    const most = threshold <= 0 ? OWN_BOUND : Math.max(1, Math.min(OWN_BOUND, Math.floor(threshold / 2)));
    const bound = { most, window: threshold <= 0 ? LEAST_WINDOW : windowOf(written?.window ?? '') };
    const [oldest] = this.#bounds.keys();
    if (this.#bounds.size >= MOST_POLICIES && oldest !== undefined) this.#bounds.delete(oldest);
    this.#bounds.set(key, { bound, readAt: now });
    return bound;
  }
}

/** '' where there is no such entry or attribute, or the service account may not read it. */
async function readTexts(
  connection: DirectoryConnection,
  base: string,
  attributes: readonly string[],
): Promise<string[]> {
  const search = { base, scope: 'base', filter: ANYTHING, attributes } as const;
  const found = await connection.all(search, 1).catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'directory-error') return [];
    throw error;
  });
  return attributes.map((each) => found[0]?.text(each) ?? '');
}

/** An interval as it is written there: steps of 100 ns, negative (MS-ADTS §3.1.1.3.4.1, LargeInteger). */
function windowOf(written: string): Milliseconds {
  if (!/^-?\d{1,19}$/.test(written)) return LONGEST_WINDOW;
  const milliseconds = Number(BigInt(written) / -10_000n);
  return Math.max(LEAST_WINDOW, Math.min(milliseconds, LONGEST_WINDOW)) as Milliseconds;
}
