/** When the gateway's own certificate has to be made anew, and for which names and times (pure decisions). */
import { isIP } from 'node:net';
import { Days, Seconds } from '../../units.ts';
import type { CertificateWish } from './self-signed.ts';

/** Of a certificate that the gateway made. */
export interface IssuedCertificate {
  readonly names: readonly string[];
  /** Milliseconds since 1970. */
  readonly notAfter: number;
}

/** Apple's clients take no certificate that is valid for 825 days or more (HT210176). */
const VALIDITY = Days(820);
/** Clocks of clients may be slow. */
const BACKDATED = Days(1);
export const RENEWED_BEFORE = Days(60);
/** No clock is right that says less: this program did not exist. A battery that is empty says 1970 or 2000. */
const EARLIEST = Date.UTC(2026, 0, 1);

/** Whether a new one is needed: near its end, or for other names. A clock that went back makes nothing due. */
export function isDue(certificate: IssuedCertificate, names: readonly string[], now: number): boolean {
  return !covers(certificate.names, names) || now >= certificate.notAfter - RENEWED_BEFORE;
}

/**
 * The next certificate. It ends later than the one before, whatever the clock says: CUPS lets nothing else replace what
 * it knows.
 */
export function nextCertificate(
  names: readonly string[],
  now: number,
  before?: IssuedCertificate,
): CertificateWish {
  const time = Math.floor(Math.max(now, EARLIEST) / 1000) * 1000;
  const notAfter = Math.max(time + VALIDITY - BACKDATED, (before?.notAfter ?? 0) + Seconds(1));
  return { names, notBefore: notAfter - VALIDITY, notAfter };
}

/**
 * Host names have to be the same. Addresses come and go with cables and leases: none may be missing, one too many
 * stays until the next certificate.
 */
function covers(certified: readonly string[], wanted: readonly string[]): boolean {
  const has = new Set(certified);
  const wants = new Set(wanted);
  return (
    wanted.every((name) => has.has(name)) && certified.every((name) => isIP(name) !== 0 || wants.has(name))
  );
}
