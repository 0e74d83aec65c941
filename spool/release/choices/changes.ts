/** What somebody at a panel wants otherwise than the job's ticket says, and the ticket that comes of it. */
import { sizeInName } from '../../../ipp/media-size-name.ts';
import { type Attribute, Attributes, type IntegerRange, type Value } from '../../../ipp/model.ts';
import { attributes } from '../../../ipp/vocabulary/build.ts';
import { Finishing } from '../../../ipp/vocabulary/enums.ts';
import { kebabCase } from '../../../ipp/vocabulary/names.ts';
import { readLeniently } from '../../../ipp/vocabulary/read.ts';
import { MOST_PAGES } from '../../formats/pages/page-count.ts';

/** In IPP's words; what is not there stays as the ticket says. Plain data, kept with the release intent. */
export interface TicketChanges {
  /** 1 and more. */
  readonly copies?: number;
  readonly sides?: string;
  readonly 'print-color-mode'?: string;
  /** A tray. */
  readonly 'media-source'?: string;
  /** Keywords of the enum (PWG 5100.1): `staple-top-left` …; `none` alone takes away what the ticket asks. */
  readonly finishings?: readonly string[];
  /** Prints from this page of the document on; counted from 1. */
  readonly 'first-page'?: number;
}

export const CHANGEABLE = [
  'copies',
  'sides',
  'print-color-mode',
  'media-source',
  'finishings',
  'first-page',
] as const satisfies readonly (keyof TicketChanges)[];
export type Changeable = (typeof CHANGEABLE)[number];

const FINISHINGS: ReadonlyMap<string, number> = new Map(
  Object.entries(Finishing).map(([key, value]) => [kebabCase(key), value]),
);
const FINISHING_NAMES: ReadonlyMap<number, string> = new Map(
  Array.from(FINISHINGS, ([name, value]) => [value, name]),
);

/** The enum value of a keyword; undefined for one that is not registered. */
export const finishingOf = (keyword: string): number | undefined => FINISHINGS.get(keyword);
/** The keyword of an enum value; undefined for one that is not registered. */
export const finishingName = (value: number): string | undefined => FINISHING_NAMES.get(value);

/** The attributes of the ticket that a change replaces; what is printed without them is not what was asked for. */
const ATTRIBUTE_OF: Readonly<Record<Changeable, string>> = {
  copies: 'copies',
  sides: 'sides',
  'print-color-mode': 'print-color-mode',
  'media-source': 'media-col',
  finishings: 'finishings',
  'first-page': 'page-ranges',
};

export function changedNames(changes: TicketChanges): Changeable[] {
  return CHANGEABLE.filter((name) => changes[name] !== undefined);
}

/** Names of the ticket's attributes that the changes are in. */
export function changedAttributes(changes: TicketChanges): string[] {
  return changedNames(changes).map((name) => ATTRIBUTE_OF[name]);
}

/** Of two changes the second goes before the first. */
export function changedTicket(ticket: Attributes, changes: TicketChanges): Attributes {
  const { copies, sides, finishings } = changes;
  const source = changes['media-source'];
  const firstPage = changes['first-page'];
  // Each pair says the same thing twice, which a printer may refuse (PWG 5100.7 §5.2, PWG 5100.1 §5.2).
  const kept = ticket.filter(
    ({ name }) =>
      !(source !== undefined && name === 'media') &&
      !(finishings !== undefined && (name === 'finishings-col' || name === 'finishings')),
  );
  const enums = (finishings ?? []).flatMap((keyword) => finishingOf(keyword) ?? []);
  const simple = attributes({
    copies,
    sides,
    'print-color-mode': changes['print-color-mode'],
    finishings: finishings === undefined ? undefined : enums.length === 0 ? [Finishing.none] : enums,
    'page-ranges': firstPage === undefined ? undefined : rangesFrom(firstPage, ticket),
  });
  const media = source === undefined ? [] : [mediaFrom(source, ticket)];
  return kept.with([...simple, ...media]);
}

/** The medium that the ticket asks for, from this tray. */
function mediaFrom(source: string, ticket: Attributes): Attribute {
  const asked = ticket.get('media-col')?.values[0];
  const before = asked?.syntax === 'collection' ? asked.value : mediumCalled(ticket);
  const from: Attribute = { name: 'media-source', values: [{ syntax: 'keyword', value: source }] };
  return { name: 'media-col', values: [{ syntax: 'collection', value: before.with([from]) }] };
}

/** `media` as a collection; empty where there is none, or no size is in its name. */
function mediumCalled(ticket: Attributes): Attributes {
  const size = sizeInName(readLeniently(ticket, 'media') ?? '');
  if (size === undefined) return new Attributes();
  const dimension = (name: string, value: number): Attribute => ({
    name,
    values: [{ syntax: 'integer', value }],
  });
  const value: Value = {
    syntax: 'collection',
    value: new Attributes([dimension('x-dimension', size.width), dimension('y-dimension', size.length)]),
  };
  return new Attributes([{ name: 'media-size', values: [value] }]);
}

/** Those pages that the ticket chooses, from this one on; never empty. */
function rangesFrom(page: number, ticket: Attributes): IntegerRange[] {
  const chosen = pageRangesOf(ticket)
    .filter(({ upper }) => upper >= page)
    .map(({ lower, upper }) => ({ lower: Math.max(lower, page), upper }));
  return chosen.length === 0 ? [{ lower: page, upper: MOST_PAGES }] : chosen;
}

/** What `page-ranges` choose; all pages where it is not there. They ascend (RFC 8011 §5.2.7). */
export function pageRangesOf(ticket: Attributes): readonly IntegerRange[] {
  const ranges = (readLeniently(ticket, 'page-ranges') ?? []).filter(({ lower, upper }) => lower <= upper);
  return ranges.length === 0 ? [{ lower: 1, upper: MOST_PAGES }] : ranges;
}
