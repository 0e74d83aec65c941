/** The body of a request, read chunk by chunk at the reader's pace, with bounds on what the sender may cost. */
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../base/clock.ts';
import { Failure } from '../../base/errors.ts';
import { Milliseconds } from '../../base/units.ts';
import type { BodyBounds } from './bounds.ts';

/**
 * - `client-gone`: the connection was cut before the end.
 * - `client-stalled`, `client-too-slow`: see {@link BodyBounds}.
 * - `document-too-large`: more octets than {@link BodyBounds.documentOctets}.
 * - `request-answered`: the answer has left; the rest belongs to nobody.
 */
export type BodyCode =
  | 'client-gone'
  | 'client-stalled'
  | 'client-too-slow'
  | 'document-too-large'
  | 'request-answered';

export class BodyFailure extends Failure {
  declare readonly code: BodyCode;
}

/** By then a client on a fast line, which sends more than the bound in no time, has seen that it is answered. */
const NOTICED = Milliseconds(250);

export class RequestBody {
  readonly #request: IncomingMessage;
  readonly #clock: Clock;
  readonly #bounds: BodyBounds;
  #wake: () => void = () => {};
  #failure: BodyFailure | undefined;
  /** Time spent waiting for the client, and what it sent in that time; both begin anew with each window. */
  #waited = 0;
  #octetsInWindow = 0;

  constructor(request: IncomingMessage, clock: Clock, bounds: BodyBounds) {
    this.#request = request;
    this.#clock = clock;
    this.#bounds = bounds;
    request.on('readable', () => this.#wake());
    request.on('end', () => this.#wake());
    // Also after an error, which tells no more than that the client is gone.
    request.on('close', () => this.#wake());
  }

  /** True when all of it has been read. */
  get ended(): boolean {
    return this.#request.readableEnded;
  }

  /** True when nothing more can come: all of it has been read or waits in memory. */
  get arrived(): boolean {
    return this.#request.complete;
  }

  get clientGone(): boolean {
    return !this.ended && this.#request.destroyed;
  }

  /** Why reading ended too soon, once it did. */
  get failure(): BodyFailure | undefined {
    return this.#failure;
  }

  /**
   * The next octets, undefined at the end. Nothing is read from the socket but what is asked for here, and a buffer ahead.
   *
   * @param deadline of the clock's monotonic time, for the whole of several calls
   * @throws BodyFailure, and the same again at each further call
   */
  async next(deadline = Number.POSITIVE_INFINITY): Promise<Buffer | undefined> {
    const begin = this.#clock.monotonic();
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      const chunk: Buffer | null = this.#request.read();
      if (chunk !== null) {
        this.#keepPace(this.#clock.monotonic() - begin, chunk.length);
        return chunk;
      }
      if (this.ended) return undefined;
      if (this.clientGone) this.fail('client-gone', 'the client went away before its request was complete');
      const stalled = begin + this.#bounds.stall;
      if (await this.#change(Math.min(stalled, deadline))) continue;
      if (deadline < stalled) this.fail('client-too-slow', 'the client took too long');
      this.fail('client-stalled', 'the client sent nothing for too long');
    }
  }

  /** Refuses further reading: the answer is on its way. A read under way fails too. */
  abandon(): void {
    this.#failure ??= new BodyFailure('request-answered', 'the request has been answered');
    this.#wake();
  }

  /** Reads on without keeping anything, within {@link BodyBounds.drain}, until the end or until the client is gone. */
  async drain(): Promise<void> {
    const { octets, time } = this.#bounds.drain;
    const begin = this.#clock.monotonic();
    const deadline = begin + time;
    const isOver = (drained: number) => drained > octets && this.#clock.monotonic() - begin >= NOTICED;
    for (let drained = 0; !isOver(drained) && !this.ended && !this.clientGone; ) {
      const chunk: Buffer | null = this.#request.read();
      if (chunk !== null) drained += chunk.length;
      else if (!this.ended && !(await this.#change(deadline))) return;
    }
  }

  /** Ends reading for a reason, now and at each further call. */
  fail(code: BodyCode, message: string): never {
    this.#failure = new BodyFailure(code, message);
    throw this.#failure;
  }

  #keepPace(waited: number, octets: number): void {
    const { slowest } = this.#bounds;
    this.#waited += waited;
    this.#octetsInWindow += octets;
    if (this.#waited < slowest.within) return;
    if (this.#octetsInWindow < slowest.octets) {
      this.fail('client-too-slow', 'the client sends too slowly');
    }
    this.#waited = 0;
    this.#octetsInWindow = 0;
  }

  /** Resolves with true when something happened to the request, with false at the deadline. */
  #change(deadline: number): Promise<boolean> {
    return new Promise((resolve) => {
      const left = Math.max(0, deadline - this.#clock.monotonic());
      const timer = this.#clock.after(Milliseconds(left), () => {
        this.#wake = () => {};
        resolve(false);
      });
      this.#wake = () => {
        this.#wake = () => {};
        timer.cancel();
        resolve(true);
      };
    });
  }
}
