/** What a printer can do, in neutral terms; the words are IPP's. Plain data, so that it can be kept over a restart. */
import type { IntegerRange, Resolution } from '../../ipp/model.ts';

export interface MediaSize {
  /** PWG 5101.1 self-describing name: `iso_a4_210x297mm`. */
  readonly name: string;
  /** 1/100 mm. */
  readonly width: number;
  /** 1/100 mm. */
  readonly length: number;
  /** Unprintable edges in 1/100 mm; the same on opposite sides is common, not certain. */
  readonly margins: {
    readonly top: number;
    readonly bottom: number;
    readonly left: number;
    readonly right: number;
  };
}

export type Sides = 'one-sided' | 'two-sided-long-edge' | 'two-sided-short-edge';
export type ColorMode =
  | 'auto'
  | 'color'
  | 'monochrome'
  | 'auto-monochrome'
  | 'bi-level'
  | 'process-monochrome';

/** What is loaded where, for clients that choose a tray. */
export interface LoadedTray {
  /** `media-source` */
  readonly source: string;
  /** Name of one of the description's media. */
  readonly media: string;
  /** `media-type`, when the printer tells. */
  readonly type?: string;
}

/** Something that runs out (`printer-supply`, PWG 5100.13). */
export interface Supply {
  /** For people: `Black toner`. */
  readonly name: string;
  /** A keyword of the Printer MIB: `toner`, `inkCartridge`, `wasteToner` … */
  readonly type: string;
  /** `black`, `cyan` …; `none` where it has no colour. */
  readonly colorant: string;
  /** Percent of what it holds when new; -1 other, -2 unknown, -3 some is left (RFC 3805). */
  readonly level: number;
}

/** How full a tray is (RFC 3805 `prtInput`). */
export interface TrayLevel {
  readonly name: string;
  /** Sheets, mostly; -1 other, -2 unknown, -3 some is left. */
  readonly level: number;
  /** The same when full; -1 other, -2 unknown. */
  readonly capacity: number;
}

export interface PrinterDescription {
  readonly makeAndModel: string;
  /** `urn:uuid:…` when the printer has one. */
  readonly uuid?: string;
  /** IEEE 1284 device id. */
  readonly deviceId?: string;
  /** Media types of documents that it takes as they are. Never `application/octet-stream`. */
  readonly formats: readonly string[];
  /** Those of {@link formats} that it does not take itself: the gateway converts them first. None unless told. */
  readonly converted?: readonly string[];
  readonly media: readonly MediaSize[];
  /** Name of one of {@link media}. */
  readonly mediaDefault: string;
  /** Names of {@link media} that are loaded; empty when the printer does not tell. */
  readonly mediaReady: readonly string[];
  readonly mediaSources: readonly string[];
  readonly mediaTypes: readonly string[];
  readonly sides: readonly Sides[];
  readonly colorModes: readonly ColorMode[];
  readonly copies: IntegerRange;
  /** `finishings` enum values; 3 is none. */
  readonly finishings: readonly number[];
  readonly outputBins: readonly string[];
  /** `print-quality` enum values: 3 draft, 4 normal, 5 high. */
  readonly qualities: readonly number[];
  readonly resolutions: readonly Resolution[];
  /** For PWG Raster (PWG 5102.4), when the printer takes it. */
  readonly pwgRaster?: {
    readonly types: readonly string[];
    readonly resolutions: readonly Resolution[];
    readonly sheetBack: 'normal' | 'flipped' | 'rotated' | 'manual-tumble';
  };
  /** `urf-supported`, when the printer takes Apple Raster. */
  readonly urf?: readonly string[];
  /** `number-up-supported`; undefined when the printer does not tell: 1. */
  readonly numberUp?: readonly number[];
  /** `job-sheets-supported`; undefined when the printer does not tell: `none`. */
  readonly jobSheets?: readonly string[];
  /** Prints a part of the pages (`page-ranges-supported`). */
  readonly pageRanges?: true;
  /** Gets the document's octets and nothing of the ticket, so that nothing can be changed before it is printed. */
  readonly ignoresTicket?: true;
  /** What is loaded where; undefined when the printer does not tell. */
  readonly trays?: readonly LoadedTray[];
  /** Undefined when the printer does not tell. */
  readonly supplies?: readonly Supply[];
  readonly pagesPerMinute: number;
  /** 0 when it has no colour. */
  readonly pagesPerMinuteColor: number;
}
