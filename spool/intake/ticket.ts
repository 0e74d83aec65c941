/** The job template attributes of a request, held against what the queue says that it supports. */
import { type Attribute, Attributes } from '../../ipp/model.ts';
import { isSupported } from '../../ipp/vocabulary/supported.ts';
import { validateGroup } from '../../ipp/vocabulary/validate.ts';
import { safeToEcho } from './refusal.ts';

export interface CheckedTicket {
  /** What the queue can do; kept with the job as it was sent. */
  readonly ticket: Attributes;
  /** What it cannot: unknown attributes as `unsupported`, values as they came (RFC 8011 §4.1.7). */
  readonly unsupported: Attributes;
  /** Whether some of it was left out because it says again, or otherwise, what another attribute says. */
  readonly conflicts: boolean;
}

/** The second says all that the first can, and more (PWG 5100.7 §5.2, PWG 5100.1 §5.2). */
const SAME_THING = [
  ['media', 'media-col'],
  ['finishings', 'finishings-col'],
] as const;

/** @param printer the queue's own attributes: `sides-supported` says what `sides` may be. */
export function checkTicket(sent: Attributes, printer: Attributes): CheckedTicket {
  const malformed = new Set(validateGroup('job', sent).map((issue) => issue.attribute.name));
  const supported: Attribute[] = [];
  const unsupported: Attribute[] = [];
  const doubled = new Set<string>(
    SAME_THING.flatMap(([name, other]) => (sent.has(name) && sent.has(other) ? [name] : [])),
  );
  for (const attribute of sent) {
    const { name } = attribute;
    if (doubled.has(name)) unsupported.push(attribute);
    else if (!isKnown(name, printer)) {
      unsupported.push({ name, values: [{ syntax: 'unsupported' }] });
    } else if (malformed.has(name) || !isSupported(attribute, printer)) {
      unsupported.push(safeToEcho(attribute));
    } else supported.push(attribute);
  }
  return {
    ticket: new Attributes(supported),
    unsupported: new Attributes(unsupported),
    conflicts: doubled.size > 0,
  };
}

function isKnown(name: string, printer: Attributes): boolean {
  const { values } = printer.get('job-creation-attributes-supported') ?? { values: [] };
  return values.some((value) => value.syntax === 'keyword' && value.value === name);
}
