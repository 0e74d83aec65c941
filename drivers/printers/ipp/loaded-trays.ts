/** Which paper lies in which tray, as an IPP printer tells it. */
import type { Attributes } from '../../../ipp/model.ts';
import { readLeniently } from '../../../ipp/vocabulary/read.ts';
import type { LoadedTray, MediaSize } from '../description.ts';

/** Trays of one printer that are kept. */
const MOST_TRAYS = 50;

/**
 * Some printers name a tray by a bare number; Windows' driver then hangs at "connecting" (OpenPrinting/cups#859). Such a
 * tray is still used, by the paper that lies in it.
 */
export const isWord = (keyword: string): boolean => !/^\d+$/.test(keyword);

/** @param media sizes that the printer knows. */
export function traysOf(printer: Attributes, media: readonly MediaSize[]): LoadedTray[] | undefined {
  const ready = readLeniently(printer, 'media-col-ready');
  if (ready === undefined) return undefined;
  return ready.slice(0, MOST_TRAYS).flatMap((each) => {
    const { 'media-source': source, 'media-type': type, 'media-size': size } = each;
    const name = media.find(
      ({ width, length }) => width === size?.['x-dimension'] && length === size['y-dimension'],
    )?.name;
    if (source === undefined || !isWord(source) || name === undefined) return [];
    return [{ source, media: name, ...(type === undefined ? {} : { type }) }];
  });
}
