/** Gives codes to people: makes them, and keeps them together with the mails that tell them. */
import type { Clock } from '../../base/clock.ts';
import { Failure } from '../../base/errors.ts';
import { isMailAddress } from '../../base/mail/message.ts';
import { Days } from '../../base/units.ts';
import { type CredentialRank, LONGEST_CODE } from '../credential.ts';
import { Turns } from '../import/turns.ts';
import type { CredentialEdit, PeopleEngine, PeopleReport } from '../people/draft.ts';
import type { PersonId } from '../person.ts';
import { shortestCode } from './accounting.ts';
import { generateCodes } from './generate.ts';
import type { NewCodeMail } from './mails/rows.ts';
import type { CodeSeal } from './mails/seal.ts';
import { type CodePolicy, judge, mustBeLongEnough } from './policy.ts';

/** How long the codes before go on, so that nobody stands at a printer with neither: a mail may take days. */
export const OLD_CODES_GO_ON = Days(3);
/** Nobody is asked to type fewer unless the administrator says so. */
const SHORTEST_BY_DEFAULT = 6;
/** Made in one go of the event loop. */
const SLICE = 200;

export interface GivingEngine extends PeopleEngine {
  readonly credentials: number;
  readonly size: number;
  shareOfCodes(digits: number): Promise<number>;
}

export interface GivingOptions {
  readonly people: GivingEngine;
  readonly seal: CodeSeal;
  readonly policy: () => CodePolicy;
  readonly clock: Clock;
}

export interface Gift {
  readonly digits: number;
  readonly rank: CredentialRank;
  /** What they have of that rank: stays beside the new one, goes on for some days, or ends at once. */
  readonly before: 'stays' | 'ends-later' | 'ends-at-once';
  /** Milliseconds since 1970. */
  readonly expiresAt?: number;
}

export interface Given {
  readonly report: PeopleReport;
  /** In the order of the people. */
  readonly codes: readonly string[];
}

export class CodeGiving {
  readonly #options: GivingOptions;

  constructor(options: GivingOptions) {
    this.#options = options;
  }

  /** How many digits a code has when nobody says: what the policy asks for, with room for as many people again. */
  get usualDigits(): number {
    const { people, policy } = this.#options;
    const { guessesPerWeek, hitsAllowedPerWeek, secondFactor = 1 } = policy();
    const inUse = Math.max(1, 2 * people.size);
    const shortest = shortestCode(inUse, guessesPerWeek / secondFactor, hitsAllowedPerWeek) ?? LONGEST_CODE;
    return Math.max(SHORTEST_BY_DEFAULT, shortest);
  }

  /** @throws Failure `code-too-short` */
  async mustBeLongEnough(digits: number, count: number): Promise<void> {
    const { people, policy } = this.#options;
    const rules = policy();
    const share = rules.acceptRisk ? 0 : await people.shareOfCodes(digits);
    mustBeLongEnough(digits, share, count, rules);
  }

  /** Different ones that nobody has. @throws Failure `codes-used-up` */
  async make(count: number, digits: number): Promise<string[]> {
    const { people, clock } = this.#options;
    const turns = new Turns(clock);
    const made = new Set<string>();
    const taken = (code: string) => made.has(code) || people.isTaken('code', code);
    while (made.size < count) {
      const inUse = people.credentials + made.size;
      const some = Math.min(SLICE, count - made.size);
      for (const code of generateCodes(some, digits, taken, inUse)) made.add(code);
      if (turns.due) await turns.next();
    }
    return [...made];
  }

  /**
   * A code for each; all of them, with their mails, or none.
   * @param mailed whether it is mailed; else whoever asked has to tell it
   * @param plan of which this is the end; 0: of none
   * @throws Failure `code-too-short`, `codes-used-up`, `people-busy`, `plan-outdated`, `no-such-plan`
   */
  async give(to: readonly PersonId[], gift: Gift, mailed: boolean, plan = 0): Promise<Given> {
    const { people, seal, clock } = this.#options;
    const { digits, rank, before, expiresAt } = gift;
    await this.mustBeLongEnough(digits, to.length);
    const codes = await this.make(to.length, digits);
    const end = expiresAt === undefined ? {} : { expiresAt };
    const edits: CredentialEdit[] = [];
    const mails: NewCodeMail[] = [];
    await new Turns(clock).forEach(to.entries(), ([at, person]) => {
      const text = codes[at] ?? '';
      const replace = before === 'ends-at-once';
      if (before === 'ends-later') {
        edits.push({ edit: 'expire', person, kind: 'code', rank, expiresAt: clock.now() + OLD_CODES_GO_ON });
      }
      edits.push({ edit: 'issue', person, kind: 'code', text, rank, replace, ...end });
      if (mailed) mails.push(seal.mail(person, rank, { code: text, ...end }));
    });
    const preview = await people.previewEdits(edits);
    const wrong = preview.issues.find(({ issue }) => issue !== 'trivial');
    if (wrong?.issue === 'too-many') {
      throw new Failure('too-many-codes', `${wrong.userName} has too many codes already`, {
        advice: 'Revoke some with holdfast codes revoke',
      });
    }
    if (wrong !== undefined) {
      throw new Failure('plan-outdated', 'people have changed meanwhile', { advice: 'Try again' });
    }
    return { report: await people.apply(preview, { plan, mails }), codes };
  }
}

/** Whether a code can be mailed there. */
export const hasAddress = ({ email }: { readonly email: string }): boolean => isMailAddress(email);

/** What the accounting says of a length when so many more have one. */
export async function accountOf(
  { people, policy }: Pick<GivingOptions, 'people' | 'policy'>,
  digits: number,
  count: number,
  space: number,
) {
  const rules = policy();
  const share = Math.min(1, (await people.shareOfCodes(digits)) + count / space);
  return judge(digits, share, rules);
}
