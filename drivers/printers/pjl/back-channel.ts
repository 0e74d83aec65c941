/** Reads what a PJL printer says, in pieces of any length: messages of lines, each ended by a form feed. */

/** The words after `@PJL` in the first line, and the lines after it. */
export interface PjlMessage {
  /** `USTATUS JOB`, `ECHO HF12`, `INFO STATUS`: in capitals but for an echo, blanks made one. */
  readonly head: string;
  /** Without blanks at both ends; empty ones are left out. */
  readonly lines: readonly string[];
}

/** What a message holds at most; what is longer is no message of this kind, and is let go up to its end. */
const LONGEST_LINE = 512;
const MOST_LINES = 64;

const LINE_END = 0x0a;
const FORM_FEED = 0x0c;

export class BackChannel {
  #line: number[] = [];
  #head: string | undefined;
  #lines: string[] = [];

  /** @returns the messages that are whole by now. */
  read(octets: Uint8Array): PjlMessage[] {
    const found: PjlMessage[] = [];
    for (const octet of octets) {
      if (octet === FORM_FEED) {
        this.#endLine(found);
        this.#endMessage(found);
      } else if (octet === LINE_END) this.#endLine(found);
      else if (this.#line.length < LONGEST_LINE) this.#line.push(octet);
    }
    return found;
  }

  /** In the middle of a message, or behind one that lacks its form feed. */
  get isWithin(): boolean {
    return this.#head !== undefined;
  }

  /** Nothing more comes: what lacks only its form feed counts too. */
  end(): PjlMessage[] {
    const found: PjlMessage[] = [];
    this.#endLine(found);
    this.#endMessage(found);
    return found;
  }

  /** A line that begins a message also ends one that lacks its form feed. */
  #endLine(found: PjlMessage[]): void {
    const line = Buffer.from(this.#line).toString('latin1').trim();
    this.#line = [];
    const [, head] = /^@PJL\s+(.+)$/i.exec(line) ?? [];
    if (head !== undefined) {
      this.#endMessage(found);
      this.#head = head.replace(/\s+/g, ' ');
    } else if (this.#head !== undefined && line !== '' && this.#lines.length < MOST_LINES) {
      this.#lines.push(line);
    }
  }

  #endMessage(found: PjlMessage[]): void {
    if (this.#head !== undefined) {
      const isEcho = /^ECHO /i.test(this.#head);
      found.push({ head: isEcho ? this.#head : this.#head.toUpperCase(), lines: this.#lines });
    }
    this.#head = undefined;
    this.#lines = [];
  }
}

/** The value of `NAME=value` among the lines, without blanks around `=` and without quotation marks. */
export function fieldOf(message: PjlMessage, name: string): string | undefined {
  for (const line of message.lines) {
    const at = line.indexOf('=');
    if (at > 0 && line.slice(0, at).trim().toUpperCase() === name) {
      return line
        .slice(at + 1)
        .trim()
        .replace(/^"(.*)"$/, '$1');
    }
  }
  return undefined;
}
