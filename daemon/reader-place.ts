/** Where a configured reader is, for people. */
import type { ReaderConfig } from '../config/readers.ts';
import { placeText } from '../drivers/readers/device-place.ts';

export function placeOfReader({ kind, name, device, addresses }: ReaderConfig): string {
  if (device !== undefined) return placeText(device);
  const from = addresses.length === 0 ? '' : ` from ${addresses.join(', ')}`;
  return kind === 'http' ? `/readers/${name}${from}` : `lines${from}`;
}
