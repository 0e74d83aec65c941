/** Printers that note when the first and the last octet of a document came: a raw port, and an IPP printer. */
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { encodeMessage } from '../../../ipp/codec/encode.ts';
import { REQUEST_LIMITS } from '../../../ipp/codec/limits.ts';
import { MessageScanner } from '../../../ipp/codec/scanner.ts';
import type { Group } from '../../../ipp/model.ts';
import { attributes } from '../../../ipp/vocabulary/build.ts';
import { JobState, PrinterState } from '../../../ipp/vocabulary/enums.ts';
import { answer } from '../../../ipp/vocabulary/messages.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';

/** Of `performance.now()`. */
export interface Arrival {
  readonly first: number;
  readonly last: number;
  readonly octets: number;
}

export interface TimedPrinter extends AsyncDisposable {
  readonly uri: string;
  /** Resolves when the next document has come to its end. To be asked before it is sent. */
  arrival(): Promise<Arrival>;
}

/** Looks at no octet, so that it is as quick as the sender. */
class Arrivals {
  #waiting: ((arrival: Arrival) => void)[] = [];

  next(): Promise<Arrival> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  came(arrival: Arrival): void {
    // A connection without a document (one that was only opened) is none.
    if (arrival.octets > 0) this.#waiting.shift()?.(arrival);
  }
}

class Stopwatch {
  #first = Number.NaN;
  #last = Number.NaN;
  #octets = 0;

  take(octets: number): void {
    if (octets === 0) return;
    this.#last = performance.now();
    if (this.#octets === 0) this.#first = this.#last;
    this.#octets += octets;
  }

  get arrival(): Arrival {
    return { first: this.#first, last: this.#last, octets: this.#octets };
  }
}

export async function startTimedSink(): Promise<TimedPrinter> {
  const arrivals = new Arrivals();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const watch = new Stopwatch();
    socket.on('data', (chunk) => watch.take(chunk.length));
    socket.on('error', () => {});
    socket.on('end', () => {
      socket.end();
      arrivals.came(watch.arrival);
    });
  });
  const port = await listen(server);
  return {
    uri: `socket://127.0.0.1:${port}`,
    arrival: () => arrivals.next(),
    [Symbol.asyncDispose]: () => close(server),
  };
}

/**
 * Takes every job, which is completed as soon as its document is there. It is on the same two processors as who prints, where a
 * printer would not be: what it answers is there before it is asked.
 */
export async function startTimedIppPrinter(): Promise<TimedPrinter> {
  const arrivals = new Arrivals();
  const sockets = new Set<Socket>();
  const server = createHttp({ noDelay: true }, (request, response) => {
    const scanner = new MessageScanner(REQUEST_LIMITS);
    const watch = new Stopwatch();
    let asked: Buffer | undefined;
    request.on('data', (chunk: Buffer) => {
      const scanned = asked === undefined ? scanner.push(chunk) : { message: asked, rest: chunk };
      asked = scanned?.message;
      watch.take(scanned?.rest.length ?? 0);
    });
    request.on('end', () => {
      if (asked === undefined) {
        response.destroy();
        return;
      }
      const octets = answers.to(asked);
      response.writeHead(200, { 'Content-Type': 'application/ipp', 'Content-Length': octets.length });
      response.end(octets);
      arrivals.came(watch.arrival);
    });
    request.on('error', () => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const uri = `ipp://127.0.0.1:${await listen(server)}/ipp/print`;
  const answers = new Answers(uri);
  return {
    uri,
    arrival: () => arrivals.next(),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await close(server);
    },
  };
}

const ANY = { version: { major: 2, minor: 0 }, requestId: 1 };
const NOT_SUPPORTED = encodeMessage(answer(ANY, Status.serverErrorOperationNotSupported));

/** Made ahead; a request's own numbers (RFC 8010 §3.1.1) are put into a copy. */
class Answers {
  readonly #uri: string;
  #lastJob = 1;
  #made = new Map<number, Buffer>();

  constructor(uri: string) {
    this.#uri = uri;
    this.#make();
  }

  to(asked: Buffer): Buffer {
    const code = asked.readUInt16BE(2);
    const octets = Buffer.from(this.#made.get(code) ?? NOT_SUPPORTED);
    asked.copy(octets, 0, 0, 2);
    asked.copy(octets, 4, 4, 8);
    // The job is known by this number until the next one.
    if (code === Operation.createJob) setImmediate(() => this.#make());
    return octets;
  }

  /** The next Create-Job gets a new job; all else is about the one before. */
  #make(): void {
    const before = this.#lastJob++;
    for (const code of OPERATIONS) {
      const groups = told(code, this.#uri, code === Operation.createJob ? this.#lastJob : before);
      this.#made.set(code, encodeMessage(answer(ANY, Status.successfulOk, { groups })));
    }
  }
}

const OPERATIONS = [
  Operation.printJob,
  Operation.validateJob,
  Operation.createJob,
  Operation.sendDocument,
  Operation.cancelJob,
  Operation.getJobAttributes,
  Operation.getJobs,
  Operation.getPrinterAttributes,
];

function told(code: Operation, uri: string, job: number): Group[] {
  switch (code) {
    case Operation.createJob:
    case Operation.sendDocument:
    case Operation.getJobAttributes: {
      const state = code === Operation.createJob ? JobState.pending : JobState.completed;
      const group = attributes({
        'job-id': job,
        'job-uri': `${uri}/${job}`,
        'job-state': state,
        'job-state-reasons': ['none'],
      });
      return [{ kind: 'job', attributes: group }];
    }
    case Operation.getPrinterAttributes: {
      const group = attributes({
        'printer-state': PrinterState.idle,
        'printer-state-reasons': ['none'],
        'printer-is-accepting-jobs': true,
        'ipp-versions-supported': ['1.1', '2.0'],
        'operations-supported': OPERATIONS,
        'document-format-supported': ['application/octet-stream', 'image/jpeg'],
        'compression-supported': ['none'],
      });
      return [{ kind: 'printer', attributes: group }];
    }
    default:
      return [];
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
