/** Reads the pages that a PCL 5 printer is sent as pictures, as far as Ghostscript's ljet4 writes them. For tests. */
import type { DrawnPage } from './drawn-pages.ts';

const ESCAPE = 0x1b;
/**
 * Rows count from the edge of the paper: what Ghostscript moves the logical page by makes good how far printers are off.
 * @param width of the paper in dots. @param height likewise.
 */
export function readPcl(document: Buffer, width: number, height: number): DrawnPage[] {
  const reader = new PclReader(width, height);
  reader.read(document);
  return reader.pages;
}

class PclReader {
  readonly pages: DrawnPage[] = [];
  readonly #width: number;
  readonly #height: number;
  #pixels: Buffer;
  #isMarked = false;
  #row: Buffer;
  #mode = 0;
  #y = 0;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#pixels = Buffer.alloc(width * height, 0xff);
    this.#row = Buffer.alloc(Math.ceil(width / 8));
  }

  read(document: Buffer): void {
    for (let at = 0; at < document.length; ) {
      if (document[at] !== ESCAPE) {
        if (document[at] === 0x0c) this.#eject();
        at++;
        continue;
      }
      if (document[at + 1] === 0x45) {
        at += 2;
        continue;
      }
      const group = document.toString('latin1', at + 1, at + 3);
      for (at += 3; ; ) {
        const [all = '', value = '', letter = ''] =
          /^([-+]?\d*)([@-^`-~])/.exec(document.toString('latin1', at, at + 12)) ?? [];
        if (all === '') throw new Error(`no PCL at ${at}`);
        at += all.length;
        const number = Number(value || '0');
        const data = letter.toUpperCase() === 'W' ? number : 0;
        this.#command(group, letter.toUpperCase(), number, document.subarray(at, at + data));
        at += data;
        if (letter < '`') break;
      }
    }
  }

  #command(group: string, letter: string, value: number, data: Buffer): void {
    switch (group + letter) {
      case '*pY':
        this.#y = value;
        break;
      case '*rA':
      case '*rB':
        this.#row.fill(0);
        break;
      case '*bM':
        this.#mode = value;
        break;
      case '*bY':
        this.#y += value;
        this.#row.fill(0);
        break;
      case '*bW':
        this.#draw(data);
        break;
    }
  }

  #draw(data: Buffer): void {
    if (this.#mode === 3) this.#delta(data);
    else if (this.#mode === 2) this.#packBits(data);
    else throw new Error(`rows of mode ${this.#mode}`);
    const y = this.#y++;
    if (y < 0 || y >= this.#height) return;
    this.#isMarked = true;
    for (let x = 0; x < this.#width; x++)
      if (((this.#row[x >> 3] ?? 0) >> (7 - (x & 7))) & 1) this.#pixels[y * this.#width + x] = 0;
  }

  #packBits(data: Buffer): void {
    this.#row.fill(0);
    let to = 0;
    for (let at = 0; at < data.length; ) {
      const code = data.readInt8(at++);
      if (code >= 0) {
        data.copy(this.#row, to, at, at + code + 1);
        to += code + 1;
        at += code + 1;
      } else if (code > -128) {
        this.#row.fill(data.readUInt8(at++), to, to + 1 - code);
        to += 1 - code;
      }
    }
  }

  /** Only what differs from the row before. */
  #delta(data: Buffer): void {
    let to = 0;
    for (let at = 0; at < data.length; ) {
      const command = data.readUInt8(at++);
      let offset = command & 0x1f;
      if (offset === 31) {
        let more: number;
        do {
          more = data.readUInt8(at++);
          offset += more;
        } while (more === 255);
      }
      to += offset;
      const count = (command >> 5) + 1;
      data.copy(this.#row, to, at, at + count);
      at += count;
      to += count;
    }
  }

  #eject(): void {
    if (this.#isMarked) {
      const [width, height] = [this.#width, this.#height];
      this.pages.push({ width, height, colors: 1, pixels: this.#pixels, header: Buffer.alloc(0) });
    }
    this.#pixels = Buffer.alloc(this.#width * this.#height, 0xff);
    this.#isMarked = false;
    this.#y = 0;
  }
}
