/** `xxx-supported` says what `xxx` may be: the same rule for what clients ask of us and what we ask of printers. */
import { isDeepStrictEqual } from 'node:util';
import type { Attribute, Attributes, Value } from '../model.ts';

/** Two sizes in 1/100 mm that mean the same paper: clients round inches and points differently (PWG 5101.1 §5.1.6). */
const SAME_SIZE = 50;

/**
 * Whether a printer with these attributes can do what a job template attribute asks. One whose `-supported` the printer
 * does not tell counts as supported.
 */
export function isSupported(attribute: Attribute, printer: Attributes): boolean {
  return attribute.values.every((value) => isValueSupported(attribute.name, value, printer));
}

function isValueSupported(name: string, value: Value, printer: Attributes): boolean {
  // How many levels the printer tells apart; it takes every value (RFC 8011 §5.2.1).
  if (name === 'job-priority') return value.syntax === 'integer' && value.value >= 1 && value.value <= 100;
  if (name === 'media-col') return value.syntax === 'collection' && isMediaSupported(value.value, printer);
  const supported = printer.get(`${name}-supported`);
  return supported === undefined || supported.values.some((each) => allows(each, value));
}

/** Values, ranges, or that there may be one at all. */
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
    if (value !== undefined && !isValueSupported(member, value, printer)) return false;
  }
  const size = media.get('media-size')?.values[0];
  const sizes = printer.get('media-size-supported')?.values;
  if (size?.syntax !== 'collection' || sizes === undefined) return true;
  return sizes.some((each) => each.syntax === 'collection' && isSameSize(each.value, size.value));
}

function isSameSize(a: Attributes, b: Attributes): boolean {
  return ['x-dimension', 'y-dimension'].every((name) => {
    const [left, right] = [a.get(name)?.values[0], b.get(name)?.values[0]];
    if (right?.syntax !== 'integer') return false;
    if (left?.syntax === 'rangeOfInteger')
      return right.value >= left.value.lower && right.value <= left.value.upper;
    return left?.syntax === 'integer' && Math.abs(left.value - right.value) <= SAME_SIZE;
  });
}
