/** A log that a test can look at. */
import type { Log, LogFields, LogLevel } from '../base/log.ts';

export interface RecordedLine {
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: LogFields;
}

export class RecordingLog implements Log {
  readonly lines: RecordedLine[];
  readonly #bound: LogFields;

  constructor(lines: RecordedLine[] = [], bound: LogFields = {}) {
    this.lines = lines;
    this.#bound = bound;
  }

  debug(event: string, fields?: LogFields): void {
    this.#take('debug', event, fields);
  }

  info(event: string, fields?: LogFields): void {
    this.#take('info', event, fields);
  }

  warn(event: string, fields?: LogFields): void {
    this.#take('warn', event, fields);
  }

  error(event: string, fields?: LogFields): void {
    this.#take('error', event, fields);
  }

  child(fields: LogFields): Log {
    return new RecordingLog(this.lines, { ...this.#bound, ...fields });
  }

  /** Lines of a level, or of all. */
  events(level?: LogLevel): string[] {
    return this.lines.filter((line) => level === undefined || line.level === level).map((line) => line.event);
  }

  /** What was told with this event, each time. */
  of(event: string): LogFields[] {
    return this.lines.filter((line) => line.event === event).map((line) => line.fields);
  }

  /** Everything that it was told, to look for what must not be there. */
  get text(): string {
    return JSON.stringify(this.lines);
  }

  #take(level: LogLevel, event: string, fields: LogFields = {}): void {
    this.lines.push({ level, event, fields: { ...this.#bound, ...fields } });
  }
}
