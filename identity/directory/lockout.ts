/** How many wrong passwords of a person are tried here at most: half of those that lock the account. */
import { PresenceFilter } from 'ldapts';
import type { Clock } from '../../base/clock.ts';
import { Failure } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { Hours } from '../../base/units.ts';
import type { DirectoryConnection } from './connection.ts';
import type { DirectoryOptions } from './options.ts';
import { wholeNumber } from './values.ts';

/** Where nobody is locked out, or the directory does not tell. */
export const OWN_BOUND = 10;
/** Where somebody has a policy of their own that the service account may not read: it may be as strict as can be. */
const LEAST_BOUND = 1;
const AGAIN = Hours(1);
/** Policies that are remembered; domains have a handful. */
const MOST_POLICIES = 1000;

const ANYTHING = new PresenceFilter({ attribute: 'objectClass' });

export class LockoutBounds {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #bounds = new Map<string, { readonly bound: number; readonly readAt: number }>();

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * Half of the threshold of the person's own policy (a PSO, `msDS-ResultantPSO`, MS-ADTS §3.1.1.4.5.36), or else of the
   * domain's. Signed in as the service account.
   * @param id of the person in that directory @throws Failure see `directoryFailure`
   */
  async of(id: string, connection: DirectoryConnection, options: DirectoryOptions): Promise<number> {
    if (options.kind !== 'active-directory') return OWN_BOUND;
    const policy = await readText(connection, `<GUID=${id}>`, 'msDS-ResultantPSO');
    if (policy !== '') {
      return await this.#kept(`${options.name} ${policy}`, async () => {
        const threshold = await readText(connection, policy, 'msDS-LockoutThreshold');
        if (threshold !== '') return threshold;
        this.#log.warn('password policy of some people cannot be read', { directory: options.name, policy });
        return undefined;
      });
    }
    return await this.#kept(options.name, async () => {
      const context = await readText(connection, '', 'defaultNamingContext');
      return (await readText(connection, context, 'lockoutThreshold')) || '0';
    });
  }

  async #kept(key: string, read: () => Promise<string | undefined>): Promise<number> {
    const now = this.#clock.monotonic();
    const kept = this.#bounds.get(key);
    if (kept !== undefined && now - kept.readAt < AGAIN) return kept.bound;
    const written = await read();
    const threshold = written === undefined ? LEAST_BOUND : (wholeNumber(written) ?? LEAST_BOUND);
    const bound = threshold <= 0 ? OWN_BOUND : Math.max(1, Math.min(OWN_BOUND, Math.floor(threshold / 2)));
    const [oldest] = this.#bounds.keys();
    if (this.#bounds.size >= MOST_POLICIES && oldest !== undefined) this.#bounds.delete(oldest);
    this.#bounds.set(key, { bound, readAt: now });
    return bound;
  }
}

/** '' where there is no such entry or attribute, or the service account may not read it. */
async function readText(connection: DirectoryConnection, base: string, attribute: string): Promise<string> {
  const search = { base, scope: 'base', filter: ANYTHING, attributes: [attribute] } as const;
  const found = await connection.all(search, 1).catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'directory-error') return [];
    throw error;
  });
  return found[0]?.text(attribute) ?? '';
}
