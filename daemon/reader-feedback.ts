/** What a card reader shows for what its panel says. */
import type { Feedback } from '../drivers/readers/port.ts';
import type { ServerMessage } from '../panel-protocol/server-messages.ts';

/** Undefined for what is no answer to a swipe. */
export function feedbackOn(message: ServerMessage): Feedback | undefined {
  if (message.type === 'error') return 'refused';
  if (message.type !== 'session' || message.session === 'code') return undefined;
  return message.session === 'pin' || message.session === 'bind' ? 'wait' : 'accepted';
}
