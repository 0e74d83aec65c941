/** Printers as tables of tests want them, and tickets in few words. */
import type { PrinterDescription } from '../../../../drivers/printers/description.ts';
import { officePrinter, rawPrinter } from '../../../../drivers/printers/office-printer.ts';
import { Attributes } from '../../../../ipp/model.ts';
import { type AttributesInput, attributes } from '../../../../ipp/vocabulary/build.ts';
import type { Job } from '../../../../spool/job.ts';
import type { KnownState } from '../../../../spool/printers/printer-board.ts';

const FORMATS = ['application/pdf', 'image/pwg-raster', 'image/urf', 'application/postscript'];

/** A4 and A3, colour, both sides; no stapler. */
export const OFFICE: PrinterDescription = { ...officePrinter(FORMATS), pageRanges: true };
/** The same with a stapler. */
export const STAPLER: PrinterDescription = { ...OFFICE, finishings: [3, 4, 20, 28, 9999] };
/** A4 only, one side, no colour, one copy, PDF only. */
export const SMALL: PrinterDescription = {
  ...officePrinter(['application/pdf']),
  media: OFFICE.media.filter(({ name }) => name === 'iso_a4_210x297mm'),
  mediaSources: ['auto'],
  sides: ['one-sided'],
  colorModes: ['auto', 'monochrome'],
  copies: { lower: 1, upper: 1 },
};
export const RAW: PrinterDescription = rawPrinter(['application/pdf']);

export function known(name: string, changes: Partial<KnownState> = {}): KnownState {
  return {
    name,
    info: `${name} (info)`,
    location: '',
    near: [],
    state: 'idle',
    reasons: [],
    acceptingJobs: true,
    description: OFFICE,
    ...changes,
  };
}

export type Content = Pick<Job, 'ticket' | 'document'>;

/** A PDF of ten pages. */
export function content(ticket: AttributesInput = {}, document: Partial<Job['document']> = {}): Content {
  return {
    ticket: Object.keys(ticket).length === 0 ? new Attributes() : attributes(ticket),
    document: {
      format: 'application/pdf',
      octets: 5,
      count: { kind: 'counted', pages: 10 },
      ...document,
    },
  };
}
