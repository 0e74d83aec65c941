/** Get-Printer-Attributes (RFC 8011 §4.2.5). */
import type { Attributes } from '../../../ipp/model.ts';
import { type Answer, type Call, ok } from '../call.ts';
import { selectRequested } from '../requested.ts';

export function getPrinterAttributes(call: Call, printer: Attributes): Answer {
  const requested = call.operation('requested-attributes');
  return ok({ kind: 'printer', attributes: selectRequested(printer, requested, 'printer-description') });
}
