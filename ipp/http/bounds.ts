/** What a client may cost us while its request arrives. */
import { GiB, Hours, KiB, MiB, type Milliseconds, Minutes, Seconds } from '../../base/units.ts';

export interface BodyBounds {
  /** From asking for the body to the end of the attributes, which a client has ready before it connects. */
  readonly messageTime: Milliseconds;
  /** Octets behind the attributes. */
  readonly documentOctets: number;
  /** From the end of the attributes to that of the document, as long as we wait for the client. */
  readonly documentTime: Milliseconds;
  /** Without an octet, while we wait for one. A client may render while it sends. */
  readonly stall: Milliseconds;
  /** The slowest pace: so many octets in each such time that we spent waiting for the client. */
  readonly slowest: { readonly octets: number; readonly within: Milliseconds };
  /** Of a document that nobody wants any more: what is read of it so that the client comes to read the answer. */
  readonly drain: { readonly octets: number; readonly time: Milliseconds };
}

export const BODY_BOUNDS: BodyBounds = {
  messageTime: Seconds(30),
  documentOctets: GiB(4),
  documentTime: Hours(6),
  stall: Minutes(5),
  slowest: { octets: KiB(64), within: Minutes(10) },
  drain: { octets: MiB(8), time: Seconds(5) },
};
