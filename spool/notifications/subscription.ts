/** A subscription and the events that wait for its subscriber (RFC 3995): in memory only, as its lease is short. */
import { Minutes, Seconds } from '../../base/units.ts';
import type { JobId } from '../job.ts';

/** `notify-events-supported`. The sub-events of a kind come with it (RFC 3995 §5.3.3). */
export const EVENT_NAMES = [
  'job-completed',
  'job-config-changed',
  'job-created',
  'job-progress',
  'job-state-changed',
  'printer-config-changed',
  'printer-state-changed',
  'printer-stopped',
] as const;
export type EventName = (typeof EVENT_NAMES)[number];

/** `notify-events-default` */
export const DEFAULT_EVENTS: readonly EventName[] = ['job-completed'];
/** `ippget-event-life`, in which a client has to fetch an event. RFC 3996 §8.1: 15 s at least. */
export const EVENT_LIFE = Minutes(1);
/** `notify-get-interval`: how long a client had better wait until it asks again. */
export const GET_INTERVAL = Seconds(10);
/** `notify-lease-duration-…`, in seconds. */
export const LEASE = { default: 3600, longest: 86_400 } as const;
/** `notify-max-events-supported`: names in one subscription. */
export const MOST_NAMES = EVENT_NAMES.length;
/** Events that wait for one subscriber; past it the oldest is dropped. */
export const MOST_EVENTS = 100;
/** Subscriptions in all, and from one address. */
export const MOST_SUBSCRIPTIONS = 2000;
export const MOST_FROM_ADDRESS = 200;

/** Who may ask for its events, renew it, and end it. */
export interface Subscriber {
  readonly address: string;
  readonly name: string;
  /** The person, where that was proved. */
  readonly verified: string | undefined;
}

export interface NewSubscription {
  readonly queue: string;
  /** Set for the subscription of one job; it lives as long as that. */
  readonly job: JobId | undefined;
  readonly events: readonly EventName[];
  readonly subscriber: Subscriber;
  /** `notify-user-data` */
  readonly userData: Uint8Array | undefined;
  /** Seconds; not for one of a job. */
  readonly lease: number;
  /** `notify-time-interval`: seconds between two `job-progress`. */
  readonly interval: number;
}

export interface Subscription extends NewSubscription {
  readonly id: number;
  /** Milliseconds of the clock's monotonic time. Infinite for one of a job that has not ended. */
  readonly expiresAt: number;
}

/** What happened. Tells nothing of a job but what Get-Jobs tells anybody. */
export interface Happening {
  readonly queue: string;
  /** Of what it is an event, the most telling first: `job-completed`, `job-state-changed`. */
  readonly names: readonly EventName[];
  /** One sentence. */
  readonly text: string;
  readonly job?: JobFacts;
  readonly printer?: PrinterFacts;
}

export interface JobFacts {
  readonly id: JobId;
  readonly uuid: string;
  /** `job-state` */
  readonly state: 3 | 4 | 5 | 7 | 8 | 9;
  readonly reasons: readonly string[];
  readonly impressionsCompleted: number;
}

export interface PrinterFacts {
  /** `printer-state` */
  readonly state: 3 | 4 | 5;
  readonly reasons: readonly string[];
  readonly accepting: boolean;
}

/** A happening as one subscriber hears of it. */
export interface WaitingEvent {
  readonly subscription: Subscription;
  /** From 1 on, without a gap, so that a client sees what it missed. */
  readonly sequence: number;
  readonly subscribed: EventName;
  readonly happening: Happening;
  /** Milliseconds of the clock's monotonic time. */
  readonly at: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}
