/** A line to a printer that takes octets as they are: a TCP connection, a USB device. */

export interface RawLink {
  /** For messages: `10.1.2.5:9100`. */
  readonly where: string;
  /** Rejects when the line breaks, or the printer ends it before we did. Never resolves. */
  readonly broken: Promise<never>;
  /** Resolves when the system has taken them all. */
  write(octets: Uint8Array): Promise<void>;
  /** Ends our side. Resolves when the printer has taken every octet; rejects when it ended before that. */
  finish(): Promise<void>;
  /** Lets go at once. */
  close(): void;
}

/**
 * @param onData what the printer says, as it comes
 * @returns when the printer can be written to; rejects when it cannot be reached, with the reason why
 */
export type OpenLink = (onData: (octets: Uint8Array) => void, signal: AbortSignal) => Promise<RawLink>;
