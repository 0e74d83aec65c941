/**
 * The kinds of values that a configuration has. Each says once what is allowed: its errors, the reference page and the
 * editor's JSON Schema take the words from here.
 */
import { normalize } from 'node:path';
import { z } from 'zod';
import { Failure } from '../base/errors.ts';
import { printable } from '../base/text.ts';
import {
  type Bytes,
  DURATION_PATTERN,
  formatDuration,
  formatSize,
  type Milliseconds,
  parseDuration,
  parseSize,
  SIZE_PATTERN,
} from '../base/units.ts';
import { didYouMean, kindOf, mustBe, oneOf, quoted } from './wording.ts';

/** For {@link single}: the value is wrong, and the message says in which way. */
export class WrongValue extends Error {}

interface Single<T> {
  /** Completes "must be …". */
  readonly allowed: string;
  /** Further keywords of its JSON Schema. */
  readonly json?: {
    readonly pattern?: string;
    readonly maxLength?: number;
    readonly examples?: readonly string[];
  };
  /** @throws WrongValue */
  read(text: string): T;
}

/** A value that is written as one text. */
export function single<T>({ allowed, json = {}, read }: Single<T>) {
  return z
    .string({ error: (issue) => mustBe(kindOf(issue.input), allowed) })
    .meta({ allowed, ...json })
    .transform((text, context): T => {
      try {
        return read(text);
      } catch (error) {
        if (!(error instanceof WrongValue)) throw error;
        context.addIssue({ code: 'custom', message: mustBe(error.message, allowed) });
        return z.NEVER;
      }
    });
}

export function duration(least: Milliseconds, most: Milliseconds) {
  return quantity<Milliseconds>({
    allowed: `a duration from ${formatDuration(least)} to ${formatDuration(most)}`,
    pattern: DURATION_PATTERN,
    wrong: 'is no number with ms, s, min, h or d',
    parse: parseDuration,
    least,
    most,
  });
}

export function size(least: Bytes, most: Bytes) {
  return quantity<Bytes>({
    allowed: `a size from ${formatSize(least)} to ${formatSize(most)}`,
    pattern: SIZE_PATTERN,
    wrong: 'is no number with B, KiB, MiB, GiB or TiB',
    parse: parseSize,
    least,
    most,
  });
}

interface Quantity<T> {
  readonly allowed: string;
  readonly pattern: RegExp;
  readonly wrong: string;
  readonly least: T;
  readonly most: T;
  parse(text: string): T;
}

function quantity<T extends number>({ allowed, pattern, wrong, least, most, parse }: Quantity<T>) {
  return single({
    allowed,
    json: { pattern: pattern.source },
    read: (text) => {
      const value = parsed(() => parse(text), `${quoted(text)} ${wrong}`);
      if (value < least) throw new WrongValue(`${quoted(text)} is too little`);
      if (value > most) throw new WrongValue(`${quoted(text)} is too much`);
      return value;
    },
  });
}

function parsed<T>(parse: () => T, wrong: string): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof Failure) throw new WrongValue(wrong);
    throw error;
  }
}

/** A whole number. */
export function count(least: number, most: number) {
  const allowed = `a whole number from ${least} to ${most}`;
  const error = (issue: { readonly input?: unknown }) =>
    mustBe(isWritten(issue.input) ? `is ${quoted(String(issue.input))}` : kindOf(issue.input), allowed);
  return z
    .preprocess(
      (input) => (typeof input === 'string' && /^\d{1,15}$/.test(input) ? Number(input) : input),
      z.int({ error }).min(least, { error }).max(most, { error }),
    )
    .meta({ allowed });
}

const isWritten = (input: unknown): boolean => typeof input === 'string' || typeof input === 'number';

/** One of a few words. */
export function choice<const Words extends readonly [string, ...string[]]>(words: Words) {
  const allowed = oneOf(words);
  return z
    .enum(words, {
      error: ({ input }) => {
        if (typeof input !== 'string') return mustBe(kindOf(input), allowed);
        return mustBe(`${quoted(input)} is unknown${didYouMean(input, words)}`, allowed);
      },
    })
    .meta({ allowed });
}

/** Yes or no. */
export function flag() {
  const allowed = oneOf(['true', 'false']);
  const error = ({ input }: { readonly input?: unknown }) =>
    mustBe(isWritten(input) ? `is ${quoted(String(input))}` : kindOf(input), allowed);
  return z
    .preprocess(
      (input) => (input === 'true' || input === 'false' ? input === 'true' : input),
      z.boolean({ error }),
    )
    .meta({ allowed });
}

/** Linux has names of at most 15 octets (IFNAMSIZ). */
const INTERFACE_NAME = /^[!-.0-~]{1,15}$/;

export const interfaceName = () =>
  single({
    allowed: 'the name of a network interface, such as eth0',
    json: { pattern: INTERFACE_NAME.source },
    read: (text) => {
      if (!INTERFACE_NAME.test(text)) throw new WrongValue(`${quoted(text)} is no name of an interface`);
      return text;
    },
  });

/** Octets of `printer-info`, `printer-location` and the like (text(127), RFC 8011 §5.4.5–5.4.6). */
const SHOWN_LENGTH = 127;

/** A text that people see. */
export const shownText = () =>
  single({
    allowed: `a text of 1 to ${SHOWN_LENGTH} octets (UTF-8) in one line`,
    json: { maxLength: SHOWN_LENGTH },
    read: (text) => {
      const octets = Buffer.byteLength(text);
      if (octets > SHOWN_LENGTH) throw new WrongValue(`has ${octets} octets`);
      if (text.trim() === '') throw new WrongValue('is empty');
      if (printable(text) !== text) throw new WrongValue('has characters that cannot be shown');
      return text;
    },
  });

/** At least one item. */
export function listOf<Item extends z.ZodType>(item: Item, allowed: string, most = 10_000) {
  return z
    .array(item, { error: (issue) => mustBe(kindOf(issue.input), allowed) })
    .min(1, { error: mustBe('is empty', allowed) })
    .max(most, { error: mustBe(`has more than ${most} items`, allowed) })
    .meta({ allowed });
}

/** @param octets the longest that the system takes */
export const absolutePath = (octets = 4095) =>
  single({
    allowed: `an absolute path of at most ${octets} octets`,
    json: { pattern: '^/', maxLength: octets },
    // The text is in no error: it may be a key that was pasted where its file should stand.
    read: (text) => {
      if (!text.startsWith('/')) throw new WrongValue('does not begin with /');
      if (Buffer.byteLength(text) > octets) throw new WrongValue('is too long');
      if (printable(text, octets) !== text) throw new WrongValue('has characters that cannot be shown');
      const path = normalize(text);
      if (path === '/') throw new WrongValue('is the root folder');
      return path.replace(/\/$/, '');
    },
  });

const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;

/** Of a document that a printer takes as it is. */
export const mediaType = () =>
  single({
    allowed: 'one such as application/pdf, in small letters',
    json: { pattern: MEDIA_TYPE.source },
    read: (text) => {
      if (!MEDIA_TYPE.test(text)) throw new WrongValue(`${quoted(text)} is no media type`);
      if (text === 'application/octet-stream')
        throw new WrongValue(`${quoted(text)} says nothing of the format`);
      return text;
    },
  });

/** Where something stands, as people say it. */
export const placeText = (meaning: string) =>
  shownText().default('').meta({ byDefault: 'none' }).describe(meaning);
