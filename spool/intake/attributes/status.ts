/** How the queue does at this moment. */
import { dateTimeOf } from '../../../ipp/date-time.ts';
import type { AttributesInput as Part } from '../../../ipp/vocabulary/build.ts';
import { PrinterState } from '../../../ipp/vocabulary/enums.ts';
import type { CurrentFacts } from './facts.ts';

export function status(facts: CurrentFacts): Part {
  const { addresses, accepting, reasons, printing, queuedJobs, upTime, now } = facts;
  return {
    'printer-uri-supported': addresses.map((each) => each.uri),
    'uri-authentication-supported': addresses.map((each) => each.authentication),
    'uri-security-supported': addresses.map((each) => each.security),
    'printer-state': printing ? PrinterState.processing : PrinterState.idle,
    'printer-state-reasons': reasons.length === 0 ? ['none'] : [...reasons],
    'printer-is-accepting-jobs': accepting,
    'queued-job-count': queuedJobs,
    'printer-up-time': upTimeSeconds(upTime),
    'printer-current-time': dateTimeOf(now),
  };
}

/** `printer-up-time` is 1 or more (RFC 8011 §5.4.29). */
export const upTimeSeconds = (upTime: number): number => Math.max(1, Math.floor(upTime / 1000));
