/** Identify-Printer (PWG 5100.13 §4.1): a queue has neither lamp nor voice; what it can show stands in its log. */
import { displayable } from '../../../base/text.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { type Answer, type Call, ok } from '../call.ts';
import { Refusal } from '../refusal.ts';

export function identifyPrinter(call: Call): Answer {
  const actions = call.operation('identify-actions') ?? ['display'];
  if (actions.some((action) => action !== 'display')) {
    const attribute = call.group('operation').get('identify-actions');
    throw new Refusal(
      Status.clientErrorAttributesOrValuesNotSupported,
      'it can only be displayed which printer this is',
      attribute === undefined ? [] : [attribute],
    );
  }
  call.intake.log.info('somebody asks which queue this is', {
    queue: call.queue.name,
    client: call.requester.address,
    message: displayable(call.operation('message') ?? ''),
  });
  return ok();
}
