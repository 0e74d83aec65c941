/** How the queue does at this moment. */
import { dateTimeOf } from '../../../ipp/date-time.ts';
import type { AttributesInput as Part } from '../../../ipp/vocabulary/build.ts';
import { PrinterState } from '../../../ipp/vocabulary/enums.ts';
import { ICON_SIZES, iconPath } from '../about/icon.ts';
import type { CurrentFacts } from './facts.ts';
import { alerts, supplies } from './supplies.ts';

export function status(facts: CurrentFacts): Part {
  const { addresses, webUri, queue, condition, queuedJobs, upTime, now, times } = facts;
  const reasons = stateReasons(facts);
  const page = `${webUri}/ipp/${encodeURIComponent(queue.name)}`;
  const seconds = (at: number) => Math.max(1, Math.floor(upTime / 1000 - (now - at) / 1000));
  return {
    'printer-uri-supported': addresses.map((each) => each.uri),
    'uri-authentication-supported': addresses.map((each) => each.authentication),
    'uri-security-supported': addresses.map((each) => each.security),
    'printer-state': stateOf(facts),
    'printer-state-reasons': reasons.length === 0 ? ['none'] : reasons,
    'printer-state-message': stateMessage(facts),
    'printer-is-accepting-jobs': accepts(facts),
    'printer-message-from-operator': condition.message,
    ...alerts(reasons),
    ...supplies(facts.supplies),
    'printer-supply-info-uri': page,
    'printer-more-info': page,
    'printer-icons': ICON_SIZES.map((size) => `${webUri}${iconPath(size)}`),
    'queued-job-count': queuedJobs,
    'printer-up-time': upTimeSeconds(upTime),
    'printer-current-time': dateTimeOf(now),
    'printer-state-change-time': seconds(times.state),
    'printer-state-change-date-time': dateTimeOf(times.state),
    'printer-config-change-time': seconds(times.config),
    'printer-config-change-date-time': dateTimeOf(times.config),
  };
}

/** What the state follows from. */
type StateFacts = Pick<CurrentFacts, 'condition' | 'hasRoom' | 'printing' | 'printerReasons'>;

const accepts = ({ condition, hasRoom }: CurrentFacts): boolean => condition.accepting && hasRoom;

export function stateOf({ condition, printing }: StateFacts): PrinterState {
  if (condition.paused) return PrinterState.stopped;
  return printing ? PrinterState.processing : PrinterState.idle;
}

export function stateReasons({ condition, hasRoom, printing, printerReasons }: StateFacts): string[] {
  const reasons = [...printerReasons];
  if (condition.paused) reasons.push(printing ? 'moving-to-paused' : 'paused');
  if (condition.shutDown) reasons.push('shutdown');
  if (condition.holdingNewSince !== null) reasons.push('hold-new-jobs');
  if (!hasRoom) reasons.push('spool-area-full-error');
  return [...new Set(reasons)];
}

function stateMessage({ condition, hasRoom }: CurrentFacts): string {
  if (!hasRoom) return 'There is no room for new jobs; what is held can be printed.';
  if (condition.shutDown) return 'Shut down by an operator.';
  if (condition.paused) return 'Paused by an operator.';
  if (!condition.accepting) return 'An operator has closed it for new jobs.';
  return condition.holdingNewSince !== null ? 'New jobs wait until an operator releases them.' : 'Ready.';
}

/** `printer-up-time` is 1 or more (RFC 8011 §5.4.29). */
export const upTimeSeconds = (upTime: number): number => Math.max(1, Math.floor(upTime / 1000));
