/** Octets in the making, in one buffer that all messages share: encoding never waits in the middle. */

const FIRST_CAPACITY = 64 * 1024;
/** A message larger than this does not keep its buffer for the next one. */
const KEPT_CAPACITY = 1024 * 1024;
const FIRST_NON_ASCII = 0x80;

let shared = Buffer.allocUnsafeSlow(FIRST_CAPACITY);

export class Writer {
  #buffer = shared;
  #length = 0;

  octet(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  uint16(value: number): void {
    this.#reserve(2);
    this.#buffer[this.#length++] = value >>> 8;
    this.#buffer[this.#length++] = value & 0xff;
  }

  int32(value: number): void {
    this.#reserve(4);
    this.#buffer[this.#length++] = value >>> 24;
    this.#buffer[this.#length++] = (value >>> 16) & 0xff;
    this.#buffer[this.#length++] = (value >>> 8) & 0xff;
    this.#buffer[this.#length++] = value & 0xff;
  }

  octets(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  /** The text as UTF-8. Returns how many octets that is. */
  characters(text: string): number {
    this.#reserve(text.length * 3);
    const length = this.#ascii(text) ?? this.#buffer.write(text, this.#length, 'utf8');
    this.#length += length;
    return length;
  }

  /** The text as UTF-8, its length before it as two octets. Returns that length, which may be more than two octets hold. */
  text(text: string): number {
    const begin = this.beginLength();
    this.characters(text);
    return this.endLength(begin);
  }

  /** Room for a length that is known later, for {@link endLength}. */
  beginLength(): number {
    this.uint16(0);
    return this.#length;
  }

  /** Puts the number of octets written since `begin` before them, and returns it. */
  endLength(begin: number): number {
    const length = this.#length - begin;
    this.#buffer[begin - 2] = length >>> 8;
    this.#buffer[begin - 1] = length & 0xff;
    return length;
  }

  /** A copy of all that was written. */
  finish(): Buffer {
    if (this.#buffer.length <= KEPT_CAPACITY) shared = this.#buffer;
    return Buffer.from(this.#buffer.subarray(0, this.#length));
  }

  /** The number of octets when all of the text is ASCII; else undefined, and what was written counts as nothing. */
  #ascii(text: string): number | undefined {
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      if (unit >= FIRST_NON_ASCII) return undefined;
      this.#buffer[this.#length + index] = unit;
    }
    return text.length;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#length + more));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}
