/** Which formats are counted, and by what. */
import { countAppleRaster } from './apple-raster.ts';
import type { PageCount } from './page-count.ts';
import { countPdf } from './pdf.ts';
import { countPwgRaster } from './pwg-raster.ts';

export type Counter = (document: AsyncIterable<Uint8Array>) => Promise<PageCount>;

export const MEDIA_TYPE_COUNTERS: Readonly<Record<string, Counter>> = {
  'application/pdf': countPdf,
  'application/pclm': countPdf,
  'image/pwg-raster': countPwgRaster,
  'image/urf': countAppleRaster,
};
