/** Paper: sizes, margins, trays, types, and what is loaded. */
import type { MediaSize, PrinterDescription } from '../../../drivers/printers/description.ts';
import type { AttributesInput as Part } from '../../../ipp/vocabulary/build.ts';
import { atLeast } from './at-least.ts';

export function media(description: PrinterDescription): Part {
  const { media: sizes, mediaDefault, mediaReady, mediaSources, mediaTypes } = description;
  const byName = new Map(sizes.map((size) => [size.name, size]));
  const byDefault = byName.get(mediaDefault) ?? sizes[0];
  if (byDefault === undefined) return {};
  const ready = mediaReady.map((name) => byName.get(name)).filter((size) => size !== undefined);
  // Clients show only what is loaded; where nobody tells, the usual paper is a better guess than none.
  const loaded = ready.length === 0 ? [byDefault] : ready;
  const margins = (edge: keyof MediaSize['margins']) => [...new Set(sizes.map((size) => size.margins[edge]))];
  return {
    'media-default': byDefault.name,
    'media-supported': sizes.map((size) => size.name),
    'media-ready': loaded.map((size) => size.name),
    'media-col-default': mediaCol(byDefault),
    'media-col-supported': [
      'media-bottom-margin',
      'media-left-margin',
      'media-right-margin',
      'media-size',
      'media-size-name',
      'media-source',
      'media-top-margin',
      'media-type',
    ],
    'media-col-ready': readyCols(description, loaded),
    'media-col-database': sizes.map(mediaCol),
    'media-size-supported': sizes.map(dimensions),
    'media-bottom-margin-supported': margins('bottom'),
    'media-left-margin-supported': margins('left'),
    'media-right-margin-supported': margins('right'),
    'media-top-margin-supported': margins('top'),
    'media-source-supported': atLeast(['auto'], mediaSources),
    'media-type-supported': atLeast(['auto'], mediaTypes),
  };
}

/** With tray and type where a printer told them, else one for each size that is loaded. */
function readyCols({ trays = [], media: sizes }: PrinterDescription, loaded: readonly MediaSize[]) {
  const inTrays = trays.flatMap(({ source, media: name, type }) => {
    const size = sizes.find((each) => each.name === name);
    return size === undefined ? [] : [{ ...mediaCol(size), 'media-source': source, 'media-type': type }];
  });
  const told = new Set(trays.map((tray) => tray.media));
  return [...inTrays, ...loaded.filter((size) => !told.has(size.name)).map(mediaCol)];
}

const dimensions = (size: MediaSize) => ({ 'x-dimension': size.width, 'y-dimension': size.length });

function mediaCol(size: MediaSize) {
  return {
    'media-size': dimensions(size),
    'media-size-name': size.name,
    'media-bottom-margin': size.margins.bottom,
    'media-left-margin': size.margins.left,
    'media-right-margin': size.margins.right,
    'media-top-margin': size.margins.top,
  };
}
