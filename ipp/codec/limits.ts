/** How much of a message the codec is willing to read. */

export interface CodecLimits {
  /** Octets from the version number to the end-of-attributes tag. */
  readonly messageOctets: number;
  readonly groups: number;
  readonly attributesPerGroup: number;
  readonly valuesPerAttribute: number;
  /** Octets of an attribute's or member's name. */
  readonly nameOctets: number;
  /** Octets of one value on the wire; what its syntax allows may be less. */
  readonly valueOctets: number;
  /** Collections within collections: 1 allows none within another. */
  readonly depth: number;
}

/** What a client may send us. The largest requests known are a few KiB. */
export const REQUEST_LIMITS: CodecLimits = {
  messageOctets: 256 * 1024,
  groups: 16,
  attributesPerGroup: 512,
  valuesPerAttribute: 2048,
  nameOctets: 255,
  valueOctets: 4096,
  depth: 8,
};

/** What a printer may answer: `media-col-database` alone has hundreds of collections, Get-Jobs a group for each job. */
export const RESPONSE_LIMITS: CodecLimits = {
  messageOctets: 4 * 1024 * 1024,
  groups: 4096,
  attributesPerGroup: 2048,
  valuesPerAttribute: 8192,
  nameOctets: 255,
  valueOctets: 0x7fff,
  depth: 8,
};
