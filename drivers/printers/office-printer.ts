/** The description of a common office printer, for printers that cannot be asked what they can do. */
import type { MediaSize, PrinterDescription } from './description.ts';

const DPI_300 = { cross: 300, feed: 300, units: 'dpi' } as const;
const DPI_600 = { cross: 600, feed: 600, units: 'dpi' } as const;

/** @param formats media types that the printer takes as they are. Raster ones get their attributes too. */
export function officePrinter(formats: readonly string[]): PrinterDescription {
  return {
    makeAndModel: 'Generic Office Printer',
    formats,
    media: MEDIA,
    mediaDefault: 'iso_a4_210x297mm',
    mediaReady: ['iso_a4_210x297mm', 'iso_a3_297x420mm', 'na_letter_8.5x11in'],
    mediaSources: ['auto', 'main', 'alternate'],
    mediaTypes: ['auto', 'stationery'],
    sides: ['one-sided', 'two-sided-long-edge', 'two-sided-short-edge'],
    colorModes: ['auto', 'color', 'monochrome'],
    copies: { lower: 1, upper: 999 },
    finishings: [3],
    outputBins: ['face-down'],
    qualities: [3, 4, 5],
    resolutions: [DPI_300, DPI_600],
    ...(formats.includes('image/pwg-raster') ? { pwgRaster: PWG_RASTER } : {}),
    ...(formats.includes('image/urf') ? { urf: URF } : {}),
    pagesPerMinute: 30,
    pagesPerMinuteColor: 30,
  };
}

/**
 * A printer that is only handed the document's octets: none of a ticket reaches it, so nothing of one is offered.
 * @param formats media types that it takes as they are.
 */
export function rawPrinter(formats: readonly string[]): PrinterDescription {
  return {
    ...officePrinter(formats),
    mediaSources: ['auto'],
    mediaTypes: ['auto'],
    sides: ['one-sided'],
    colorModes: ['auto'],
    copies: { lower: 1, upper: 1 },
    qualities: [4],
    ignoresTicket: true,
    ...(formats.includes('image/urf') ? { urf: URF.filter((word) => word !== 'DM1') } : {}),
  };
}

const PWG_RASTER: NonNullable<PrinterDescription['pwgRaster']> = {
  types: ['black_1', 'sgray_8', 'srgb_8'],
  resolutions: [DPI_300, DPI_600],
  sheetBack: 'normal',
};

const URF = ['V1.4', 'CP1', 'W8', 'SRGB24', 'RS300-600', 'DM1', 'FN3', 'IS1-2', 'MT1', 'OB10', 'PQ3-4-5'];

/** 1/100 mm. */
const MARGIN = 423;

const MEDIA: readonly MediaSize[] = [
  media('iso_a4_210x297mm', 21000, 29700),
  media('iso_a3_297x420mm', 29700, 42000),
  media('iso_a5_148x210mm', 14800, 21000),
  media('na_letter_8.5x11in', 21590, 27940),
  media('na_legal_8.5x14in', 21590, 35560),
  media('na_ledger_11x17in', 27940, 43180),
  media('na_index-4x6_4x6in', 10160, 15240),
  media('na_number-10_4.125x9.5in', 10477, 24130),
  media('iso_dl_110x220mm', 11000, 22000),
];

function media(name: string, width: number, length: number): MediaSize {
  return { name, width, length, margins: { top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN } };
}
