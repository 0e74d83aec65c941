/** What of a job's ticket a printer can be told by PJL. */
import type { Attributes } from '../../../ipp/model.ts';
import { readLeniently } from '../../../ipp/vocabulary/read.ts';
import type { PrinterDescription } from '../description.ts';
import { rawPrinter } from '../office-printer.ts';

export const MOST_COPIES = 999;
/** `media-source` of IPP and MEDIASOURCE of PJL. A printer has no way to say which trays it has. */
const SOURCES: Readonly<Record<string, string>> = {
  'by-pass-tray': 'MPTRAY',
  'tray-1': 'TRAY1',
  'tray-2': 'TRAY2',
  'tray-3': 'TRAY3',
  'tray-4': 'TRAY4',
};

export interface Settings {
  /** Whole lines without their end. */
  readonly lines: readonly string[];
  /** Names of the attributes that they do. */
  readonly done: readonly string[];
}

export function settingsOf(ticket: Attributes): Settings {
  const all = [copies(ticket), sides(ticket), source(ticket)];
  return {
    lines: all.flatMap((each) => each?.lines ?? []).map((line) => `@PJL SET ${line}`),
    done: all.flatMap((each) => (each === undefined ? [] : [each.name])),
  };
}

/** What can be chosen at a printer that speaks PJL and cannot be asked for more. */
export function pjlPrinter(formats: readonly string[]): PrinterDescription {
  const { ignoresTicket: _, ...raw } = rawPrinter(formats);
  return {
    ...raw,
    mediaSources: ['auto', ...Object.keys(SOURCES)],
    sides: ['one-sided', 'two-sided-long-edge', 'two-sided-short-edge'],
    copies: { lower: 1, upper: MOST_COPIES },
  };
}

interface Setting {
  readonly name: string;
  readonly lines: readonly string[];
}

/** QTY repeats the document, COPIES each page (Technical Reference §6). */
function copies(ticket: Attributes): Setting | undefined {
  const wanted = readLeniently(ticket, 'copies');
  if (wanted === undefined || wanted < 1 || wanted > MOST_COPIES) return undefined;
  const handling = readLeniently(ticket, 'multiple-document-handling');
  const variable = handling === 'separate-documents-uncollated-copies' ? 'COPIES' : 'QTY';
  return { name: 'copies', lines: [`${variable}=${wanted}`] };
}

function sides(ticket: Attributes): Setting | undefined {
  switch (readLeniently(ticket, 'sides')) {
    case 'one-sided':
      return { name: 'sides', lines: ['DUPLEX=OFF'] };
    case 'two-sided-long-edge':
      return { name: 'sides', lines: ['DUPLEX=ON', 'BINDING=LONGEDGE'] };
    case 'two-sided-short-edge':
      return { name: 'sides', lines: ['DUPLEX=ON', 'BINDING=SHORTEDGE'] };
    default:
      return undefined;
  }
}

function source(ticket: Attributes): Setting | undefined {
  const wanted = readLeniently(ticket, 'media-col')?.['media-source'];
  if (wanted === undefined) return undefined;
  if (wanted === 'auto') return { name: 'media-col', lines: [] };
  const tray = Object.hasOwn(SOURCES, wanted) ? SOURCES[wanted] : undefined;
  return tray === undefined ? undefined : { name: 'media-col', lines: [`MEDIASOURCE=${tray}`] };
}
