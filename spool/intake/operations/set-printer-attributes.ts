/** Set-Printer-Attributes and Get-Printer-Supported-Values (RFC 3380 §4.1, §4.3). All else is the configuration's. */
import { type Attribute, Attributes } from '../../../ipp/model.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { type Answer, type Call, ok } from '../call.ts';
import { Refusal } from '../refusal.ts';

const SETTABLE = 'printer-message-from-operator';

export async function setPrinterAttributes(call: Call): Promise<Answer> {
  call.mustBeOperator();
  const sent = call.group('printer');
  const others = sent.filter(({ name }) => name !== SETTABLE);
  if (others.size > 0) {
    const named = [...others].map(({ name }): Attribute => ({ name, values: [{ syntax: 'not-settable' }] }));
    throw new Refusal(Status.clientErrorAttributesNotSettable, `only ${SETTABLE} can be set`, named);
  }
  if (sent.size === 0) throw new Refusal(Status.clientErrorBadRequest, 'there is nothing to set');
  const { conditions, log } = call.intake;
  await conditions.change(call.queue.name, { message: messageIn(sent) });
  log.info('message of the operator set', { queue: call.queue.name, client: call.requester.address });
  return ok();
}

/** `delete-attribute` takes it away. */
function messageIn(sent: Attributes): string {
  try {
    return read(sent, SETTABLE) ?? '';
  } catch {
    const attribute = sent.get(SETTABLE);
    throw new Refusal(
      Status.clientErrorAttributesOrValuesNotSupported,
      `${SETTABLE} is a text of at most 127 octets`,
      attribute === undefined ? [] : [attribute],
    );
  }
}

/** `admin-define`: whatever an operator writes (RFC 3380 §5.2). */
export function getPrinterSupportedValues(call: Call): Answer {
  const requested = call.operation('requested-attributes') ?? ['all'];
  const wanted = ['all', 'printer-description', SETTABLE].some((name) => requested.includes(name));
  const value: Attribute = { name: SETTABLE, values: [{ syntax: 'admin-define' }] };
  return ok({ kind: 'printer', attributes: new Attributes(wanted ? [value] : []) });
}
