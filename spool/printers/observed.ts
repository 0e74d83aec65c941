/** One state of a printer out of what its driver and SNMP tell: pure functions. */
import type { Supply } from '../../drivers/printers/description.ts';
import type { PrinterObservation, PrinterStatus } from '../../drivers/printers/port.ts';
import type { KnownState } from './printer-board.ts';

/** How grave reasons are that say it, by their ends. */
const GRAVITY = /-(error|warning|report)$/;

/** Without how grave it is: `media-empty`. */
export const baseOf = (reason: string): string => reason.replace(GRAVITY, '');

/**
 * The worse of both states, all reasons once, and the supplies of whoever tells more of them: who configures SNMP wants
 * its levels.
 */
export function merged(status: PrinterStatus, seen: PrinterObservation | undefined): PrinterStatus {
  if (seen === undefined) return status;
  const supplies = isTelling(seen) ? seen.supplies : (status.description.supplies ?? seen.supplies);
  return {
    ...status,
    description: { ...status.description, ...(supplies.length === 0 ? {} : { supplies }) },
    state: worse(status.state, seen.state),
    reasons: joined(status.reasons, seen),
  };
}

/** What the driver tells of troubles, and what SNMP told last. */
export const joined = (reasons: readonly string[], seen: PrinterObservation | undefined): string[] =>
  withoutTwins([...reasons, ...(seen?.reasons ?? [])]);

const isTelling = ({ supplies }: PrinterObservation): boolean => supplies.some(({ level }) => level >= 0);

const ORDER = ['idle', 'processing', 'stopped'] as const satisfies PrinterStatus['state'][];

const worse = (a: PrinterStatus['state'], b: PrinterStatus['state']): PrinterStatus['state'] =>
  ORDER[Math.max(ORDER.indexOf(a), ORDER.indexOf(b))] ?? 'idle';

/** Of one that is told with several gravities, or with none, that which says most. */
function withoutTwins(reasons: readonly string[]): string[] {
  const kept = new Map<string, string>();
  for (const reason of reasons) {
    const before = kept.get(baseOf(reason));
    if (before === undefined || weight(reason) > weight(before)) kept.set(baseOf(reason), reason);
  }
  return [...kept.values()];
}

/** RFC 8011 §5.4.12: a reason without an end counts as an error. */
function weight(reason: string): number {
  return ['report', 'warning', undefined, 'error'].indexOf(GRAVITY.exec(reason)?.[1]);
}

/** What is left of an observation that could not be repeated: levels do not change by themselves, troubles do. */
export function faded(seen: PrinterObservation): PrinterObservation {
  return { ...seen, state: 'idle', reasons: [], notes: [], trays: [] };
}

/** What it has left, of whoever tells more; undefined when nobody tells. */
export function suppliesOf({ description, observation }: KnownState): readonly Supply[] | undefined {
  return observation !== undefined && isTelling(observation) ? observation.supplies : description?.supplies;
}
