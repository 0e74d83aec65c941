/** The job template attributes of a request, held against what the queue says that it supports. */
import { isDeepStrictEqual } from 'node:util';
import { type Attribute, Attributes, type Value } from '../../ipp/model.ts';
import { validateGroup } from '../../ipp/vocabulary/validate.ts';

export interface CheckedTicket {
  /** What the queue can do; kept with the job as it was sent. */
  readonly ticket: Attributes;
  /** What it cannot: unknown attributes as `unsupported`, values as they came (RFC 8011 §4.1.7). */
  readonly unsupported: Attributes;
}

/** @param printer the queue's own attributes: `sides-supported` says what `sides` may be. */
export function checkTicket(sent: Attributes, printer: Attributes): CheckedTicket {
  const malformed = new Set(validateGroup('job', sent).map((issue) => issue.attribute.name));
  const supported: Attribute[] = [];
  const unsupported: Attribute[] = [];
  for (const attribute of sent) {
    const { name } = attribute;
    if (!isKnown(name, printer)) {
      unsupported.push({ name, values: [{ syntax: 'unsupported' }] });
    } else if (malformed.has(name) || !attribute.values.every((value) => isSupported(name, value, printer))) {
      unsupported.push(attribute);
    } else supported.push(attribute);
  }
  return { ticket: new Attributes(supported), unsupported: new Attributes(unsupported) };
}

function isKnown(name: string, printer: Attributes): boolean {
  const { values } = printer.get('job-creation-attributes-supported') ?? { values: [] };
  return values.some((value) => value.syntax === 'keyword' && value.value === name);
}

/** `xxx-supported` tells what `xxx` may be: values, ranges, or that there may be one at all. */
function isSupported(name: string, value: Value, printer: Attributes): boolean {
  if (name === 'media-col') return value.syntax === 'collection' && isMediaSupported(value.value, printer);
  const supported = printer.get(`${name}-supported`);
  return supported === undefined || supported.values.some((each) => allows(each, value));
}

function allows(supported: Value, value: Value): boolean {
  switch (supported.syntax) {
    case 'boolean':
      return supported.value;
    case 'rangeOfInteger':
      return (
        value.syntax === 'integer' &&
        value.value >= supported.value.lower &&
        value.value <= supported.value.upper
      );
    case 'integer':
      // A single integer is the number of steps or the largest value (job-priority-supported).
      return value.syntax === 'integer' && value.value >= 1 && value.value <= supported.value;
    default:
      // A name and a keyword of the same characters mean the same.
      if ('value' in supported && 'value' in value && typeof supported.value === 'string') {
        return supported.value === value.value;
      }
      return isDeepStrictEqual(supported, value);
  }
}

/** Size, source and type decide; margins and colour are wishes. */
function isMediaSupported(media: Attributes, printer: Attributes): boolean {
  for (const member of ['media-source', 'media-type'] as const) {
    const value = media.get(member)?.values[0];
    if (value !== undefined && !isSupported(member, value, printer)) return false;
  }
  const size = media.get('media-size')?.values[0];
  if (size?.syntax !== 'collection') return true;
  const sizes = printer.get('media-size-supported')?.values ?? [];
  return sizes.some((each) => each.syntax === 'collection' && isSameSize(each.value, size.value));
}

function isSameSize(a: Attributes, b: Attributes): boolean {
  return ['x-dimension', 'y-dimension'].every((name) => {
    const [left, right] = [a.get(name)?.values[0], b.get(name)?.values[0]];
    // Clients round inches and points differently: half a millimetre is the same paper (PWG 5101.1 §5.1.6).
    return (
      left?.syntax === 'integer' && right?.syntax === 'integer' && Math.abs(left.value - right.value) <= 50
    );
  });
}
