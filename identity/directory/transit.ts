/**
 * People on their way from the sync worker to the gateway: columns of text, and typed arrays that are handed over. As objects
 * they would have to be copied one by one, in the thread that everybody waits for.
 */
import type { Language } from '../../base/i18n/languages.ts';
import type { PersonDraft } from '../people/draft.ts';

/** Between the values of a column, and within one between the cards of a person; clean text has no such character. */
const END = '\n';
const PART = '\t';

const TEXTS = [
  'userName',
  'domain',
  'displayName',
  'givenName',
  'familyName',
  'email',
  'department',
  'office',
  'costCenter',
  'language',
] as const;

export interface PackedPeople {
  readonly source: string;
  readonly count: number;
  readonly ids: string;
  /** In the order of {@link TEXTS}. */
  readonly texts: readonly string[];
  /** The distinct lists of groups, and which of them each person has. */
  readonly groups: readonly (readonly string[])[];
  readonly groupsOf: Uint32Array;
  readonly enabled: Uint8Array;
  /** Milliseconds since 1970; NaN for never. */
  readonly expiresAt: Float64Array;
  readonly cards: string;
  readonly codes: string;
  /** As JSON; undefined when nobody has any. */
  readonly attributes: string | undefined;
}

/** @throws RangeError for a draft with a line break in a text: values are clean before they come here */
export function packPeople(people: readonly PersonDraft[]): PackedPeople {
  const count = people.length;
  const groups = new Map<string, number>();
  const lists: (readonly string[])[] = [];
  const groupsOf = new Uint32Array(count);
  const enabled = new Uint8Array(count);
  const expiresAt = new Float64Array(count);
  let last: readonly string[] | undefined;
  for (const [at, person] of people.entries()) {
    enabled[at] = person.enabled ? 1 : 0;
    expiresAt[at] = person.expiresAt ?? Number.NaN;
    if (person.groups === last) {
      groupsOf[at] = groupsOf[at - 1] as number;
      continue;
    }
    last = person.groups;
    const key = JSON.stringify(last);
    const known = groups.get(key);
    groupsOf[at] = known ?? lists.length;
    if (known !== undefined) continue;
    groups.set(key, lists.length);
    lists.push(last);
  }
  const [first] = people;
  const column = (read: (person: PersonDraft) => string) => joined(people.map(read));
  const anybodyHasMore = people.some(({ attributes }) => Object.keys(attributes).length > 0);
  return {
    source: first?.key.source ?? '',
    count,
    ids: column(({ key }) => key.id),
    texts: TEXTS.map((field) => column((person) => person[field])),
    groups: lists,
    groupsOf,
    enabled,
    expiresAt,
    cards: column(({ cards = [] }) => cards.join(PART)),
    codes: column(({ codes = [] }) => codes.join(PART)),
    attributes: anybodyHasMore ? column(({ attributes }) => JSON.stringify(attributes)) : undefined,
  };
}

/** What need not be copied. */
export const transferOf = (packed: PackedPeople): ArrayBuffer[] =>
  [packed.groupsOf, packed.enabled, packed.expiresAt].map(({ buffer }) => buffer as ArrayBuffer);

export function* unpackPeople(packed: PackedPeople): Generator<PersonDraft> {
  const { source, count, groups, groupsOf, enabled, expiresAt } = packed;
  const ids = packed.ids.split(END);
  const texts = packed.texts.map((column) => column.split(END));
  const cards = packed.cards.split(END);
  const codes = packed.codes.split(END);
  const attributes = packed.attributes?.split(END);
  for (let at = 0; at < count; at++) {
    const text = (column: number): string => texts[column]?.[at] ?? '';
    const end = expiresAt[at] as number;
    yield {
      key: { source, id: ids[at] ?? '' },
      userName: text(0),
      domain: text(1),
      displayName: text(2),
      givenName: text(3),
      familyName: text(4),
      email: text(5),
      department: text(6),
      office: text(7),
      costCenter: text(8),
      language: text(9) as Language | '',
      groups: groups[groupsOf[at] as number] ?? [],
      enabled: enabled[at] === 1,
      ...(Number.isNaN(end) ? {} : { expiresAt: end }),
      restricted: false,
      attributes:
        attributes === undefined ? {} : (JSON.parse(attributes[at] ?? '{}') as Record<string, string>),
      cards: parts(cards[at]),
      codes: parts(codes[at]),
    };
  }
}

const parts = (value: string | undefined): string[] =>
  value === undefined || value === '' ? [] : value.split(PART);

function joined(values: readonly string[]): string {
  const all = values.join(END);
  let ends = 0;
  for (let at = all.indexOf(END); at >= 0; at = all.indexOf(END, at + 1)) ends++;
  if (ends !== Math.max(0, values.length - 1)) throw new RangeError('a text of a draft has a line break');
  return all;
}
