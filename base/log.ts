/** Structured log: an event name and fields, one line each, nothing from outside unescaped. */
import pino from 'pino';
import { printable } from './text.ts';

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
  /** Resolves when every line is written; nothing can be logged afterwards. Standard output stays open. */
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

/** Writes asynchronously: a slow terminal or disk never holds up the event loop. */
export function openLog(options: LogOptions): LogOutput {
  const destination = pino.destination({ fd: options.descriptor, sync: false, minLength: 0 });
  const stream =
    options.format === 'json' ? destination : { write: (line: string) => destination.write(asText(line)) };
  const logger = pino(
    {
      level: options.level,
      base: null,
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
  return {
    ...wrap(logger),
    setLevel: (level) => {
      logger.level = level;
    },
    close: () =>
      new Promise((resolve) => {
        destination.once('close', () => resolve());
        destination.end();
      }),
    flushNow: () => {
      try {
        destination.flushSync();
      } catch {
        // A destination that never became ready, or a closed pipe, has nothing left to take the lines.
      }
    },
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

function wrap(logger: pino.Logger, bound: LogFields = {}): Log {
  return {
    debug: (event, fields) => logger.debug(safe({ ...bound, ...fields }), event),
    info: (event, fields) => logger.info(safe({ ...bound, ...fields }), event),
    warn: (event, fields) => logger.warn(safe({ ...bound, ...fields }), event),
    error: (event, fields) => logger.error(safe({ ...bound, ...fields }), event),
    child: (fields) => wrap(logger, { ...bound, ...fields }),
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
