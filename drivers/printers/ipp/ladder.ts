/** Asks a printer, and asks otherwise when it refuses the way of asking. One for each job; what worked is remembered. */
import { type Clock, sleep } from '../../../base/clock.ts';
import type { Log } from '../../../base/log.ts';
import { IppClientFailure } from '../../../ipp/http/client-failure.ts';
import type { Message } from '../../../ipp/model.ts';
import { operationName } from '../../../ipp/vocabulary/operations.ts';
import { readLeniently } from '../../../ipp/vocabulary/read.ts';
import { isSuccessful } from '../../../ipp/vocabulary/status.ts';
import type { Habits } from './habits.ts';
import { nextQuirk, type Quirk, REPEATS } from './quirks.ts';
import type { PrinterSession, SessionRequest } from './session.ts';

export interface LadderOptions {
  readonly session: PrinterSession;
  readonly userName: string;
  /** Of the document, if there is one. */
  readonly format?: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** How a request went: answered, or refused in a way that another step of the ladder may help. */
export type Step = { readonly answer: Message } | { readonly changed: Quirk };

export class Ladder {
  readonly #options: LadderOptions;
  #habits: Habits;
  #known: Habits;
  #repeats = 0;

  constructor(options: LadderOptions) {
    this.#options = options;
    this.#habits = options.session.habits;
    this.#known = this.#habits;
  }

  /** How the printer is talked to at this step: not yet proven. */
  get habits(): Habits {
    return this.#habits;
  }

  /**
   * Asks once. A success is remembered for the next job, together with all steps that led to it.
   *
   * @returns the answer that counts, or what was changed: then the caller asks again, perhaps something else
   * @throws IppClientFailure
   */
  async try(request: SessionRequest): Promise<Step> {
    let answer: Message | undefined;
    try {
      answer = await this.#options.session.ask(request, this.#habits);
    } catch (error) {
      if (!(error instanceof IppClientFailure) || error.code !== 'http-status' || error.documentStarted)
        throw error;
      const changed = this.refused(request.operation, { httpStatus: error.httpStatus ?? 0 });
      if (changed === undefined) throw error;
      return { changed };
    }
    if (isSuccessful(answer.code)) {
      // Another request may have learned something meanwhile.
      if (this.#habits !== this.#known) this.#options.session.learn(this.#habits);
      this.#known = this.#habits;
      return { answer };
    }
    const changed = request.options?.document
      ? undefined
      : this.refused(request.operation, { status: answer.code });
    return changed === undefined ? { answer } : { changed };
  }

  /**
   * Asks until there is an answer to believe.
   * @param build anew for each step; undefined when what was changed is that this is not asked any more
   */
  async ask<Built extends SessionRequest | undefined>(
    build: () => Built,
  ): Promise<Message | Extract<Built, undefined>> {
    for (;;) {
      const request = build();
      if (request === undefined) return undefined as Extract<Built, undefined>;
      const step = await this.try(request);
      if ('changed' in step) continue;
      if (!(await this.repeats(step.answer.code))) return step.answer;
    }
  }

  /** @returns what is done otherwise from now on, if anything is left */
  refused(
    operation: SessionRequest['operation'],
    refusal: { readonly status?: number; readonly httpStatus?: number },
  ): Quirk | undefined {
    const { session, userName, format, log } = this.#options;
    const told = session.told;
    const formats = (told && readLeniently(told, 'document-format-supported')) ?? [];
    const known = { operation, userName, formats, ...refusal, ...(format === undefined ? {} : { format }) };
    const next = nextQuirk(this.#habits, known);
    if (next === undefined) return undefined;
    if (next.habits.version !== this.#habits.version) session.reconnect();
    this.#habits = next.habits;
    log.info('printer is asked otherwise', { quirk: next.quirk.name, operation: operationName(operation) });
    return next.quirk;
  }

  /** Waits, where the error is one that passes; false when it has been asked often enough. */
  async repeats(status: number): Promise<boolean> {
    const { clock, signal } = this.#options;
    const wait = REPEATS.get(status)?.[this.#repeats];
    if (wait === undefined || signal.aborted) return false;
    this.#repeats++;
    await sleep(clock, wait, signal).catch(() => {});
    return !signal.aborted;
  }
}
