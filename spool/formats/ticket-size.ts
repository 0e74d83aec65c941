/** The size of paper that a ticket asks for. */
import { type Size, sizeInName } from '../../ipp/media-size-name.ts';
import type { Attributes } from '../../ipp/model.ts';
import { readLeniently } from '../../ipp/vocabulary/read.ts';

/** Undefined when it asks for none, or for none with a size. */
export function sizeOf(ticket: Attributes): Size | undefined {
  const column = readLeniently(ticket, 'media-col');
  const { 'x-dimension': width, 'y-dimension': length } = column?.['media-size'] ?? {};
  if (width !== undefined && length !== undefined && width > 0 && length > 0) return { width, length };
  return sizeInName(column?.['media-size-name'] ?? readLeniently(ticket, 'media') ?? '');
}
