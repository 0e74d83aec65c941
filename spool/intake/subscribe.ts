/** Subscription groups of a request: which are taken, and what the client hears of each (RFC 3995 §5, §11.1). */
import { Failure } from '../../base/errors.ts';
import { Attributes, type Group } from '../../ipp/model.ts';
import { attributes } from '../../ipp/vocabulary/build.ts';
import { read } from '../../ipp/vocabulary/read.ts';
import { Status } from '../../ipp/vocabulary/status.ts';
import type { JobId } from '../job.ts';
import {
  DEFAULT_EVENTS,
  EVENT_NAMES,
  type EventName,
  LEASE,
  MOST_NAMES,
  type Subscriber,
} from '../notifications/subscription.ts';
import type { Call } from './call.ts';
import { Refusal } from './refusal.ts';

/** Subscription groups in one request. */
const MOST_GROUPS = 10;
const TEMPLATE = new Set([
  'notify-charset',
  'notify-events',
  'notify-lease-duration',
  'notify-natural-language',
  'notify-pull-method',
  'notify-time-interval',
  'notify-user-data',
]);

export interface Subscribed {
  /** One for each group of the request, in its order. */
  readonly groups: readonly Group[];
  readonly taken: number;
}

/** @param job for the subscriptions of one job. */
export function subscribe(call: Call, job?: JobId): Subscribed {
  const wanted = call.groups('subscription');
  let taken = 0;
  const groups = wanted.map((template, index): Group => {
    try {
      if (index >= MOST_GROUPS) throw tooMany();
      const answer = subscribeOne(call, template, job);
      taken++;
      return { kind: 'subscription', attributes: answer };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return {
        kind: 'subscription',
        attributes: attributes({ 'notify-status-code': error.status }).with(error.unsupported),
      };
    }
  });
  return { groups, taken };
}

/** Of a job that was taken: the job counts, whatever became of the subscriptions (RFC 3995 §11.1.3). */
export function withSubscriptions(status: Status, { groups, taken }: Subscribed): Status {
  if (taken === groups.length || status !== Status.successfulOk) return status;
  return Status.successfulOkIgnoredSubscriptions;
}

function subscribeOne(call: Call, template: Attributes, job: JobId | undefined): Attributes {
  if (template.get('notify-recipient-uri') !== undefined) {
    throw new Refusal(Status.clientErrorUriSchemeNotSupported, 'events are fetched here, not sent');
  }
  const method = readOr(template, 'notify-pull-method');
  if (method !== 'ippget')
    throw new Refusal(Status.clientErrorAttributesOrValuesNotSupported, 'not a method');
  const unknown = template.filter(({ name }) => !TEMPLATE.has(name));
  const asked = readOr(template, 'notify-events') ?? DEFAULT_EVENTS;
  const events = asked.filter((name): name is EventName => (EVENT_NAMES as readonly string[]).includes(name));
  if (events.length === 0)
    throw new Refusal(Status.clientErrorAttributesOrValuesNotSupported, 'no such events');
  const lease = leaseOf(readOr(template, 'notify-lease-duration'));
  const subscription = keep(call, template, job, events, lease);
  return attributes({
    'notify-subscription-id': subscription.id,
    'notify-lease-duration': job === undefined ? lease : undefined,
    'notify-status-code':
      unknown.size > 0 || events.length < asked.length
        ? Status.successfulOkIgnoredOrSubstitutedAttributes
        : undefined,
  });
}

function keep(
  call: Call,
  template: Attributes,
  job: JobId | undefined,
  events: readonly EventName[],
  lease: number,
) {
  try {
    return call.intake.subscriptions.add({
      queue: call.queue.name,
      job,
      events: [...new Set(events)].slice(0, MOST_NAMES),
      subscriber: subscriberOf(call),
      userData: readOr(template, 'notify-user-data'),
      lease,
      interval: readOr(template, 'notify-time-interval') ?? 0,
    });
  } catch (error) {
    throw error instanceof Failure ? tooMany() : error;
  }
}

/** Within what is supported; 0, for ever, is the longest (RFC 3995 §5.3.8). */
export function leaseOf(asked: number | undefined): number {
  if (asked === undefined) return LEASE.default;
  return asked === 0 ? LEASE.longest : Math.min(asked, LEASE.longest);
}

export function subscriberOf({ requester }: Call): Subscriber {
  return {
    address: requester.address,
    name: requester.verifiedName ?? requester.claimedName,
    verified: requester.verified,
  };
}

/** A verified person's from anywhere; else the same claim from the same address. */
export function isSubscriber(call: Call, subscriber: Subscriber): boolean {
  const asking = subscriberOf(call);
  if (subscriber.verified !== undefined) return subscriber.verified === asking.verified;
  return (
    asking.verified === undefined && asking.address === subscriber.address && asking.name === subscriber.name
  );
}

function readOr<Name extends Parameters<typeof read>[1]>(template: Attributes, name: Name) {
  try {
    return read(template, name);
  } catch {
    const attribute = template.get(name);
    throw new Refusal(
      Status.clientErrorAttributesOrValuesNotSupported,
      'a value of the subscription cannot be',
      attribute === undefined ? new Attributes() : [attribute],
    );
  }
}

const tooMany = (): Refusal =>
  new Refusal(Status.clientErrorTooManySubscriptions, 'there are as many subscriptions as there may be');
