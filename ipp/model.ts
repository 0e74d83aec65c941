/** An IPP message as values: what the codec makes of octets and back (RFC 8010, RFC 8011 §5.1). */

/** dateTime: RFC 2579 DateAndTime, with the writer's own offset kept. */
export interface IppDateTime {
  /** 0 to 65535 */
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  /** 1 to 31 */
  readonly day: number;
  /** 0 to 23 */
  readonly hour: number;
  /** 0 to 59 */
  readonly minute: number;
  /** 0 to 60 */
  readonly second: number;
  /** 0 to 9 */
  readonly deciSecond: number;
  /** Minutes east of UTC: -839 to 839. */
  readonly offset: number;
}

export interface Resolution {
  readonly cross: number;
  readonly feed: number;
  readonly units: 'dpi' | 'dpcm';
}

/** Both bounds belong to the range. */
export interface IntegerRange {
  readonly lower: number;
  readonly upper: number;
}

export interface LocalizedText {
  /** RFC 5646 tag; some printers send it empty. */
  readonly language: string;
  readonly text: string;
}

/** Values whose tag says everything (RFC 8010 §3.5.2, RFC 3380 §8). */
export const OUT_OF_BAND = [
  'unsupported',
  'default',
  'unknown',
  'no-value',
  'not-settable',
  'delete-attribute',
  'admin-define',
] as const;
export type OutOfBand = (typeof OUT_OF_BAND)[number];

export type StringSyntax =
  | 'textWithoutLanguage'
  | 'nameWithoutLanguage'
  | 'keyword'
  | 'uri'
  | 'uriScheme'
  | 'charset'
  | 'naturalLanguage'
  | 'mimeMediaType';

/** One value with its syntax. `other` keeps what the codec does not know, so that it can be passed on unchanged. */
export type Value =
  | { readonly syntax: 'integer' | 'enum'; readonly value: number }
  | { readonly syntax: 'boolean'; readonly value: boolean }
  | { readonly syntax: 'octetString'; readonly value: Uint8Array }
  | { readonly syntax: 'dateTime'; readonly value: IppDateTime }
  | { readonly syntax: 'resolution'; readonly value: Resolution }
  | { readonly syntax: 'rangeOfInteger'; readonly value: IntegerRange }
  | { readonly syntax: 'collection'; readonly value: Attributes }
  | { readonly syntax: 'textWithLanguage' | 'nameWithLanguage'; readonly value: LocalizedText }
  | { readonly syntax: StringSyntax; readonly value: string }
  | { readonly syntax: OutOfBand }
  | { readonly syntax: 'other'; readonly tag: number; readonly value: Uint8Array };

export type Syntax = Value['syntax'];

export interface Attribute {
  readonly name: string;
  /** At least one; in the order received, duplicates kept (parallel arrays rely on both). */
  readonly values: readonly Value[];
}

/** The attributes of one group or one collection: names are unique, and keep their order. */
export class Attributes implements Iterable<Attribute> {
  readonly #byName: ReadonlyMap<string, Attribute>;

  /** A later attribute of the same name replaces an earlier one. */
  constructor(attributes: Iterable<Attribute> = []) {
    const byName = new Map<string, Attribute>();
    for (const each of attributes) byName.set(each.name, each);
    this.#byName = byName;
  }

  get(name: string): Attribute | undefined {
    return this.#byName.get(name);
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  get size(): number {
    return this.#byName.size;
  }

  get names(): string[] {
    return [...this.#byName.keys()];
  }

  [Symbol.iterator](): Iterator<Attribute> {
    return this.#byName.values();
  }

  /** A copy with these attributes added or replaced. */
  with(attributes: Iterable<Attribute>): Attributes {
    return new Attributes([...this, ...attributes]);
  }

  /** A copy that holds only what `keep` accepts. */
  filter(keep: (attribute: Attribute) => boolean): Attributes {
    return new Attributes([...this].filter(keep));
  }
}

export type GroupKind =
  | 'operation'
  | 'job'
  | 'printer'
  | 'unsupported'
  | 'subscription'
  | 'event-notification'
  | 'resource'
  | 'document'
  | 'system';

export interface Group {
  readonly kind: GroupKind;
  readonly attributes: Attributes;
}

/** A request or a response, without the document that may follow it. */
export interface Message {
  readonly version: { readonly major: number; readonly minor: number };
  /** Operation id of a request, status code of a response. 0 to 65535. */
  readonly code: number;
  /** 1 to 2^31-1 in what we send. */
  readonly requestId: number;
  readonly groups: readonly Group[];
}

/** The attributes of the first group of that kind; empty when there is none. */
export function groupOf(message: Message, kind: GroupKind): Attributes {
  return message.groups.find((group) => group.kind === kind)?.attributes ?? new Attributes();
}
