/** One job over one line: with a PJL frame around it and the printer's word for its end, or as it is. */
import { randomBytes } from 'node:crypto';
import { type Clock, sleep } from '../../../base/clock.ts';
import { Failure, messageOf, systemCode } from '../../../base/errors.ts';
import { printable } from '../../../base/text.ts';
import { type Milliseconds, Seconds } from '../../../base/units.ts';
import { intentOf } from '../intent.ts';
import { BackChannel, type PjlMessage } from '../pjl/back-channel.ts';
import { drawsOnly, unwrapped, withoutExit } from '../pjl/document.ts';
import { type JobFrame, jobFrame, question } from '../pjl/frame.ts';
import { hear, type JobEnd, type JobNews, NO_NEWS } from '../pjl/job-news.ts';
import { settingsOf } from '../pjl/ticket.ts';
import type { PrintJob, PrintResult, TroubleReason } from '../port.ts';
import type { OpenLink, RawLink } from './link.ts';

export interface RawTimes {
  readonly connectTime: Milliseconds;
  /** How long the printer may take nothing (out of paper, say) before the line counts as dead. */
  readonly stallTime: Milliseconds;
  /** After the last octet: how long the printer may say nothing new, and then take to close its side. */
  readonly closeTime: Milliseconds;
  /** How long a printer that speaks PJL may take to say a word again that it was sent. */
  readonly answerTime: Milliseconds;
}

/** What is known of the printer; kept from job to job. */
export interface PjlKnowledge {
  /** Whether it speaks PJL; undefined when it must be asked. */
  speaks: boolean | undefined;
  /** Whether it said its last job's token again; undefined before the first job. */
  answers: boolean | undefined;
  /** False once it let a job's end pass without a word while the line was open: then that is not waited for again. */
  tellsEnd: boolean;
}

export interface AttemptOptions extends RawTimes {
  readonly open: OpenLink;
  readonly pjl: PjlKnowledge;
  readonly clock: Clock;
}

/** Looked through for commands before the first octet leaves; what comes later may cut a job in its middle. */
const LOOK_FIRST = 65_536;
/** A message that lacks its form feed is over when so long nothing followed. */
const SETTLING = Seconds(1);
/** For the last words after the printer's own word for the end. */
const TIDY = Seconds(2);

export class RawAttempt {
  readonly #options: AttemptOptions;
  readonly #job: PrintJob;
  readonly #signal: AbortSignal;
  readonly #backChannel = new BackChannel();
  /** Made when a word of PJL is said or heard: most printers here speak none. */
  #madeToken: string | undefined;
  #news: JobNews = NO_NEWS;
  #told = Promise.withResolvers<void>();
  #where = 'printer';
  #sent = 0;
  /** True once an octet of the document may have left. */
  #begun = false;
  /** True once the whole document and what stands behind it are with the system. */
  #whole = false;

  constructor(options: AttemptOptions, job: PrintJob, signal: AbortSignal) {
    this.#options = options;
    this.#job = job;
    this.#signal = signal;
  }

  async run(): Promise<PrintResult> {
    let link: RawLink | undefined;
    const opening = new AbortController();
    const onAbort = () => {
      opening.abort();
      link?.close();
    };
    this.#signal.addEventListener('abort', onAbort, { once: true });
    try {
      this.#signal.throwIfAborted();
      link = await this.#open(opening);
      this.#where = link.where;
      this.#signal.throwIfAborted();
      return await this.#print(link);
    } catch (error) {
      this.#hear(this.#backChannel.end());
      const { end } = this.#news;
      return end === undefined ? this.#trouble(error) : resultOf(end);
    } finally {
      this.#signal.removeEventListener('abort', onAbort);
      link?.close();
    }
  }

  async #print(link: RawLink): Promise<PrintResult> {
    await Promise.race([intentOf(this.#job), link.broken]);
    const frame = await this.#frame(link);
    const body = lookedThrough(frame.body);
    // Nothing of a document that is refused here has left.
    const first = await Promise.race([body.next(), link.broken]);
    await this.#writeWords(link, frame.job?.head);
    try {
      for (let next = first; !next.done; next = await body.next()) await this.#write(link, next.value);
    } catch (error) {
      // The printer is told where the job ends, so that it waits for no more of it.
      if (isRefusal(error)) await this.#writeWords(link, frame.job?.foot).catch(() => {});
      throw error;
    }
    await this.#writeWords(link, frame.job?.foot);
    this.#whole = true;
    if (frame.job === undefined) {
      await this.#finish(link);
      return { outcome: 'delivered' };
    }
    return this.#end(link, frame.job);
  }

  /** The line, within its time; one that comes too late is closed. */
  async #open(over: AbortController): Promise<RawLink> {
    const { open, connectTime } = this.#options;
    const opening = open((octets) => this.#hear(this.#backChannel.read(octets)), over.signal);
    try {
      return await this.#within(connectTime, opening);
    } catch (error) {
      over.abort();
      opening.then((late) => late.close()).catch(() => {});
      throw error;
    }
  }

  async #frame(link: RawLink): Promise<{ job: JobFrame | undefined; body: AsyncIterable<Uint8Array> }> {
    const { format, ticket, name } = this.#job;
    const speaks = this.#options.pjl.speaks ?? (await this.#ask(link));
    const document = this.#job.open();
    // Documents of commands for the printer itself were allowed by an administrator, as they are.
    if (!drawsOnly(format) && (!speaks || !hasLanguage(format))) return { job: undefined, body: document };
    if (!speaks) return { job: undefined, body: withoutExit(document) };
    if (drawsOnly(format)) {
      const job = jobFrame(this.#token, name, format, settingsOf(ticket).lines);
      return { job, body: withoutExit(document) };
    }
    const { settings, body } = await unwrapped(document);
    return { job: jobFrame(this.#token, name, format, [...settings, ...settingsOf(ticket).lines]), body };
  }

  /** Once for each printer. @returns whether it speaks PJL */
  async #ask(link: RawLink): Promise<boolean> {
    const { pjl, answerTime } = this.#options;
    await this.#writeWords(link, question(this.#token));
    await this.#hears(link, () => this.#news.inStep, answerTime);
    pjl.speaks = this.#news.inStep;
    // The frame asks for the same word again.
    this.#news = NO_NEWS;
    return pjl.speaks;
  }

  /** Waits for the printer's word for the end while it speaks; from one that does not, for its end of the line. */
  async #end(link: RawLink, { off }: JobFrame): Promise<PrintResult> {
    const { pjl, answerTime, closeTime, stallTime } = this.#options;
    if (pjl.answers !== false) await this.#hears(link, () => this.#news.inStep, answerTime);
    pjl.answers = this.#news.inStep;
    const waits = this.#news.inStep && pjl.tellsEnd;
    for (let before: JobNews | undefined; waits && before !== this.#news; ) {
      before = this.#news;
      if (before.end !== undefined) break;
      const usual = before.reasons.length > 0 ? stallTime : closeTime;
      const time = this.#backChannel.isWithin ? SETTLING : usual;
      await this.#hears(link, () => this.#news !== before, time);
      if (this.#news === before) this.#hear(this.#backChannel.end());
      if (this.#news === before && time !== usual) {
        await this.#hears(link, () => this.#news !== before, usual);
      }
    }
    if (this.#news.end !== undefined) {
      const tidied = this.#writeWords(link, off).then(() => link.finish());
      await this.#within(TIDY, tidied, link).catch(() => {});
      return resultOf(this.#news.end);
    }
    if (waits) pjl.tellsEnd = false;
    // Some say it only when our side is closed, and would not after being told to be silent.
    if (!this.#news.inStep) await this.#writeWords(link, off);
    await this.#finish(link);
    this.#hear(this.#backChannel.end());
    pjl.answers = this.#news.inStep;
    return this.#news.end === undefined ? { outcome: 'delivered' } : resultOf(this.#news.end);
  }

  #finish(link: RawLink): Promise<void> {
    return this.#within(this.#options.closeTime, link.finish(), link);
  }

  /** Resolves when it is so, or after the time. */
  async #hears(link: RawLink, isSo: () => boolean, time: Milliseconds): Promise<void> {
    const over = new AbortController();
    const late = sleep(this.#options.clock, time, over.signal).then(
      () => 'late' as const,
      () => 'late' as const,
    );
    try {
      while (!isSo()) {
        const came = await Promise.race([this.#told.promise, late, link.broken]);
        if (came === 'late') return;
      }
    } finally {
      over.abort();
    }
  }

  #hear(messages: readonly PjlMessage[]): void {
    const before = this.#news;
    for (const message of messages) {
      const news = hear(this.#news, message, { token: this.#token, whole: this.#whole });
      this.#report(this.#news, news);
      this.#news = news;
    }
    if (this.#news === before) return;
    this.#told.resolve();
    this.#told = Promise.withResolvers<void>();
  }

  get #token(): string {
    this.#madeToken ??= `HF${randomBytes(5).toString('hex').toUpperCase()}`;
    return this.#madeToken;
  }

  #report(before: JobNews, now: JobNews): void {
    if (now.reasons.join() !== before.reasons.join()) {
      this.#job.onProgress({ kind: 'printer-state', reasons: now.reasons });
    }
    if (now.impressions > before.impressions) {
      this.#job.onProgress({ kind: 'impressions', completed: now.impressions });
    }
  }

  async #write(link: RawLink, chunk: Uint8Array): Promise<void> {
    if (!this.#begun) this.#signal.throwIfAborted();
    this.#begun = true;
    await this.#within(this.#options.stallTime, link.write(chunk), link);
    this.#sent += chunk.length;
    this.#job.onProgress({ kind: 'sent', octets: this.#sent });
  }

  /** Ours, and nothing of the document. */
  async #writeWords(link: RawLink, words: Uint8Array | undefined): Promise<void> {
    if (words !== undefined) await this.#within(this.#options.stallTime, link.write(words), link);
  }

  /** Asked for each piece of a document: a timer, and no promise but the one that is awaited. */
  #within<T>(time: Milliseconds, done: Promise<T>, link?: RawLink): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = this.#options.clock.after(time, () =>
        reject(new Failure('timeout', `it did not answer within ${time / 1000} s`)),
      );
      const fail = (error: unknown) => {
        timer.cancel();
        reject(error);
      };
      done.then((value) => {
        timer.cancel();
        resolve(value);
      }, fail);
      link?.broken.catch(fail);
    });
  }

  #trouble(error: unknown): PrintResult {
    const reason = this.#signal.aborted ? 'canceled' : reasonOf(error, this.#begun);
    const detail = `${this.#where}: ${messageOf(error)} (${this.#sent} octets sent)`;
    const trouble = { reason, detail };
    if (!this.#begun) return { outcome: 'not-printed', trouble };
    // What came before the refused part is out, and it was the gateway that ended the job there.
    return { outcome: reason === 'refused' ? 'aborted' : 'unknown', trouble };
  }
}

/** What PJL and its languages are for; other documents of commands go out as they are. */
const hasLanguage = (format: string): boolean =>
  ['application/postscript', 'application/vnd.hp-pcl', 'application/vnd.hp-pclxl'].includes(format);

const isRefusal = (error: unknown): boolean => error instanceof Failure && error.code === 'refused';

/** The same octets; the first of them only when so many have been read, or all. */
async function* lookedThrough(document: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first: Uint8Array[] | undefined = [];
  let octets = 0;
  for await (const chunk of document) {
    if (first === undefined) {
      yield chunk;
      continue;
    }
    octets += chunk.length;
    if (octets < LOOK_FIRST) {
      first.push(new Uint8Array(chunk));
      continue;
    }
    yield* first;
    first = undefined;
    yield chunk;
  }
  yield* first ?? [];
}

function resultOf(end: JobEnd): PrintResult {
  const counted = end.impressions === undefined ? {} : { impressions: end.impressions };
  if (end.kind === 'completed') return { outcome: 'completed', ...counted };
  const reason = end.byPerson ? 'canceled-at-printer' : 'aborted-by-printer';
  const detail = `the printer ended the job: ${printable(end.said, 100)}`;
  return { outcome: 'aborted', trouble: { reason, detail }, ...counted };
}

function reasonOf(error: unknown, begun: boolean): TroubleReason {
  if (error instanceof Failure) {
    if (error.code === 'timeout' || error.code === 'document-unreadable' || error.code === 'refused') {
      return error.code;
    }
    // A print server with one connection may also take a second one and close it.
    if (error.code === 'closed-early' || error.code === 'busy') return begun ? 'cut' : 'busy';
    return begun ? 'cut' : 'unreachable';
  }
  // A printer with one connection refuses a second one while it prints.
  if (systemCode(error) === 'ECONNREFUSED') return 'busy';
  return begun ? 'cut' : 'unreachable';
}
