/** What a PJL printer has told of one job so far: a pure machine over its messages. */
import { fieldOf, type PjlMessage } from './back-channel.ts';
import { reasonOfCode } from './device-codes.ts';

export type JobEnd =
  | { readonly kind: 'completed'; readonly impressions: number | undefined }
  | {
      readonly kind: 'aborted';
      readonly impressions: number | undefined;
      /** At the printer's panel or by another host. */
      readonly byPerson: boolean;
      /** The printer's own word. */
      readonly said: string;
    };

export interface JobNews {
  /** The printer has said our token again: from here on it speaks of us. */
  readonly inStep: boolean;
  /** Impressions so far; a sheet with two sides counts 2 (Technical Reference §7, PAGE). */
  readonly impressions: number;
  /** `printer-state-reasons`; empty when nothing keeps it from printing. */
  readonly reasons: readonly string[];
  readonly end: JobEnd | undefined;
}

export const NO_NEWS: JobNews = { inStep: false, impressions: 0, reasons: [], end: undefined };

/** What the printer is told, and how far that has come. */
export interface Told {
  /** Its job's name begins with it. */
  readonly token: string;
  /** The whole document and the words behind it have left. */
  readonly whole: boolean;
}

/** More pages than any job has; a larger number is none. */
const MOST_PAGES = 1_000_000;

export function hear(news: JobNews, message: PjlMessage, told: Told): JobNews {
  if (message.head === `ECHO ${told.token}`) return { ...news, inStep: true };
  if (!news.inStep || news.end !== undefined) return news;
  switch (message.head) {
    case 'USTATUS PAGE': {
      const page = count(message.lines[0]);
      return page === undefined || page <= news.impressions ? news : { ...news, impressions: page };
    }
    case 'USTATUS JOB':
      return { ...news, end: endOf(news, message, told) };
    case 'USTATUS DEVICE':
    case 'INFO STATUS':
      return { ...news, reasons: reasonsOf(message) };
    default:
      return news;
  }
}

/** Undefined when it is another job's, a start, or an end before the printer can have it all. */
function endOf(news: JobNews, message: PjlMessage, told: Told): JobEnd | undefined {
  const [first = ''] = message.lines;
  const state = first.toUpperCase();
  if (state !== 'END' && state !== 'CANCELED') return undefined;
  const name = fieldOf(message, 'NAME');
  if (name ? !isOurs(name, told) : !told.whole) return undefined;
  const pages = count(fieldOf(message, 'PAGES')) ?? (news.impressions || undefined);
  const result = state === 'END' ? (fieldOf(message, 'RESULT') ?? 'OK').toUpperCase() : state;
  if (result !== 'OK') {
    const byPerson = ['CANCELED', 'USER_CANCELED', 'HOST_CANCELED'].includes(result);
    return { kind: 'aborted', impressions: pages, byPerson, said: result };
  }
  return told.whole ? { kind: 'completed', impressions: pages } : undefined;
}

/** Printers cut long names. The token stands first and is enough. */
const isOurs = (name: string, { token }: Told): boolean => name === token || name.startsWith(`${token} `);

function reasonsOf(message: PjlMessage): readonly string[] {
  const codes = message.lines.flatMap((line) => {
    const [, digits] = /^CODE\d?\s*=\s*(\d{5})$/i.exec(line) ?? [];
    return digits === undefined ? [] : [Number(digits)];
  });
  const reasons = new Set(codes.flatMap((code) => reasonOfCode(code) ?? []));
  if (reasons.size === 0 && fieldOf(message, 'ONLINE')?.toUpperCase() === 'FALSE') return ['paused'];
  return [...reasons];
}

function count(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,7}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= MOST_PAGES ? value : undefined;
}
