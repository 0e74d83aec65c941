/** `holdfast codes mails`, `codes resend`: what became of the mails that bring codes. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { CODE_MAIL_STATES, type CodeMailState } from '../../identity/codes/mails/rows.ts';
import { LONGEST_TEXT } from '../../identity/people/draft.ts';
import { personNamed } from '../person-named.ts';
import { defineCommand } from './command.ts';
import { planNumber } from './plan-number.ts';
import { localTime, table } from './table.ts';

/** Told in one answer. */
const MOST_TOLD = 1000;
const FAILED: readonly CodeMailState[] = ['refused', 'unknown', 'deferred'];

interface ToldMail {
  readonly user: string;
  readonly email: string;
  readonly state: CodeMailState;
  readonly rank: string;
  /** The number of the plan; 0: a code given to one person, or to somebody new. */
  readonly batch: number;
  readonly tries: number;
  /** What the mail server said. */
  readonly reply: string;
  readonly since: string;
  /** When it is tried again; null when it is not. */
  readonly 'next-try': string | null;
}

interface Result {
  readonly counts: Readonly<Record<CodeMailState, number>>;
  readonly mails: readonly ToldMail[];
  readonly more: boolean;
}

export const codesMails = defineCommand<{ failed: boolean; batch?: number }, Result>({
  name: 'codes mails',
  summary: 'Show what became of the mails with codes; never the codes',
  options: [
    ['--failed', 'only of those who have none yet: refused, deferred, or unknown'],
    ['--batch <plan>', 'only of one batch, by the number of its plan'],
  ],
  request({ options }) {
    const batch = options['batch'];
    return {
      arguments: {
        failed: options['failed'] === true,
        ...(typeof batch === 'string' ? { batch: planNumber(batch) } : {}),
      },
    };
  },
  arguments: z.strictObject({ failed: z.boolean(), batch: z.int().min(1).exactOptional() }) as z.ZodType<{
    failed: boolean;
    batch?: number;
  }>,
  async handle({ gateway: { codes, identity }, arguments: { failed, ...query } }) {
    const states = failed ? FAILED : CODE_MAIL_STATES;
    const mails = await codes.mails.list({ ...query, states, limit: MOST_TOLD + 1 });
    return {
      counts: await codes.mails.counts(),
      mails: mails.slice(0, MOST_TOLD).map((mail): ToldMail => {
        const { userName = '', email = '' } = identity.person(mail.person) ?? {};
        const { state, rank, batch, tries, reply, changedAt, dueAt } = mail;
        const waits = state === 'queued' || state === 'deferred';
        return {
          user: userName,
          email,
          state,
          rank,
          batch,
          tries,
          reply,
          since: new Date(changedAt).toISOString(),
          'next-try': waits ? new Date(dueAt).toISOString() : null,
        };
      }),
      more: mails.length > MOST_TOLD,
    };
  },
  show({ counts, mails, more }) {
    const told = Object.entries(counts).filter(([, count]) => count > 0);
    const head =
      told.length === 0 ? 'no mails' : told.map(([state, count]) => `${count} ${state}`).join(', ');
    if (mails.length === 0) return head;
    const rows = mails.map((mail) => [
      mail.user,
      mail.email,
      mail.state,
      mail.batch === 0 ? '' : `${mail.batch}`,
      localTime(Date.parse(mail.since)),
      mail['next-try'] === null ? '' : localTime(Date.parse(mail['next-try'])),
      mail.reply,
    ]);
    const columns = ['USER', 'E-MAIL', 'STATE', 'BATCH', 'SINCE', 'NEXT TRY', 'REPLY'];
    return [head, table(columns, rows), ...(more ? [`… and more than ${MOST_TOLD}`] : [])].join('\n');
  },
});

export const codesResend = defineCommand<{ user?: string }, { readonly mails: number }>({
  name: 'codes resend',
  summary: 'Send codes again, the same ones, to who did not get them for certain',
  words: [['[user]', 'a person whose mail was refused, deferred, or is unknown']],
  options: [['--unknown', 'to everybody of whose mail nobody knows; who got it gets it twice']],
  request({ words: [user], options }) {
    if ((user === undefined) === (options['unknown'] !== true)) {
      throw new Failure('bad-option', 'name a person, or say --unknown');
    }
    return { arguments: user === undefined ? {} : { user } };
  },
  arguments: z.strictObject({
    user: z
      .string()
      .min(1)
      .max(2 * LONGEST_TEXT)
      .exactOptional(),
  }) as z.ZodType<{ user?: string }>,
  async handle({ gateway: { codes, identity }, arguments: { user } }) {
    if (user === undefined) return { mails: await codes.mails.resend(['unknown']) };
    const mails = await codes.mails.resend(FAILED, personNamed(identity, user).id);
    if (mails > 0) return { mails };
    throw new Failure('nothing-to-resend', `no code waits for ${user}`, {
      advice: 'A code that was sent is not kept: see holdfast codes replace',
    });
  },
  show: ({ mails }) => `${mails} ${mails === 1 ? 'mail is' : 'mails are'} sent again`,
});
