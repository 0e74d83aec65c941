/** Printers that note when the first and the last octet of a document came: a raw port, and an IPP printer. */
import { createServer as createHttp, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { decodeMessage } from '../../../ipp/codec/decode.ts';
import { encodeMessage } from '../../../ipp/codec/encode.ts';
import { REQUEST_LIMITS } from '../../../ipp/codec/limits.ts';
import { MessageScanner } from '../../../ipp/codec/scanner.ts';
import type { Group, Message } from '../../../ipp/model.ts';
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

/** Takes every job, which is completed as soon as its document is there. */
export async function startTimedIppPrinter(): Promise<TimedPrinter> {
  const arrivals = new Arrivals();
  const sockets = new Set<Socket>();
  let lastJob = 0;
  const server = createHttp({ noDelay: true }, (request, response) => {
    take(request)
      .then(({ asked, arrival }) => {
        if (asked.code === Operation.createJob) lastJob++;
        const octets = encodeMessage(
          answer(asked, Status.successfulOk, { groups: told(asked, uri, lastJob) }),
        );
        response.writeHead(200, { 'Content-Type': 'application/ipp', 'Content-Length': octets.length });
        response.end(octets);
        arrivals.came(arrival);
      })
      .catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const uri = `ipp://127.0.0.1:${await listen(server)}/ipp/print`;
  return {
    uri,
    arrival: () => arrivals.next(),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await close(server);
    },
  };
}

async function take(request: IncomingMessage): Promise<{ asked: Message; arrival: Arrival }> {
  const scanner = new MessageScanner(REQUEST_LIMITS);
  const watch = new Stopwatch();
  let asked: Message | undefined;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (asked !== undefined) {
      watch.take(chunk.length);
      continue;
    }
    const scanned = scanner.push(chunk);
    if (scanned === undefined) continue;
    watch.take(scanned.rest.length);
    asked = decodeMessage(scanned.message);
  }
  if (asked === undefined) throw new Error('no message');
  return { asked, arrival: watch.arrival };
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

function told({ code }: Message, uri: string, job: number): Group[] {
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
