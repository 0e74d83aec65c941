/** A DNS message as values: what the codec makes of octets and back (RFC 1035 §4, RFC 6762 §18). */

/** The labels of a name without the root, as people write them: `['Print', '_ipp', '_tcp', 'local']`. */
export type DomainName = readonly string[];

export const RecordType = { a: 1, ptr: 12, txt: 16, aaaa: 28, srv: 33, nsec: 47, any: 255 } as const;

export type RecordData =
  | { readonly type: 'a' | 'aaaa'; readonly address: string }
  | { readonly type: 'ptr'; readonly target: DomainName }
  | { readonly type: 'srv'; readonly port: number; readonly target: DomainName }
  | { readonly type: 'txt'; readonly strings: readonly string[] }
  /** Types below 256 that the name has, and no others (RFC 6762 §6.1). */
  | { readonly type: 'nsec'; readonly next: DomainName; readonly types: readonly number[] }
  /** What the codec does not know. */
  | { readonly type: 'other'; readonly code: number; readonly data: Uint8Array };

/** Of class IN, the only one that there is here. */
export interface ResourceRecord {
  readonly name: DomainName;
  /** Seconds; 0 takes the record back. */
  readonly ttl: number;
  /** The cache-flush bit: this is all that there is of this name and type. */
  readonly flush: boolean;
  readonly data: RecordData;
}

export interface Question {
  readonly name: DomainName;
  /** A code of {@link RecordType}, or any other. */
  readonly type: number;
  /** The answer may go to the asker alone. */
  readonly unicast: boolean;
}

export interface DnsMessage {
  readonly id: number;
  readonly response: boolean;
  /** More known answers follow in another packet. */
  readonly truncated: boolean;
  readonly questions: readonly Question[];
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
  readonly additionals: readonly ResourceRecord[];
}

export const typeCode = (data: RecordData): number =>
  data.type === 'other' ? data.code : RecordType[data.type];

/** Equal for names that are the same: letters a to z without case, all else octet by octet (RFC 6762 §16). */
export function nameKey(name: DomainName): string {
  return name
    .map((label) => label.replace(/[A-Z]/g, (letter) => letter.toLowerCase()))
    .map((label) => `${label.length}:${label}`)
    .join('.');
}

export const sameName = (a: DomainName, b: DomainName): boolean => nameKey(a) === nameKey(b);
