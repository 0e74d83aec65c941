/** Sends the letters about badges one after the other, and tries again while the mail server does not take them. */
import { type Clock, sleep, type Timer } from '../../base/clock.ts';
import { Failure, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Mailer } from '../../base/mail/mailer.ts';
import { type Milliseconds, Minutes, Seconds } from '../../base/units.ts';
import type { PersonId } from '../person.ts';
import type { Letter } from './letters.ts';

export interface Posted {
  /** Of the mail: letters and digits. */
  readonly id: string;
  readonly person: PersonId;
  /** What it is, for the log. */
  readonly what: 'activation' | 'notice';
  /** Where to, and what; undefined when there is nowhere any more. Asked for at each try. */
  write(): Promise<{ readonly to: string; readonly letter: Letter } | undefined>;
  /** Milliseconds since 1970: it is not tried again after that. */
  readonly until: number;
  /** It is sent, or was given up. */
  done(): Promise<void>;
}

const FIRST_DELAY = Seconds(15);
const LONGEST_DELAY = Minutes(30);
const MOST_WAITING = 10_000;
/** What a stop waits for the mail that is under way. */
const PATIENCE = Seconds(5);

export class Post {
  readonly #mailer: Mailer;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #waiting: Posted[] = [];
  #running: Promise<void> | undefined;
  #timer: Timer | undefined;
  #delay: Milliseconds = FIRST_DELAY;
  #stopped = false;

  constructor({ mailer, clock, log }: { readonly mailer: Mailer; readonly clock: Clock; readonly log: Log }) {
    this.#mailer = mailer;
    this.#clock = clock;
    this.#log = log;
  }

  /** False when too many wait. Returns at once. */
  take(posted: Posted): boolean {
    if (this.#stopped || this.#waiting.length >= MOST_WAITING) return false;
    this.#waiting.push(posted);
    this.#look();
    return true;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    if (this.#running !== undefined) await Promise.race([this.#running, sleep(this.#clock, PATIENCE)]);
  }

  #look(): void {
    if (this.#stopped || this.#running !== undefined) return;
    this.#timer?.cancel();
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      if (this.#waiting.length === 0 || this.#stopped) return;
      this.#timer = this.#clock.after(this.#delay, () => this.#look());
    });
  }

  /** Each that waits, once. */
  async #run(): Promise<void> {
    const again: Posted[] = [];
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (this.#stopped) return;
      const fate = await this.#send(next);
      if (fate === 'later' && this.#clock.now() < next.until) {
        again.push(next);
        continue;
      }
      if (fate !== 'sent') this.#log.warn('mail about a badge was not sent', { ...told(next), fate });
      await next.done().catch((error: unknown) => {
        this.#log.error('mail about a badge was not crossed off', { error: messageOf(error) });
      });
    }
    this.#waiting.push(...again);
    const doubled = Math.min(LONGEST_DELAY, this.#delay * 2) as Milliseconds;
    this.#delay = again.length === 0 ? FIRST_DELAY : doubled;
  }

  async #send(posted: Posted): Promise<'sent' | 'later' | 'refused' | 'nowhere'> {
    try {
      const written = await posted.write();
      if (written === undefined) return 'nowhere';
      const { subject, text } = written.letter;
      const report = await this.#mailer.send({ to: [written.to], subject, text, id: posted.id });
      const fate = report.outcomes[0]?.fate;
      this.#log.info('mail about a badge', { ...told(posted), fate });
      // Of `unknown` nobody knows: once too often is better here than never.
      return fate === 'accepted' ? 'sent' : fate === 'refused' ? 'refused' : 'later';
    } catch (error) {
      this.#log.warn('mail about a badge waits', { ...told(posted), error: messageOf(error) });
      return error instanceof Failure && error.code === 'bad-mail' ? 'refused' : 'later';
    }
  }
}

const told = ({ what, person, id }: Posted) => ({ what, person, mail: id });
