/** Get-Notifications (RFC 3996 §5): a client fetches what has happened. It is never made to wait. */

import { dateTimeOf } from '../../../ipp/date-time.ts';
import type { Group } from '../../../ipp/model.ts';
import { attributes } from '../../../ipp/vocabulary/build.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { isTerminal } from '../../job.ts';
import { GET_INTERVAL, type Subscription, type WaitingEvent } from '../../notifications/subscription.ts';
import { upTimeSeconds } from '../attributes/status.ts';
import type { Answer, Call } from '../call.ts';
import { Refusal } from '../refusal.ts';
import { isSubscriber } from '../subscribe.ts';

/** Subscriptions asked after in one request. */
const MOST_ASKED = 200;
/** Events in one answer; the rest stays for the next. */
const MOST = 500;

export function getNotifications(call: Call): Answer {
  const { subscriptions, clock, jobs } = call.intake;
  const ids = call.operation('notify-subscription-ids') ?? [];
  if (ids.length === 0) throw new Refusal(Status.clientErrorBadRequest, 'notify-subscription-ids is missing');
  if (ids.length > MOST_ASKED)
    throw new Refusal(Status.clientErrorBadRequest, 'too many subscriptions at once');
  const from = call.operation('notify-sequence-numbers') ?? [];
  const found = [...new Set(ids)].flatMap((id) => {
    const subscription = subscriptions.get(id);
    const isTheirs =
      subscription !== undefined &&
      subscription.queue === call.queue.name &&
      isSubscriber(call, subscription.subscriber);
    return isTheirs ? [{ subscription, first: from[ids.indexOf(id)] ?? 1 }] : [];
  });
  if (found.length === 0) throw new Refusal(Status.clientErrorNotFound, 'there is no such subscription');
  const events = found.flatMap(({ subscription, first }) => subscriptions.eventsOf(subscription.id, first));
  const isOver = ({ job }: Subscription) =>
    job !== undefined && isTerminal(jobs.get(job)?.state ?? 'canceled');
  const complete = events.length <= MOST && found.every(({ subscription }) => isOver(subscription));
  return {
    status: complete ? Status.successfulOkEventsComplete : Status.successfulOk,
    operation: {
      'notify-get-interval': complete ? undefined : GET_INTERVAL / 1000,
      'printer-up-time': upTimeSeconds(clock.monotonic()),
    },
    groups: events.slice(0, MOST).map((event) => groupOf(call, event)),
  };
}

/** What RFC 3995 §9.1 asks for, and nothing that Get-Jobs would not tell anybody. */
function groupOf(
  call: Call,
  { subscription, sequence, subscribed, happening, at, time }: WaitingEvent,
): Group {
  const { job, printer } = happening;
  return {
    kind: 'event-notification',
    attributes: attributes({
      'notify-subscription-id': subscription.id,
      'notify-printer-uri': call.printerUri,
      'notify-subscribed-event': subscribed,
      'printer-up-time': upTimeSeconds(at),
      'printer-current-time': dateTimeOf(time),
      'notify-sequence-number': sequence,
      'notify-charset': 'utf-8',
      'notify-natural-language': 'en',
      'notify-user-data': subscription.userData,
      'notify-text': happening.text,
      'notify-job-id': job?.id,
      'job-uuid': job?.uuid,
      'job-state': job?.state,
      'job-state-reasons': job === undefined ? undefined : [...job.reasons],
      'job-impressions-completed': job?.impressionsCompleted,
      'printer-state': printer?.state,
      'printer-state-reasons': printer === undefined ? undefined : [...printer.reasons],
      'printer-is-accepting-jobs': printer?.accepting,
    }),
  };
}
