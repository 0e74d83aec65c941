/** The ONE description of what a queue can offer: the union of what its printers can do. */
import { isDeepStrictEqual } from 'node:util';
import type { MediaSize, PrinterDescription, Supply } from '../drivers/printers/description.ts';

/**
 * What a queue of these printers offers. Formats are those that every printer takes or can be served: wherever its owner
 * goes, the document must come out. All else is the union; whether the printer chosen at the panel can do it is settled there.
 * @param descriptions last known, of the printers that have ever answered. Empty: undefined.
 */
export function describeQueue(descriptions: readonly PrinterDescription[]): PrinterDescription | undefined {
  const [first, ...others] = descriptions;
  if (first === undefined) return undefined;
  const common = first.formats.filter((format) => others.every((each) => each.formats.includes(format)));
  const pwgRaster = common.includes('image/pwg-raster') ? commonRaster(first, others) : undefined;
  const urf = common.includes('image/urf') ? commonUrf(first, others) : undefined;
  // A raster that no client could draw so that every printer takes it is no format of the queue.
  const formats = common.filter(
    (format) =>
      (format !== 'image/pwg-raster' || pwgRaster !== undefined) &&
      (format !== 'image/urf' || urf !== undefined),
  );
  return {
    makeAndModel: 'Holdfast print queue',
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
    numberUp: union(descriptions, (each) => each.numberUp ?? [1]),
    jobSheets: union(descriptions, (each) => each.jobSheets ?? ['none']),
    trays: uniqueBy(
      descriptions.flatMap((each) => each.trays ?? []),
      (each) => `${each.source} ${each.media} ${each.type}`,
    ),
    supplies: bestSupplies(descriptions),
    pagesPerMinute: Math.max(...descriptions.map((each) => each.pagesPerMinute)),
    pagesPerMinuteColor: Math.max(...descriptions.map((each) => each.pagesPerMinuteColor)),
  };
}

/** Pages that the client draws must suit every printer: of types and resolutions only what all of them take. */
function commonRaster(
  first: PrinterDescription,
  others: readonly PrinterDescription[],
): PrinterDescription['pwgRaster'] {
  const raster = first.pwgRaster;
  if (raster === undefined) return undefined;
  const types = raster.types.filter((type) => others.every((each) => each.pwgRaster?.types.includes(type)));
  const resolutions = raster.resolutions.filter((resolution) =>
    others.every((each) => each.pwgRaster?.resolutions.some((one) => isDeepStrictEqual(one, resolution))),
  );
  // Backs are drawn as those want them that get them as they are; for the others they are turned.
  const taken = [first, ...others].find((each) => !each.converted?.includes('image/pwg-raster'));
  const { sheetBack } = taken?.pwgRaster ?? raster;
  return types.length === 0 || resolutions.length === 0 ? undefined : { types, resolutions, sheetBack };
}

/** Words of `urf-supported` that all tell; of versions the lowest, of resolutions those that all have. */
function commonUrf(
  first: PrinterDescription,
  others: readonly PrinterDescription[],
): readonly string[] | undefined {
  const lists = [first, ...others].map((each) => each.urf ?? []);
  const [words = []] = lists;
  const resolutions = words
    .flatMap(resolutionsIn)
    .filter((each) => lists.every((list) => list.flatMap(resolutionsIn).includes(each)));
  // Without a resolution there is nothing that a client could draw by.
  if (resolutions.length === 0) return undefined;
  const versions = lists.flatMap((list) => list.filter((word) => /^V\d/.test(word))).sort();
  const shared = words.filter(
    (word) => !/^(?:V\d|RS)/.test(word) && lists.every((list) => list.includes(word)),
  );
  return [...versions.slice(0, 1), ...shared, `RS${resolutions.join('-')}`];
}

/** `RS300-600` → `300`, `600` */
const resolutionsIn = (word: string): string[] => (word.startsWith('RS') ? word.slice(2).split('-') : []);

/** People walk to the printer that has some: of each supply the fullest counts. */
function bestSupplies(descriptions: readonly PrinterDescription[]): Supply[] {
  const best = new Map<string, Supply>();
  for (const supply of descriptions.flatMap((each) => each.supplies ?? [])) {
    const key = `${supply.type} ${supply.colorant}`;
    const before = best.get(key);
    if (before === undefined || supply.level > before.level) best.set(key, supply);
  }
  return [...best.values()];
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
