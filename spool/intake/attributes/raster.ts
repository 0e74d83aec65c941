/** How pages are drawn for this queue by clients that send raster. */
import type { PrinterDescription } from '../../../drivers/printers/description.ts';
import type { AttributesInput as Part } from '../../../ipp/vocabulary/build.ts';

export function raster({ pwgRaster, urf }: PrinterDescription): Part {
  return {
    'pwg-raster-document-resolution-supported':
      pwgRaster === undefined ? undefined : [...pwgRaster.resolutions],
    'pwg-raster-document-sheet-back': pwgRaster?.sheetBack,
    'pwg-raster-document-type-supported': pwgRaster === undefined ? undefined : [...pwgRaster.types],
    'urf-supported': urf === undefined ? undefined : [...urf],
  };
}
