/** All subscriptions with their waiting events, every number of them bounded. */
import type { Clock } from '../../base/clock.ts';
import { Failure } from '../../base/errors.ts';
import type { Metrics } from '../../base/metrics.ts';
import { addressKey } from '../../base/networks.ts';
import type { JobId } from '../job.ts';
import {
  EVENT_LIFE,
  type Happening,
  MOST_EVENTS,
  MOST_FROM_ADDRESS,
  MOST_SUBSCRIPTIONS,
  type NewSubscription,
  type Subscription,
  type WaitingEvent,
} from './subscription.ts';

interface Entry {
  subscription: Subscription;
  lastSequence: number;
  events: WaitingEvent[];
  /** Monotonic; of the last `job-progress`. */
  lastProgress: number;
}

export class Subscriptions {
  readonly #clock: Clock;
  readonly #entries = new Map<number, Entry>();
  #lastId = 0;

  constructor(clock: Clock, metrics: Metrics) {
    this.#clock = clock;
    metrics.gauge('subscriptions', 'Subscriptions to events over IPP', () => this.#entries.size);
  }

  /** @throws Failure `too-many-subscriptions` */
  add(wanted: NewSubscription): Subscription {
    this.#sweep();
    const address = addressKey(wanted.subscriber.address);
    const same = [...this.#entries.values()].filter(
      (each) => addressKey(each.subscription.subscriber.address) === address,
    );
    if (this.#entries.size >= MOST_SUBSCRIPTIONS || same.length >= MOST_FROM_ADDRESS) {
      throw new Failure('too-many-subscriptions', 'there are as many subscriptions as there may be');
    }
    const expiresAt = wanted.job === undefined ? this.#after(wanted.lease) : Number.POSITIVE_INFINITY;
    const subscription: Subscription = { ...wanted, id: ++this.#lastId, expiresAt };
    this.#entries.set(subscription.id, {
      subscription,
      lastSequence: 0,
      events: [],
      lastProgress: -Infinity,
    });
    return subscription;
  }

  get(id: number): Subscription | undefined {
    this.#sweep();
    return this.#entries.get(id)?.subscription;
  }

  /** Of one queue, the oldest first. */
  of(queue: string): Subscription[] {
    this.#sweep();
    return [...this.#entries.values()]
      .map((each) => each.subscription)
      .filter((each) => each.queue === queue);
  }

  lastSequenceOf(id: number): number {
    return this.#entries.get(id)?.lastSequence ?? 0;
  }

  /** @param lease seconds from now on. */
  renew(id: number, lease: number): Subscription | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    entry.subscription = { ...entry.subscription, lease, expiresAt: this.#after(lease) };
    return entry.subscription;
  }

  remove(id: number): void {
    this.#entries.delete(id);
  }

  /** Events that are not forgotten yet, from a sequence number on. */
  eventsOf(id: number, from: number): WaitingEvent[] {
    this.#sweep();
    return (this.#entries.get(id)?.events ?? []).filter((event) => event.sequence >= from);
  }

  happened(happening: Happening): void {
    const at = this.#clock.monotonic();
    for (const entry of this.#entries.values()) {
      const { subscription } = entry;
      if (subscription.queue !== happening.queue) continue;
      if (subscription.job !== undefined && subscription.job !== happening.job?.id) continue;
      const subscribed = happening.names.find((name) => subscription.events.includes(name));
      if (subscribed === undefined) continue;
      if (subscribed === 'job-progress') {
        if (at < entry.lastProgress + subscription.interval * 1000) continue;
        entry.lastProgress = at;
      }
      const sequence = ++entry.lastSequence;
      entry.events.push({ subscription, sequence, subscribed, happening, at, time: this.#clock.now() });
      if (entry.events.length > MOST_EVENTS) entry.events.shift();
    }
  }

  /** Nothing more will happen to the job; its last events can be fetched for a while. */
  jobEnded(job: JobId): void {
    const expiresAt = this.#clock.monotonic() + EVENT_LIFE;
    for (const entry of this.#entries.values()) {
      if (entry.subscription.job === job && entry.subscription.expiresAt > expiresAt)
        entry.subscription = { ...entry.subscription, expiresAt };
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  #after(lease: number): number {
    return this.#clock.monotonic() + lease * 1000;
  }

  /** Cheap enough for every request: there are never many. */
  #sweep(): void {
    const now = this.#clock.monotonic();
    for (const [id, entry] of this.#entries) {
      if (entry.subscription.expiresAt <= now) this.#entries.delete(id);
      else if (entry.events.length > 0)
        entry.events = entry.events.filter((event) => event.at + EVENT_LIFE > now);
    }
  }
}
