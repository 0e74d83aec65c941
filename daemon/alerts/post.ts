/** Sends the notices that wait: those for one address in one mail, those for a webhook one after the other. */
import type { Alerts } from '../../base/alerts.ts';
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Mailer } from '../../base/mail/mailer.ts';
import type { Metrics } from '../../base/metrics.ts';
import { Rounds } from '../../base/rounds.ts';
import { Hours, Milliseconds, Minutes } from '../../base/units.ts';
import type { AlertsConfig } from '../../config/schema.ts';
import { type MailWords, mailOf } from './letter.ts';
import { type Notice, type Target, targetOf } from './notice.ts';
import type { AlertStore } from './notifier.ts';
import type { Post, PostState } from './tables.ts';
import type { Webhook } from './webhook.ts';

export interface AlertPostOptions {
  readonly store: AlertStore;
  readonly mailer: Mailer;
  readonly webhook: Webhook;
  readonly settings: () => AlertsConfig;
  readonly words: () => MailWords;
  /** For those that health shows only: a mail about mail that cannot be sent would not be sent. */
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Rows read at once, notices in one mail, targets at a time. */
const BATCH = 500;
const MOST_IN_A_MAIL = 50;
const AT_ONCE = 4;
const FIRST_DELAY = Minutes(1);
const LONGEST_DELAY = Hours(1);
/** Older news is none. */
const GIVE_UP_AFTER = Hours(24);
const UNDELIVERED = 'alerts are not delivered';

/** Doubles. @param tries ≥ 1 */
const delayAfter = (tries: number): number =>
  Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** Math.min(tries - 1, 10));

interface Outcome {
  readonly state: PostState;
  /** Why it is not sent, for the log. */
  readonly why?: string;
}

export class AlertPost {
  readonly #options: AlertPostOptions;
  readonly #fates;
  readonly #rounds: Rounds;
  #waiting = 0;
  /** Targets that took nothing at their last try. */
  readonly #failing = new Set<string>();

  private constructor(options: AlertPostOptions) {
    this.#options = options;
    this.#rounds = new Rounds(options.clock, () => this.#run());
    this.#fates = options.metrics.counter(
      'alert_notices_total',
      'Notices of alerts by way and by what became of them',
      ['channel', 'fate'],
    );
    options.metrics.gauge(
      'alert_notices_waiting',
      'Notices of alerts that are to be sent',
      () => this.#waiting,
    );
  }

  static async open(options: AlertPostOptions): Promise<AlertPost> {
    const cut = await options.store.cutPosts(options.clock.now());
    if (cut > 0) options.log.warn('mails with alerts were cut off while they were sent', { notices: cut });
    return new AlertPost(options);
  }

  /** There may be something to send. Returns at once. */
  look(): void {
    this.#rounds.look();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  async #run(): Promise<void> {
    const { store, clock, log } = this.#options;
    try {
      for (;;) {
        const due = await store.postsDue({ now: clock.now(), limit: BATCH });
        if (due.length === 0 || this.#rounds.ending.aborted) break;
        const targets = [...Map.groupBy(due, ({ target }) => target)];
        const lane = async () => {
          for (let next = targets.shift(); next !== undefined; next = targets.shift()) {
            if (!this.#rounds.ending.aborted) await this.#deliver(...next);
          }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, lane));
      }
      const { due, waiting } = await store.waitingPosts(undefined);
      this.#waiting = waiting;
      if (due !== undefined) this.#rounds.lookIn(Milliseconds(Math.max(0, due - clock.now())));
    } catch (error) {
      log.error('alerts are not sent', { error: messageOf(error) });
      this.#rounds.lookIn(FIRST_DELAY);
    }
  }

  /** All that is due for one target; when it takes nothing the rest waits too, so that the order stays. */
  async #deliver(words: string, posts: readonly Post[]): Promise<void> {
    const target = targetOf(words);
    const size = target.channel === 'mail' ? MOST_IN_A_MAIL : 1;
    for (let at = 0; at < posts.length; at += size) {
      const part = posts.slice(at, at + size);
      const { store, clock } = this.#options;
      const begun = new Set(await store.beginPosts({ ids: part.map(({ id }) => id), at: clock.now() }));
      const sent = part.filter(({ id }) => begun.has(id));
      if (sent.length === 0) continue;
      const outcome = await this.#send(target, sent);
      await this.#settle(target, words, sent, outcome);
      if (outcome.state === 'deferred') return;
    }
  }

  async #settle(target: Target, words: string, posts: readonly Post[], outcome: Outcome): Promise<void> {
    const { store, clock, log, alerts } = this.#options;
    const { state, why } = outcome;
    const { channel } = target;
    const at = clock.now();
    const tries = (posts[0]?.tries ?? 0) + 1;
    const late = (post: Post) => state === 'deferred' && at - post.queuedAt >= GIVE_UP_AFTER;
    const settle = async (some: readonly Post[], fate: PostState) => {
      if (some.length === 0) return;
      this.#fates.inc({ channel, fate }, some.length);
      const ids = some.map(({ id }) => id);
      if (fate === 'deferred') {
        await store.deferPosts({ ids, target: words, at, dueAt: at + delayAfter(tries) });
      } else await store.settlePosts({ ids, state: fate, at });
    };
    await settle(posts.filter(late), 'failed');
    await settle(
      posts.filter((post) => !late(post)),
      state,
    );
    if (state === 'sent' || state === 'dropped') {
      this.#failing.delete(words);
      log.info('alerts told', { channel, notices: posts.length, state });
    } else {
      this.#failing.add(words);
      log.warn('alerts not told', { channel, notices: posts.length, state, tries, error: why });
    }
    if (this.#failing.size === 0) return alerts.clear(UNDELIVERED);
    const message = `alerts cannot be told to ${this.#failing.size} of their recipients; the log says why`;
    alerts.raise({ kind: 'application', key: UNDELIVERED, message });
  }

  async #send(target: Target, posts: readonly Post[]): Promise<Outcome> {
    try {
      const notices = posts.map(({ notice }) => JSON.parse(notice) as Notice);
      return target.channel === 'mail'
        ? await this.#mail(target, posts, notices)
        : await this.#post(target.name, posts, notices);
    } catch (error) {
      return { state: 'deferred', why: messageOf(error) };
    }
  }

  async #mail(
    { address, language }: Extract<Target, { channel: 'mail' }>,
    posts: readonly Post[],
    notices: readonly Notice[],
  ): Promise<Outcome> {
    const { mailer, words } = this.#options;
    const [first] = posts;
    const { subject, text } = mailOf(notices, language, words());
    const id = `alert.${first?.id ?? 0}.${first?.queuedAt ?? 0}`;
    const { outcomes } = await mailer.send({ to: [address], subject, text, id });
    const [{ fate, reply } = { fate: 'unknown', reply: '' } as const] = outcomes;
    switch (fate) {
      case 'accepted':
        return { state: 'sent' };
      case 'refused':
        return { state: 'failed', why: reply };
      case 'deferred':
      case 'unknown':
        return { state: fate, why: reply };
      default:
        return fate satisfies never;
    }
  }

  async #post(name: string, posts: readonly Post[], [notice]: readonly Notice[]): Promise<Outcome> {
    const { settings, webhook, words } = this.#options;
    const to = settings().recipients.find((each) => each.name === name)?.webhook;
    if (to === undefined || notice === undefined)
      return { state: 'dropped', why: 'no longer in the configuration' };
    const id = `${posts[0]?.id ?? 0}.${posts[0]?.queuedAt ?? 0}`;
    await webhook.post(to, { id, gateway: words().gateway, notice }, this.#rounds.ending);
    return { state: 'sent' };
  }
}
