/** Texts that must exist because the protocol has a word for them. */
import type { TroubleReason } from '../../../drivers/printers/port.ts';
import type { DocumentFlaw } from '../../../spool/formats/flaw.ts';
import type { EndReason, Outcome, RefusalReason } from '../../server-messages.ts';

/** Endings that the person at the panel sees; after the others another person, or nobody, stands there. */
type SeenEnd = Exclude<EndReason, 'taken-over' | 'reload' | 'shutdown'>;
type Failed = Extract<Outcome, { reason?: TroubleReason }>['outcome'];

/**
 * `printer-*` texts are for `printer-state-reasons` (RFC 8011 §5.4.12, without their severity); what a page finds no text
 * for, it does not show.
 */
export type RequiredKey =
  | `trouble-${TroubleReason}`
  | `tail-${Failed}`
  | `refused-${RefusalReason}`
  | DocumentFlaw
  | `ended-${SeenEnd}`
  | 'error-credential-unknown'
  | 'error-throttled'
  | 'error-other';
