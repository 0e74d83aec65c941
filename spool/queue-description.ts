/** The ONE description of what a queue can offer: the union of what its printers can do. */
import type { MediaSize, PrinterDescription } from '../drivers/printers/description.ts';

/**
 * What a queue of these printers offers. Formats are those that every printer takes: wherever its owner goes, the document
 * must come out. All else is the union; whether the printer chosen at the panel can do it is settled there.
 * @param descriptions last known, of the printers that have ever answered. Empty: undefined.
 */
export function describeQueue(descriptions: readonly PrinterDescription[]): PrinterDescription | undefined {
  const [first, ...others] = descriptions;
  if (first === undefined) return undefined;
  const formats = first.formats.filter((format) => others.every((each) => each.formats.includes(format)));
  const pwgRaster = formats.includes('image/pwg-raster') ? first.pwgRaster : undefined;
  const urf = formats.includes('image/urf') ? first.urf : undefined;
  return {
    makeAndModel: 'Holdfast Held Print Queue',
    formats,
    media: uniqueMedia(descriptions),
    mediaDefault: first.mediaDefault,
    mediaReady: union(descriptions, (each) => each.mediaReady),
    mediaSources: union(descriptions, (each) => each.mediaSources),
    mediaTypes: union(descriptions, (each) => each.mediaTypes),
    sides: union(descriptions, (each) => each.sides),
    colorModes: union(descriptions, (each) => each.colorModes),
    copies: { lower: 1, upper: Math.max(...descriptions.map((each) => each.copies.upper)) },
    finishings: union(descriptions, (each) => each.finishings),
    outputBins: union(descriptions, (each) => each.outputBins),
    qualities: union(descriptions, (each) => each.qualities),
    resolutions: uniqueBy(
      descriptions.flatMap((each) => each.resolutions),
      (each) => `${each.cross}x${each.feed}${each.units}`,
    ),
    ...(pwgRaster === undefined ? {} : { pwgRaster }),
    ...(urf === undefined ? {} : { urf }),
    pagesPerMinute: Math.max(...descriptions.map((each) => each.pagesPerMinute)),
    pagesPerMinuteColor: Math.max(...descriptions.map((each) => each.pagesPerMinuteColor)),
  };
}

function union<T>(
  descriptions: readonly PrinterDescription[],
  of: (each: PrinterDescription) => readonly T[],
): T[] {
  return [...new Set(descriptions.flatMap((each) => of(each)))];
}

function uniqueMedia(descriptions: readonly PrinterDescription[]): MediaSize[] {
  return uniqueBy(
    descriptions.flatMap((each) => each.media),
    (each) => each.name,
  );
}

function uniqueBy<T>(values: readonly T[], key: (value: T) => string): T[] {
  return [...new Map(values.toReversed().map((value) => [key(value), value])).values()].toReversed();
}
