/** Cards and codes that a directory gives to two people: told to the administrator, by name, never by number. */
import type { Alerts } from '../../base/alerts.ts';
import type { Log } from '../../base/log.ts';
import { displayable } from '../../base/text.ts';
import type { Conflicts, PlanIssue } from '../people/draft.ts';

export interface ConflictTellerOptions {
  /** Of the directory. */
  readonly name: string;
  readonly alerts: Alerts;
  readonly log: Log;
}

/** Lines of one sync; the command tells of all. */
const MOST_TOLD = 20;

export class ConflictTeller {
  readonly #options: ConflictTellerOptions;
  /** What the journal has heard of. */
  #told: ReadonlySet<string> = new Set();

  constructor(options: ConflictTellerOptions) {
    this.#options = options;
  }

  /** @param conflicts all that stand: the alert tells of them until there is none, the journal once of each */
  tell({ count, listed }: Conflicts): void {
    const { name, alerts, log } = this.#options;
    const fresh = listed.filter((each) => !this.#told.has(textOf(each)));
    this.#told = new Set(listed.map(textOf));
    for (const { what, userName, domain, holder } of fresh.slice(0, MOST_TOLD)) {
      log.warn('a card or code of two people stays with the first', {
        directory: name,
        kind: what,
        user: userName,
        domain,
        holder: holder ?? '',
      });
    }
    const key = `directory ${name} conflicts`;
    const [first] = listed;
    if (first === undefined) return alerts.clear(key);
    const others = count > 1 ? `, and ${count - 1} more` : '';
    const message = `The directory ${name} gives the same to two people: ${textOf(first)}${others}. See "holdfast sync status"`;
    alerts.raise({ kind: 'security', key, message });
  }
}

function textOf({ what, userName, domain, holder = '' }: PlanIssue): string {
  const who = displayable(domain === '' ? userName : `${userName}@${domain}`);
  return `a ${what} of ${who} is that of ${displayable(holder)} already and stays there`;
}
