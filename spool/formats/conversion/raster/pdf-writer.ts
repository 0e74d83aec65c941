/** Writes a PDF whose pages are pictures, from its begin to its end without going back (ISO 32000-1). */

/** Where the picture's unit square goes: `a b c d e f` of the operator `cm`. */
export type Matrix = readonly [number, number, number, number, number, number];

export interface PicturePage {
  /** Points. */
  readonly width: number;
  readonly height: number;
  readonly matrix: Matrix;
  /** Of the picture's dictionary: its size, colours and filter. */
  readonly picture: string;
  readonly data: AsyncIterable<Uint8Array>;
}

const CATALOG = 1;
const PAGES = 2;

export class PdfWriter {
  #octets = 0;
  /** Where each object begins, by its number. */
  readonly #begins: number[] = [];
  readonly #pages: number[] = [];
  #objects = PAGES;

  begin(): Buffer {
    return this.#write('%PDF-1.5\n%\xe2\xe3\xcf\xd3\n');
  }

  async *page({ width, height, matrix, picture, data }: PicturePage): AsyncGenerator<Buffer> {
    const [image, length, content, page] = [this.#next(), this.#next(), this.#next(), this.#next()];
    yield this.#object(
      image,
      `<< /Type /XObject /Subtype /Image ${picture} /Length ${length} 0 R >>\nstream\n`,
    );
    const before = this.#octets;
    for await (const chunk of data) {
      this.#octets += chunk.length;
      yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    }
    const written = this.#octets - before;
    yield this.#write('\nendstream\nendobj\n');
    yield this.#object(length, `${written}\nendobj\n`);
    const draw = `q ${matrix.map(number).join(' ')} cm /I Do Q`;
    yield this.#object(content, `<< /Length ${draw.length} >>\nstream\n${draw}\nendstream\nendobj\n`);
    const box = `[0 0 ${number(width)} ${number(height)}]`;
    const uses = `/Resources << /XObject << /I ${image} 0 R >> >>`;
    yield this.#object(
      page,
      `<< /Type /Page /Parent ${PAGES} 0 R /MediaBox ${box} ${uses} /Contents ${content} 0 R >>\nendobj\n`,
    );
    this.#pages.push(page);
  }

  end(): Buffer {
    const kids = this.#pages.map((page) => `${page} 0 R`).join(' ');
    const parts = [
      this.#object(CATALOG, `<< /Type /Catalog /Pages ${PAGES} 0 R >>\nendobj\n`),
      this.#object(PAGES, `<< /Type /Pages /Kids [${kids}] /Count ${this.#pages.length} >>\nendobj\n`),
    ];
    const table = this.#octets;
    const entries = Array.from({ length: this.#objects }, (_, index) => entry(this.#begins[index + 1] ?? 0));
    const size = this.#objects + 1;
    parts.push(
      this.#write(`xref\n0 ${size}\n0000000000 65535 f \n${entries.join('')}`),
      this.#write(`trailer\n<< /Size ${size} /Root ${CATALOG} 0 R >>\nstartxref\n${table}\n%%EOF\n`),
    );
    return Buffer.concat(parts);
  }

  #next(): number {
    return ++this.#objects;
  }

  #object(id: number, text: string): Buffer {
    this.#begins[id] = this.#octets;
    return this.#write(`${id} 0 obj\n${text}`);
  }

  #write(text: string): Buffer {
    const octets = Buffer.from(text, 'latin1');
    this.#octets += octets.length;
    return octets;
  }
}

const entry = (begin: number): string => `${String(begin).padStart(10, '0')} 00000 n \n`;
const number = (value: number): string => String(Math.round(value * 1000) / 1000);
