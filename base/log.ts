/** Structured log: an event name and fields, one line each, nothing from outside unescaped. */
import pino from 'pino';
import { printable } from './text.ts';
import { Milliseconds } from './units.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';
export type LogFormat = 'json' | 'text';
export type LogFields = Readonly<Record<string, string | number | boolean | undefined | readonly string[]>>;

/** Events are short phrases of constant text; what varies stands in the fields. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A log whose lines all carry these fields too. */
  child(fields: LogFields): Log;
}

export interface LogOutput extends Log {
  setLevel(level: LogLevel): void;
  /** Resolves when every line is written; what is logged afterwards is dropped. Standard output stays open. */
  close(): Promise<void>;
  /** Writes what it can at once, for a process that has to end now; lines may be out of order. */
  flushNow(): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** `json` for machines and the journal, `text` for a person at a terminal. */
  readonly format: LogFormat;
  /** File descriptor to write to. */
  readonly descriptor: number;
}

type Level = Exclude<LogLevel, 'silent'>;

/** What was logged and is not formatted yet. Fields never change, so that they need not be copied before. */
interface Waiting {
  readonly level: Level;
  readonly event: string;
  readonly bound: LogFields;
  readonly fields: LogFields | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Formatting a line takes longer than most of what is logged does: it is done when nobody waits for that any more. */
const WRITTEN_AFTER = Milliseconds(10);
/** Past it they are written at once, so that a flood does not fill the memory. */
const MOST_WAITING = 100;

/**
 * Writes a moment later, and asynchronously: neither the formatting nor a slow terminal or disk holds up who logs. What
 * waits is still written when the process ends by itself, by `process.exit` or by an error that nobody caught.
 */
export function openLog(options: LogOptions): LogOutput {
  const destination = pino.destination({ fd: options.descriptor, sync: false, minLength: 0 });
  const stream =
    options.format === 'json' ? destination : { write: (line: string) => destination.write(asText(line)) };
  /** Of the line that is being written. */
  let at = 0;
  const logger = pino(
    {
      level: options.level,
      base: null,
      messageKey: 'event',
      timestamp: () => `,"time":"${new Date(at).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
  let waiting: Waiting[] = [];
  let closed = false;
  const write = () => {
    const lines = waiting;
    waiting = [];
    for (const line of lines) {
      at = line.at;
      logger[line.level](safe({ ...line.bound, ...line.fields }), line.event);
    }
  };
  // One timer for the whole life: to set it again costs next to nothing.
  const timer = setTimeout(write, WRITTEN_AFTER);
  const take: Take = (level, event, bound, fields) => {
    if (closed || !logger.isLevelEnabled(level)) return;
    waiting.push({ level, event, bound, fields, at: Date.now() });
    if (waiting.length === 1) timer.refresh();
    else if (waiting.length >= MOST_WAITING) write();
  };
  const flushNow = () => {
    try {
      write();
      destination.flushSync();
    } catch {
      // A destination that never became ready, or a closed pipe, has nothing left to take the lines.
    }
  };
  process.on('exit', flushNow);
  return {
    ...wrap(take),
    setLevel: (level) => {
      // What was logged before was logged under the level of then.
      write();
      logger.level = level;
    },
    close: () =>
      new Promise((resolve) => {
        write();
        closed = true;
        clearTimeout(timer);
        process.off('exit', flushNow);
        destination.once('close', () => resolve());
        destination.end();
      }),
    flushNow,
  };
}

/** Says nothing; for tests and as a default where a log is optional. */
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLog,
};

type Take = (level: Level, event: string, bound: LogFields, fields: LogFields | undefined) => void;

const NO_FIELDS: LogFields = {};

function wrap(take: Take, bound = NO_FIELDS): Log {
  return {
    debug: (event, fields) => take('debug', event, bound, fields),
    info: (event, fields) => take('info', event, bound, fields),
    warn: (event, fields) => take('warn', event, bound, fields),
    error: (event, fields) => take('error', event, bound, fields),
    child: (fields) => wrap(take, { ...bound, ...fields }),
  };
}

function safe(fields: LogFields): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (typeof value === 'string') result[name] = printable(value);
    else result[name] = typeof value === 'object' ? value.map((each) => printable(each)) : value;
  }
  return result;
}

/** `18:04:05 warn printer is out of reach printer=mfp-2 reason="connection refused"` */
function asText(line: string): string {
  const { level, time, event, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const shown = Object.entries(fields).map(([name, value]) => `${name}=${quoted(String(value))}`);
  return `${String(time).slice(11, 19)} ${[level, event, ...shown].join(' ')}\n`;
}

const quoted = (value: string): string => (/^[^\s"=]+$/.test(value) ? value : JSON.stringify(value));
