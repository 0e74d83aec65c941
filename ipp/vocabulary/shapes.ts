/** What an attribute's values may look like, as data; the TypeScript type of its value stands beside it. */
import type {
  Attributes,
  IntegerRange,
  IppDateTime,
  LocalizedText,
  Resolution,
  StringSyntax,
} from '../model.ts';

const MAX = 2 ** 31 - 1;
const MIN = -(2 ** 31);

/** Strings that have no language. */
export type PlainString = Exclude<StringSyntax, 'textWithoutLanguage' | 'nameWithoutLanguage'>;

/** One value's syntax and bounds; bounds of strings are octets. */
export type Rule =
  | { readonly kind: 'integer' | 'range'; readonly min: number; readonly max: number }
  /** `values`: all that there are; undefined where vendors may have their own. */
  | { readonly kind: 'enum'; readonly values: readonly number[] | undefined }
  | { readonly kind: 'boolean' | 'dateTime' | 'resolution' }
  | { readonly kind: 'octets' | 'text' | 'name' | 'keyword-or-name'; readonly max: number }
  | { readonly kind: 'string'; readonly syntax: PlainString; readonly max: number }
  /** `members` undefined: any, kept as they are. */
  | { readonly kind: 'collection'; readonly members: ReadonlyMap<string, Shape> | undefined }
  | { readonly kind: 'one-of'; readonly rules: readonly Rule[] };

declare const types: unique symbol;

/** `Out` is what reading gives, `In` what building takes. */
export interface Shape<Out = unknown, In = never> {
  readonly rule: Rule;
  /** 1setOf */
  readonly set: boolean;
  /** The standard foresees `no-value` or `unknown` instead of a value. */
  readonly none: boolean;
  readonly [types]?: { readonly out: Out; in(value: In): void };
}

/** Instead of a value, where the standard foresees it. */
export const noValue = { syntax: 'no-value' } as const;
export const unknown = { syntax: 'unknown' } as const;
export type None = typeof noValue | typeof unknown;

export type OutOf<Each> = Each extends Shape<infer Out, infer _In> ? Out : never;
export type InOf<Each> = Each extends Shape<infer _Out, infer In> ? In : never;

const shape = <Out, In = Out>(rule: Rule): Shape<Out, In> => ({ rule, set: false, none: false });

/** Both bounds included. */
export const integer = (min = MIN, max = MAX) => shape<number>({ kind: 'integer', min, max });
export const rangeOfInteger = (min = MIN, max = MAX) => shape<IntegerRange>({ kind: 'range', min, max });
/** An enum that vendors extend. */
export const openEnum = shape<number>({ kind: 'enum', values: undefined });
/** A type1 enum: other values do not exist. */
export const closedEnum = <Value extends number>(table: Readonly<Record<string, Value>>) =>
  shape<Value>({ kind: 'enum', values: Object.values(table) });
export const boolean = shape<boolean>({ kind: 'boolean' });
export const dateTime = shape<IppDateTime>({ kind: 'dateTime' });
export const resolution = shape<Resolution>({ kind: 'resolution' });
export const octetString = (max = 1023) => shape<Uint8Array>({ kind: 'octets', max });
export const text = (max = 1023) => shape<string, string | LocalizedText>({ kind: 'text', max });
export const name = (max = 255) => shape<string, string | LocalizedText>({ kind: 'name', max });
export const keyword = shape<string>({ kind: 'string', syntax: 'keyword', max: 255 });
/** Built as a keyword where the characters allow it, else as a name. */
export const keywordOrName = shape<string, string | LocalizedText>({ kind: 'keyword-or-name', max: 255 });
export const uri = shape<string>({ kind: 'string', syntax: 'uri', max: 1023 });
export const uriScheme = shape<string>({ kind: 'string', syntax: 'uriScheme', max: 63 });
export const charset = shape<string>({ kind: 'string', syntax: 'charset', max: 63 });
export const naturalLanguage = shape<string>({ kind: 'string', syntax: 'naturalLanguage', max: 63 });
export const mimeMediaType = shape<string>({ kind: 'string', syntax: 'mimeMediaType', max: 255 });

export type Members = Readonly<Record<string, Shape>>;
export type OutOfMembers<Each> = { readonly [Name in keyof Each]?: OutOf<Each[Name]> };
export type InOfMembers<Each> = { readonly [Name in keyof Each]?: InOf<Each[Name]> | undefined };

/** Every member may be missing. */
export const collection = <Each extends Members>(members: Each) =>
  shape<OutOfMembers<Each>, InOfMembers<Each>>({
    kind: 'collection',
    members: new Map(Object.entries(members)),
  });
/** A collection whose members are those of another table. */
export const anyCollection = shape<Attributes>({ kind: 'collection', members: undefined });

export const oneOf = <OutA, InA, OutB, InB>(a: Shape<OutA, InA>, b: Shape<OutB, InB>) =>
  shape<OutA | OutB, InA | InB>({ kind: 'one-of', rules: [a.rule, b.rule] });

export const setOf = <Out, In>({ rule }: Shape<Out, In>): Shape<readonly Out[], readonly In[]> => ({
  rule,
  set: true,
  none: false,
});

/** The standard foresees `no-value` or `unknown`. */
export const orNone = <Out, In>({ rule, set }: Shape<Out, In>): Shape<Out, In | None> => ({
  rule,
  set,
  none: true,
});
