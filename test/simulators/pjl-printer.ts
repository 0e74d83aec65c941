/** A raw-port printer that speaks PJL: answers on the back-channel as LaserJets do, and can go wrong in as many ways. */
import type { Socket } from 'node:net';
import { RawPort } from './raw-port.ts';

export interface PjlFaults {
  /** Speaks PJL and says nothing. */
  readonly silent?: boolean;
  /** Closes the connection once it has the whole job, without a word for its end. */
  readonly closesBeforeEnd?: boolean;
  /** Messages follow one another without a form feed; one stands where none belongs. */
  readonly wrongFormFeeds?: boolean;
  /** Octets without meaning between its messages. */
  readonly garbage?: boolean;
  /** Says `END` of some other job, and nothing of ours. */
  readonly othersOnly?: boolean;
  /** Tells the end only when the other side is closed. */
  readonly endsLate?: boolean;
  /** Leaves the job's name out. */
  readonly nameless?: boolean;
  /** `RESULT` at the end; `OK` where nothing is said is left out. */
  readonly result?: string;
  /** Status codes it tells of after the first octets of a document. */
  readonly codes?: readonly number[];
  /** Prints commands: it does not speak PJL at all. */
  readonly plain?: boolean;
  /** Says the end in so many octets at a time. */
  readonly pieces?: number;
}

const EXIT = '\x1b%-12345X';

export class PjlPrinter extends RawPort {
  faults: PjlFaults;
  /** Pages of each job. */
  pages = 3;
  /** What came out, one for each job. */
  readonly documents: Buffer[] = [];
  /** Lines of PJL that it was told. */
  readonly commands: string[] = [];

  private constructor(faults: PjlFaults) {
    super();
    this.faults = faults;
  }

  static async start(faults: PjlFaults = {}): Promise<PjlPrinter> {
    const printer = new PjlPrinter(faults);
    await printer.listen();
    return printer;
  }

  protected take(socket: Socket): void {
    const session = new PjlSession(this, (text) => this.#say(socket, text));
    socket.on('data', (chunk) => {
      session.read(chunk);
      if (session.hasEnded && this.faults.closesBeforeEnd) socket.end();
    });
    socket.on('end', () => {
      session.end();
      socket.end();
    });
  }

  #say(socket: Socket, text: string): void {
    if (this.faults.silent || socket.destroyed) return;
    const { pieces = text.length } = this.faults;
    for (let at = 0; at < text.length; at += pieces) socket.write(text.slice(at, at + pieces), 'latin1');
  }
}

/** What one connection, or one USB device, has been sent. */
export class PjlSession {
  readonly #printer: Pick<PjlPrinter, 'faults' | 'pages' | 'documents' | 'commands'>;
  readonly #say: (text: string) => void;
  #pending = Buffer.alloc(0);
  #document: Buffer[] = [];
  #inJob = false;
  #inDocument = false;
  #late: readonly string[] | undefined;
  /** The job's EOJ has come. */
  hasEnded = false;

  constructor(
    printer: Pick<PjlPrinter, 'faults' | 'pages' | 'documents' | 'commands'>,
    say: (text: string) => void,
  ) {
    this.#printer = printer;
    this.#say = say;
  }

  read(chunk: Buffer): void {
    if (this.#printer.faults.plain) return void this.#document.push(chunk);
    this.#pending = Buffer.concat([this.#pending, chunk]);
    while (this.#step()) {}
  }

  end(): void {
    if (this.#late !== undefined) this.#tell('USTATUS JOB', this.#late);
    this.#document.push(this.#pending);
    this.#endDocument();
  }

  /** @returns true when there may be more to do with what has come. */
  #step(): boolean {
    const text = this.#pending.toString('latin1', 0, 4096);
    if (this.#inDocument) return this.#readDocument();
    if (text.startsWith(EXIT)) return this.#skip(EXIT.length);
    if (EXIT.startsWith(text) || '@PJL'.startsWith(text)) return false;
    if (!text.startsWith('@PJL')) {
      this.#inDocument = true;
      return true;
    }
    const end = text.indexOf('\n');
    if (end === -1) return false;
    this.#obey(text.slice(0, end).trim());
    return this.#skip(end + 1);
  }

  #readDocument(): boolean {
    const at = this.#pending.indexOf(EXIT, 0, 'latin1');
    const length = at === -1 ? Math.max(0, this.#pending.length - EXIT.length + 1) : at;
    if (length > 0) this.#document.push(this.#pending.subarray(0, length));
    const { codes = [] } = this.#printer.faults;
    if (length > 0 && this.#document.length === 1) {
      for (const code of codes) this.#tell('USTATUS DEVICE', [`CODE=${code}`, 'DISPLAY="-"', 'ONLINE=TRUE']);
    }
    this.#skip(length);
    if (at === -1) return false;
    this.#inDocument = false;
    this.#endDocument();
    return true;
  }

  #endDocument(): void {
    const document = Buffer.concat(this.#document);
    this.#document = [];
    if (document.length > 0) this.#printer.documents.push(document);
  }

  #obey(line: string): void {
    this.#printer.commands.push(line);
    const [, echo] = /^@PJL ECHO (.+)$/.exec(line) ?? [];
    const [, name = ''] = /NAME="(.*)"/.exec(line) ?? [];
    if (echo !== undefined) {
      this.#tell('USTATUS JOB', ['END', 'NAME="of before"', 'PAGES=99']);
      this.#tell(`ECHO ${echo}`, []);
    } else if (line.startsWith('@PJL ENTER LANGUAGE')) this.#inDocument = true;
    else if (line.startsWith('@PJL JOB')) {
      this.#inJob = true;
      this.#tell('USTATUS JOB', ['START', `NAME="${name}"`]);
    } else if (line.startsWith('@PJL EOJ') && this.#inJob) this.#endJob(name);
  }

  #endJob(name: string): void {
    const { closesBeforeEnd, othersOnly, nameless, result, endsLate, codes = [] } = this.#printer.faults;
    this.#inJob = false;
    this.hasEnded = true;
    for (let page = 1; page <= this.#printer.pages; page++) this.#tell('USTATUS PAGE', [String(page)]);
    if (codes.length > 0) this.#tell('USTATUS DEVICE', ['CODE=10001', 'DISPLAY="READY"', 'ONLINE=TRUE']);
    if (closesBeforeEnd) return;
    const named = othersOnly ? 'somebody else' : name;
    const end = [
      'END',
      ...(nameless ? [] : [`NAME = "${named}"`]),
      `PAGES=${this.#printer.pages}`,
      ...(result === undefined ? [] : [`RESULT=${result}`]),
    ];
    if (endsLate) this.#late = end;
    else this.#tell('USTATUS JOB', end);
  }

  #tell(head: string, lines: readonly string[]): void {
    const { wrongFormFeeds, garbage } = this.#printer.faults;
    const text = [`@PJL ${head}`, ...lines, ''].join('\r\n');
    if (garbage) this.#say(`\0\xff=\x1b${'x'.repeat(5000)}\n@PJL\r\n@PJL USTATUS PAGE\r\n-7\r\n\f\f`);
    this.#say(wrongFormFeeds ? text : `${text}\f`);
    if (wrongFormFeeds && head === 'USTATUS PAGE') this.#say('\f');
  }

  #skip(octets: number): boolean {
    this.#pending = this.#pending.subarray(octets);
    return this.#pending.length > 0;
  }
}
