/** Sends the mails with codes that wait, one by one and not too fast, each at most once unless somebody says otherwise. */
import type { Alerts } from '../../../base/alerts.ts';
import { type Clock, sleep, type Timer } from '../../../base/clock.ts';
import type { TableClient } from '../../../base/database/tables.ts';
import { Failure, messageOf } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import type { Mailer, MailReport } from '../../../base/mail/mailer.ts';
import { isMailAddress } from '../../../base/mail/message.ts';
import type { Metrics } from '../../../base/metrics.ts';
import { Rounds } from '../../../base/rounds.ts';
import { printable } from '../../../base/text.ts';
import { Days, Hours, Milliseconds, Minutes } from '../../../base/units.ts';
import type { CredentialRank } from '../../credential.ts';
import type { PersonProfile } from '../../people/draft.ts';
import type { Person, PersonId } from '../../person.ts';
import type { tables } from '../../tables.ts';
import { type CodeMailSettings, writtenFor } from './letter.ts';
import { afterTry, delayAfter, GIVE_UP_AFTER } from './machine.ts';
import { CODE_MAIL_STATES, type CodeMailQuery, type CodeMailState, type KeptCodeMail } from './rows.ts';
import type { CodeSeal, MailedCode } from './seal.ts';

export type CodeMailStore = Pick<
  TableClient<(typeof tables)['operations']>,
  | 'cutCodeMails'
  | 'codeMailsDue'
  | 'nextCodeMail'
  | 'beginCodeMail'
  | 'settleCodeMail'
  | 'codeMails'
  | 'countCodeMails'
  | 'resendCodeMails'
  | 'dropCodeMails'
  | 'sweepCodeMails'
>;

/** What the sender asks of people. */
export interface MailedPeople {
  profile(id: PersonId): Promise<PersonProfile | undefined>;
  isActive(id: PersonId): boolean;
  holdersOf(kind: 'code', texts: readonly string[]): Promise<(Person | undefined)[]>;
}

export interface CodeMailsOptions {
  readonly store: CodeMailStore;
  readonly seal: CodeSeal;
  readonly people: MailedPeople;
  readonly mailer: Mailer;
  readonly settings: () => CodeMailSettings;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Connections to the mail server at a time, and rows read at once. */
const AT_ONCE = 2;
const BATCH = 20;
/** How long a code that did not get to its person is kept for another try, and how long it is told what became of mails. */
const KEPT_FOR = Days(7);
const TOLD_FOR = Days(90);
const SWEEP_EVERY = Hours(1);
const LONGEST_REPLY = 300;

const SERVER_ALERT = 'codes wait for the mail server';
const LOST_ALERT = 'codes not mailed';

export class CodeMails {
  readonly #options: CodeMailsOptions;
  readonly #rounds: Rounds;
  #sweepTimer: Timer | undefined;
  /** Times in a row that the server took nothing from us. */
  #troubles = 0;
  #lastStart = Number.NEGATIVE_INFINITY;
  #counts: Partial<Record<CodeMailState, number>> = {};

  private constructor(options: CodeMailsOptions) {
    this.#options = options;
    this.#rounds = new Rounds(options.clock, () => this.#run());
    const { metrics } = options;
    const count =
      (...states: CodeMailState[]) =>
      () =>
        states.reduce((sum, state) => sum + (this.#counts[state] ?? 0), 0);
    metrics.gauge(
      'code_mails_waiting',
      'Mails with codes that are still to be sent',
      count('queued', 'deferred', 'sending'),
    );
    metrics.gauge(
      'code_mails_lost',
      'Mails with codes that were refused, or of which nobody knows',
      count('refused', 'unknown'),
    );
  }

  /** Whatever was being sent when the process before ended is `unknown` from now on. */
  static async open(options: CodeMailsOptions): Promise<CodeMails> {
    const cut = await options.store.cutCodeMails(options.clock.now());
    if (cut > 0) options.log.warn('mails with codes were cut off while they were sent', { mails: cut });
    const mails = new CodeMails(options);
    await mails.#count();
    return mails;
  }

  start(): void {
    this.#sweep();
    this.look();
  }

  /** Waits for mails that are under way; one that takes longer than 5 s is `unknown` afterwards. */
  stop(): Promise<void> {
    this.#sweepTimer?.cancel();
    return this.#rounds.stop();
  }

  /** There may be something to send. Returns at once. */
  look(): void {
    this.#rounds.look();
  }

  list(query: CodeMailQuery): Promise<KeptCodeMail[]> {
    return this.#options.store.codeMails(query);
  }

  async counts(): Promise<Readonly<Record<CodeMailState, number>>> {
    await this.#count();
    return Object.fromEntries(CODE_MAIL_STATES.map((state) => [state, this.#counts[state] ?? 0])) as Record<
      CodeMailState,
      number
    >;
  }

  /** Sends again what did not arrive for certain, once. @returns how many mails */
  async resend(states: readonly CodeMailState[], person?: PersonId): Promise<number> {
    const { store, clock } = this.#options;
    const at = clock.now();
    const mails = await store.resendCodeMails({ states, at, ...(person === undefined ? {} : { person }) });
    await this.#count();
    this.#troubles = 0;
    this.look();
    return mails;
  }

  /** Somebody's codes were taken away: what waits for them is not sent. */
  async drop(person: PersonId, rank?: CredentialRank): Promise<void> {
    const at = this.#options.clock.now();
    await this.#options.store.dropCodeMails({ person, at, ...(rank === undefined ? {} : { rank }) });
    await this.#count();
  }

  async #run(): Promise<void> {
    const { store, clock, log } = this.#options;
    try {
      while (!this.#rounds.ending.aborted) {
        const due = await store.codeMailsDue({ now: clock.now(), limit: BATCH });
        if (due.length === 0) break;
        const waiting = [...due];
        const troublesBefore = this.#troubles;
        const lane = async () => {
          for (let mail = waiting.shift(); mail !== undefined; mail = waiting.shift()) {
            if (this.#rounds.ending.aborted || this.#troubles > troublesBefore) return;
            await this.#pace();
            if (!this.#rounds.ending.aborted) await this.#send(mail);
          }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, lane));
        await this.#count();
        if (this.#troubles > troublesBefore) return this.#rounds.lookIn(delayAfter(this.#troubles));
      }
      const next = await store.nextCodeMail(undefined);
      if (next !== undefined) this.#rounds.lookIn(Milliseconds(Math.max(0, next - clock.now())));
    } catch (error) {
      log.error('mails with codes are not sent', { error: messageOf(error) });
      this.#rounds.lookIn(Minutes(1));
    }
  }

  async #pace(): Promise<void> {
    const { clock, settings } = this.#options;
    const apart = Minutes(1) / settings().perMinute;
    const start = Math.max(clock.monotonic(), this.#lastStart + apart);
    this.#lastStart = start;
    const wait = start - clock.monotonic();
    if (wait > 0) await sleep(clock, Milliseconds(wait), this.#rounds.ending).catch(() => {});
  }

  async #send(mail: KeptCodeMail): Promise<void> {
    const { store, seal, people, mailer, clock, log, settings } = this.#options;
    const { id, person, sealed } = mail;
    const settle = (state: CodeMailState, reply: string, wipe: boolean, dueAt = clock.now()) =>
      store.settleCodeMail({ id, state, reply, dueAt, at: clock.now(), wipe });
    const code = sealed === undefined ? undefined : this.#opened(seal, { id, sealed });
    if (code === undefined) return settle('refused', 'the code cannot be opened any more', true);
    const profile = await people.profile(person);
    const [holder] = await people.holdersOf('code', [code.code]);
    if (profile === undefined || holder?.id !== person || !people.isActive(person)) {
      return settle('dropped', '', true);
    }
    if (!isMailAddress(profile.email)) return settle('refused', 'no address that mail can be sent to', false);
    const message = { to: [profile.email], id, ...writtenFor(profile, code, settings()) };
    if (!(await store.beginCodeMail({ id, at: clock.now() }))) return;
    const sent = await mailer.send(message).catch((error: unknown) => error);
    if (sent instanceof Failure) {
      // No octet of it has left.
      const reply = printable(messageOf(sent), LONGEST_REPLY);
      if (sent.code === 'bad-mail') return settle('refused', reply, false);
      const tooLate = clock.now() - mail.queuedAt >= GIVE_UP_AFTER;
      this.#failed(reply);
      return settle(tooLate ? 'refused' : 'queued', reply, false, mail.dueAt);
    }
    const [outcome] = isReport(sent) ? sent.outcomes : [];
    const { fate, reply } = outcome ?? {
      fate: 'unknown' as const,
      reply: printable(messageOf(sent), LONGEST_REPLY),
    };
    if (outcome !== undefined) this.#answered();
    if (fate !== 'accepted') log.warn('code was not mailed', { person, mail: id, fate });
    const { state, dueAt, wipe } = afterTry(fate, { ...mail, tries: mail.tries + 1 }, clock.now());
    await settle(state, reply, wipe, dueAt);
  }

  #opened(
    seal: CodeSeal,
    mail: { readonly id: string; readonly sealed: Uint8Array },
  ): MailedCode | undefined {
    try {
      return seal.open(mail);
    } catch (error) {
      this.#options.log.error('code in a mail cannot be opened', { mail: mail.id, error: messageOf(error) });
      return undefined;
    }
  }

  #answered(): void {
    if (this.#troubles > 0) this.#options.alerts.clear(SERVER_ALERT);
    this.#troubles = 0;
  }

  #failed(reply: string): void {
    this.#troubles += 1;
    this.#options.alerts.raise({
      kind: 'application',
      key: SERVER_ALERT,
      message: `Codes wait for the mail server: ${reply}. It is tried again by itself`,
    });
  }

  async #count(): Promise<void> {
    const { store, alerts } = this.#options;
    this.#counts = await store.countCodeMails(undefined);
    const { refused = 0, unknown = 0, queued = 0, deferred = 0 } = this.#counts;
    if (queued + deferred === 0) alerts.clear(SERVER_ALERT);
    if (refused + unknown === 0) return alerts.clear(LOST_ALERT);
    const told = [
      ...(refused > 0 ? [`${refused} could not be mailed`] : []),
      ...(unknown > 0 ? [`of ${unknown} nobody knows`] : []),
    ].join(', ');
    alerts.raise({
      kind: 'application',
      key: LOST_ALERT,
      message: `Codes did not get to their people: ${told}. See "holdfast codes mails --failed"`,
    });
  }

  #sweep(): void {
    if (this.#rounds.ending.aborted) return;
    const { store, clock, log } = this.#options;
    const now = clock.now();
    store
      .sweepCodeMails({ wipe: now - KEPT_FOR, forget: now - TOLD_FOR })
      .then(() => this.#count())
      .catch((error: unknown) => log.error('mails with codes were not swept', { error: messageOf(error) }));
    this.#sweepTimer = clock.after(SWEEP_EVERY, () => this.#sweep());
  }
}

const isReport = (sent: unknown): sent is MailReport =>
  typeof sent === 'object' && sent !== null && 'outcomes' in sent;
