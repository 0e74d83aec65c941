/** How long a printer may take. */
import { type Milliseconds, Minutes, Seconds } from '../../base/units.ts';

export interface ClientTimeouts {
  /** To a connection that can be used, with name look-up and TLS. */
  readonly connect: Milliseconds;
  /** For a 100 (Continue), where that is asked for; then the body is sent without. */
  readonly continue: Milliseconds;
  /** In which the printer takes nothing of what we send. A printer that is out of paper may take nothing for long. */
  readonly sending: Milliseconds;
  /** From the last octet sent to the head of the answer, and again from there to its end. */
  readonly response: Milliseconds;
}

export const CLIENT_TIMEOUTS: ClientTimeouts = {
  connect: Seconds(10),
  continue: Seconds(1),
  sending: Minutes(5),
  response: Minutes(1),
};
