/** What a queue says of subscriptions (RFC 3995 §5.3, RFC 3996 §8). */
import type { AttributesInput as Part } from '../../../ipp/vocabulary/build.ts';
import {
  DEFAULT_EVENTS,
  EVENT_LIFE,
  EVENT_NAMES,
  LEASE,
  MOST_NAMES,
} from '../../notifications/subscription.ts';

export function notifications(): Part {
  return {
    'notify-events-default': [...DEFAULT_EVENTS],
    'notify-events-supported': [...EVENT_NAMES],
    'notify-lease-duration-default': LEASE.default,
    'notify-lease-duration-supported': [{ lower: 1, upper: LEASE.longest }],
    'notify-max-events-supported': MOST_NAMES,
    'notify-pull-method-supported': ['ippget'],
    'ippget-event-life': EVENT_LIFE / 1000,
  };
}
