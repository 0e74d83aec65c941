/** Every bound of the panel protocol; the README's table says the same. */
import { type Bytes, KiB, MiB, Milliseconds, Seconds } from '../base/units.ts';

/** Octets of one message from a panel. */
export const MESSAGE_SIZE: Bytes = KiB(16);
/** Messages a second that a panel may go on sending, and how many it may send at once. */
export const MESSAGE_RATE = 20;
export const MESSAGE_BURST = 40;
/** From the upgrade to the `hello`. */
export const HELLO_TIME: Milliseconds = Seconds(10);
/** Between two pings of a WebSocket; who has not answered the last by the next is gone. */
export const PING_INTERVAL: Milliseconds = Seconds(20);
/** For the other end to answer the closing of a WebSocket. */
export const CLOSING_TIME: Milliseconds = Seconds(3);
/** How long an answer to a long poll waits for news: less than what proxies wait (nginx: 60 s). */
export const POLL_WAIT: Milliseconds = Seconds(20);
/** Between an answer to a long poll and the next one; who has not asked by then is gone. */
export const POLL_GAP: Milliseconds = Seconds(10);
/** Octets of the body of a long poll: one message of the largest size, and what is around it. */
export const POLL_SIZE: Bytes = KiB(17);
/** Connections by long poll that one panel may have; those that it lost count until their gap is over. */
export const POLL_CONNECTIONS = 8;
/** Without a message from a panel that speaks in lines; it pings oftener. */
export const LINE_SILENCE: Milliseconds = Seconds(60);
/** Octets that may wait for a slow panel before its connection is cut. */
export const UNSENT_BYTES: Bytes = MiB(1);
/** Message ids and job ids: IPP's integer. */
export const LARGEST_ID = 2 ** 31 - 1;
/** Characters of a code, a PIN or an activation code. */
export const CREDENTIAL_LENGTH = 64;
/** Characters of a badge's swipe, as a reader gives it; and bits, where it gives those. */
export const SWIPE_LENGTH = 256;
export const SWIPE_BITS = 512;
/** UTF-16 units of a user name, and of a password. */
export const USER_NAME_LENGTH = 255;
export const PASSWORD_LENGTH = 256;
/** Readers of one panel, beside its one screen. */
export const READERS = 4;
/** Jobs in one list, and so in one release or cancel. */
export const LISTED_JOBS = 500;
/** Jobs in one `jobs` message. */
export const JOBS_PER_MESSAGE = 50;
/** Activation codes that can be asked for with one unknown badge. */
export const ACTIVATION_REQUESTS = 3;
/** Releases in one session. */
export const RELEASES_PER_SESSION = 100;
/** Between two `progress` messages of the same job. */
export const PROGRESS_INTERVAL: Milliseconds = Milliseconds(250);
/** UTF-16 units of any name that goes to a panel. */
export const NAME_LENGTH = 127;
/** `printer-state-reasons` in one message. */
export const REASONS = 16;
/** Copies that a panel may ask for. */
export const MOST_COPIES = 9999;
/** Values of one attribute in `options`, in `changes`, and in a job's `conflicts`. */
export const OPTION_VALUES = 64;
