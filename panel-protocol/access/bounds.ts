/** Bounds of enrolment. */
import { Days, type Milliseconds, Minutes, Seconds } from '../../base/units.ts';

/** A number is good for so long. */
export const ENROLMENT_TIME: Milliseconds = Minutes(10);
/** How often a waiting panel looks whether it was approved. */
export const LOOK_AGAIN: Milliseconds = Seconds(3);
/** Panels that wait for an administrator, in all and from one address (IPv6: one /64). */
export const WAITING_PANELS = 100;
export const WAITING_PER_ADDRESS = 5;
/** Octets of a terminal's request. */
export const ENROLMENT_REQUEST = 1024;
/** Browsers keep no cookie longer (RFC 6265bis §5.5); it is given anew with every page. */
export const COOKIE_LIFE: Milliseconds = Days(400);
