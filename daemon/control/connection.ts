/** One connection to the control socket: one command, with the file it may bring. */
import type { Socket } from 'node:net';
import { Failure, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import {
  type ControlAnswer,
  type ControlRequest,
  controlRequest,
  LARGEST_UPLOAD,
  LineReader,
  LONGEST_REQUEST_LINE,
  type Progress,
  uploadChunk,
} from './protocol.ts';

/** What came with the request. */
export interface CommandCall {
  readonly command: string;
  readonly arguments: unknown;
  /** Empty unless the command brings a file. */
  readonly upload: Buffer;
  onProgress(progress: Progress): void;
  /** The next part of a file that is the answer; resolves when there is room for another. */
  onPart(text: string): Promise<void>;
}

/** @throws Failure, which is told to the caller; anything else is a defect. */
export type RunCommand = (call: CommandCall) => Promise<unknown>;

export class ControlConnection {
  readonly #socket: Socket;
  readonly #run: RunCommand;
  readonly #log: Log;
  readonly #reader = new LineReader(LONGEST_REQUEST_LINE);
  #request: ControlRequest | undefined;
  #chunks: Buffer[] = [];
  #uploaded = 0;
  #running = false;

  constructor(socket: Socket, run: RunCommand, log: Log) {
    this.#socket = socket;
    this.#run = run;
    this.#log = log;
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => this.#take(chunk));
  }

  endWhenIdle(): void {
    if (!this.#running) this.#socket.end();
  }

  #take(chunk: Buffer): void {
    try {
      for (const line of this.#reader.push(chunk)) this.#takeLine(JSON.parse(line));
    } catch (error) {
      // Whoever speaks something else here is no holdfast command.
      this.#log.warn('control connection dropped', { error: messageOf(error) });
      this.#socket.destroy();
    }
  }

  #takeLine(line: unknown): void {
    if (this.#running) throw new Failure('bad-request', 'one command a connection');
    if (this.#request === undefined) {
      this.#request = controlRequest.parse(line);
      if (!this.#request.upload) void this.#answer(this.#request);
      return;
    }
    const chunk = Buffer.from(uploadChunk.parse(line).chunk, 'base64');
    this.#uploaded += chunk.length;
    if (this.#uploaded > LARGEST_UPLOAD) throw new Failure('too-large', 'the uploaded file is too large');
    this.#chunks.push(chunk);
    if (chunk.length === 0) void this.#answer(this.#request);
  }

  async #answer(request: ControlRequest): Promise<void> {
    this.#running = true;
    const upload = Buffer.concat(this.#chunks);
    this.#chunks = [];
    try {
      const result = await this.#run({
        ...request,
        upload,
        onProgress: (progress) => this.#send({ progress }),
        onPart: (part) => this.#sendPart(part),
      });
      this.#send({ result: result ?? null });
    } catch (error) {
      this.#send({ error: this.#told(error, request.command) });
    }
    this.#socket.end();
  }

  #told(error: unknown, command: string): { code: string; message: string; advice?: string } {
    if (!(error instanceof Failure)) {
      this.#log.error('command failed', {
        command,
        error: error instanceof Error ? error.stack : String(error),
      });
      return { code: 'defect', message: 'the gateway failed at this; its log says more' };
    }
    const { code, message, advice } = error;
    return { code, message, ...(advice === undefined ? {} : { advice }) };
  }

  #send(answer: ControlAnswer): boolean {
    return !this.#socket.writable || this.#socket.write(`${JSON.stringify(answer)}\n`);
  }

  async #sendPart(part: string): Promise<void> {
    if (this.#socket.destroyed) throw new Failure('connection-lost', 'nobody reads the answer any more');
    if (this.#send({ part })) return;
    await new Promise<void>((resolve) => {
      const on = () => {
        this.#socket.off('drain', on).off('close', on);
        resolve();
      };
      this.#socket.on('drain', on).on('close', on);
    });
  }
}
