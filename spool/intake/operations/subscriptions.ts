/** The operations on subscriptions (RFC 3995 §11). Only who made one sees or changes it; operators may end it. */
import type { Attributes } from '../../../ipp/model.ts';
import { attributes } from '../../../ipp/vocabulary/build.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { isTerminal, JobId } from '../../job.ts';
import type { Subscription } from '../../notifications/subscription.ts';
import { type Answer, type Call, ok } from '../call.ts';
import { Refusal } from '../refusal.ts';
import { isSubscriber, leaseOf, subscribe } from '../subscribe.ts';

/** In one answer. */
const MOST = 200;

export function createPrinterSubscriptions(call: Call): Answer {
  return created(call);
}

export function createJobSubscriptions(call: Call): Answer {
  const number = call.operation('notify-job-id');
  if (number === undefined) throw new Refusal(Status.clientErrorBadRequest, 'notify-job-id is missing');
  const job = call.intake.jobs.get(JobId(number));
  if (job === undefined || job.queue !== call.queue.name)
    throw new Refusal(Status.clientErrorNotFound, 'there is no such job');
  if (!call.rightsOver(job).list) {
    throw new Refusal(Status.clientErrorNotAuthorized, 'only its owner, or who sent the job, may do this');
  }
  if (isTerminal(job.state)) throw new Refusal(Status.clientErrorNotPossible, 'the job has ended');
  return created(call, job.id);
}

function created(call: Call, job?: JobId): Answer {
  const { groups, taken } = subscribe(call, job);
  if (groups.length === 0) throw new Refusal(Status.clientErrorBadRequest, 'the request has no subscription');
  const status =
    taken === groups.length
      ? Status.successfulOk
      : taken === 0
        ? Status.clientErrorIgnoredAllSubscriptions
        : Status.successfulOkIgnoredSubscriptions;
  return { status, groups };
}

export function getSubscriptionAttributes(call: Call): Answer {
  const requested = call.operation('requested-attributes') ?? ['all'];
  return ok({ kind: 'subscription', attributes: selected(call, named(call), requested) });
}

export function getSubscriptions(call: Call): Answer {
  const requested = call.operation('requested-attributes') ?? ['notify-subscription-id'];
  const job = call.operation('notify-job-id');
  const most = Math.min(call.operation('limit') ?? MOST, MOST);
  // `my-subscriptions` or not: nobody is told of those of others.
  const found = call.intake.subscriptions
    .of(call.queue.name)
    .filter((each) => Number(each.job ?? 0) === (job ?? 0) && isSubscriber(call, each.subscriber))
    .slice(0, most);
  return ok(
    ...found.map((each) => ({ kind: 'subscription', attributes: selected(call, each, requested) }) as const),
  );
}

export function renewSubscription(call: Call): Answer {
  const { id, job } = named(call);
  if (job !== undefined) {
    throw new Refusal(Status.clientErrorNotPossible, 'the subscription of a job lives as long as the job');
  }
  const asked = read(call.group('subscription'), 'notify-lease-duration');
  const lease = leaseOf(asked ?? call.operation('notify-lease-duration'));
  call.intake.subscriptions.renew(id, lease);
  return ok({ kind: 'subscription', attributes: attributes({ 'notify-lease-duration': lease }) });
}

export function cancelSubscription(call: Call): Answer {
  call.intake.subscriptions.remove(named(call, call.requester.operator).id);
  return ok();
}

/** @throws Refusal `not-found` for one of somebody else too, so that numbers can't be tried. */
function named(call: Call, anybodys = false): Subscription {
  const id = call.operation('notify-subscription-id');
  if (id === undefined) throw new Refusal(Status.clientErrorBadRequest, 'notify-subscription-id is missing');
  const found = call.intake.subscriptions.get(id);
  if (
    found === undefined ||
    found.queue !== call.queue.name ||
    !(anybodys || isSubscriber(call, found.subscriber))
  )
    throw new Refusal(Status.clientErrorNotFound, 'there is no such subscription');
  return found;
}

function selected(call: Call, subscription: Subscription, requested: readonly string[]): Attributes {
  const { intake } = call;
  const upTime = intake.clock.monotonic();
  const ofJob = subscription.job !== undefined;
  const template = attributes({
    'notify-pull-method': 'ippget',
    'notify-events': [...subscription.events],
    'notify-charset': 'utf-8',
    'notify-natural-language': 'en',
    'notify-user-data': subscription.userData,
    'notify-lease-duration': ofJob ? undefined : subscription.lease,
    'notify-time-interval': subscription.interval,
  });
  const description = attributes({
    'notify-subscription-id': subscription.id,
    'notify-sequence-number': intake.subscriptions.lastSequenceOf(subscription.id),
    'notify-printer-up-time': Math.max(1, Math.floor(upTime / 1000)),
    'notify-printer-uri': call.printerUri,
    'notify-job-id': subscription.job,
    'notify-lease-expiration-time': ofJob ? undefined : Math.floor(subscription.expiresAt / 1000),
    'notify-subscriber-user-name': subscription.subscriber.name || 'anonymous',
  });
  const all = requested.includes('all');
  const within = (group: string, part: Attributes) =>
    part.filter(({ name }) => all || requested.includes(group) || requested.includes(name));
  return within('subscription-description', description).with(within('subscription-template', template));
}
