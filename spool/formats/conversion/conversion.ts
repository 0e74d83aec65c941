/** One conversion under way: its child processes, what comes out of them, and what went wrong. */
import { type ChildProcess, spawn } from 'node:child_process';
import { pipeline, Readable, type Writable } from 'node:stream';
import type { Clock, Timer } from '../../../base/clock.ts';
import { Failure, messageOf, systemCode } from '../../../base/errors.ts';
import { printable } from '../../../base/text.ts';
import { Milliseconds } from '../../../base/units.ts';
import { feed } from '../feed.ts';
import {
  type Command,
  type ConversionBounds,
  type Enclosures,
  ghostscriptCommand,
  ownCommand,
  type Programs,
} from './commands.ts';
import { PAGES_TOLD, postScriptPrologue } from './ghostscript.ts';
import { pagesOf } from './pages-of.ts';
import { POSTSCRIPT } from './paths.ts';
import type { Plan } from './plan.ts';
import { scratchFile } from './scratch-file.ts';

/** - `document`: it could not be read. - `child`: a converter gave up, or lost pages. */
export type ConversionTrouble = 'time' | 'too-large' | 'document' | 'child';

export interface ConversionOptions {
  readonly programs: Programs;
  enclosures(): Promise<Enclosures>;
  readonly bounds: ConversionBounds;
  readonly clock: Clock;
  /** Called with the first octet that comes out. */
  onFirst?(seconds: number): void;
  /** Called once. `ended`: nobody wanted the rest of it. */
  onEnd?(outcome: 'converted' | 'ended' | ConversionTrouble): void;
}

/** Of what comes out, before the first of it leaves: about a page of text. */
const HELD_BACK = 65_536;
/** What children say of their work; more of it is let go. */
const MOST_SAID = 16_384;
/** Of it, in a log line. */
const TOLD = 300;

interface Running {
  readonly name: string;
  readonly process: ChildProcess;
  said: string;
  readonly ended: Promise<number | null>;
}

/**
 * What the printer gets, as it is made. To be read once; {@link return} ends the children at once, also while somebody waits
 * for octets.
 */
export class Conversion implements AsyncIterableIterator<Uint8Array> {
  readonly #options: ConversionOptions;
  readonly #plan: Plan;
  readonly #format: string;
  readonly #document: AsyncIterable<Uint8Array>;
  readonly #running: Running[] = [];
  readonly #over = new AbortController();
  #output: AsyncIterator<Buffer> | undefined;
  #started: Promise<void> | undefined;
  #octets = 0;
  /** Left, waiting for the reader aside. */
  #time: number;
  #trouble: { readonly kind: ConversionTrouble; readonly detail: string } | undefined;
  #ended = false;
  readonly #began: number;

  constructor(format: string, document: AsyncIterable<Uint8Array>, plan: Plan, options: ConversionOptions) {
    this.#format = format;
    this.#document = document;
    this.#plan = plan;
    this.#options = options;
    this.#time = options.bounds.time;
    this.#began = options.clock.monotonic();
  }

  /** What went wrong with it, once something has; that it was ended early is nothing wrong. */
  get trouble(): { readonly kind: ConversionTrouble; readonly detail: string } | undefined {
    return this.#trouble;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** @throws Failure `document-unreadable` */
  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#ended) return { done: true, value: undefined };
    const { clock } = this.#options;
    const began = clock.monotonic();
    const timer = this.#limit();
    try {
      this.#started ??= this.#start();
      await this.#started;
      const { done, value } = await this.#read();
      this.#over.signal.throwIfAborted();
      if (done || value === undefined) {
        this.#end('converted');
        return { done: true, value: undefined };
      }
      if (this.#octets === 0) this.#options.onFirst?.((clock.monotonic() - this.#began) / 1000);
      this.#count(value.length);
      return { done: false, value };
    } catch (error) {
      this.#fail(troubleKind(error), messageOf(error));
      this.#end();
      throw new Failure('document-unreadable', `conversion: ${this.#trouble?.detail ?? 'ended'}`, {
        cause: error,
      });
    } finally {
      timer.cancel();
      this.#time -= clock.monotonic() - began;
    }
  }

  /** Ends it, whole or not. */
  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#end();
    await Promise.all(this.#running.map(({ ended }) => ended));
    return { done: true, value: undefined };
  }

  /**
   * The first octets leave when there are some more, or all: a converter that fails has mostly written a header by then, and
   * nothing of it must get to the printer.
   */
  async #read(): Promise<IteratorResult<Buffer, undefined>> {
    const kept: Buffer[] = [];
    for (let octets = 0; ; ) {
      const { done, value } = (await this.#output?.next()) ?? { done: true };
      if (done) {
        if (this.#octets === 0 && octets === 0) throw new Failure('child', await this.#lastWords());
        await this.#check();
        return octets === 0 ? { done, value: undefined } : { done: false, value: Buffer.concat(kept) };
      }
      if (this.#octets > 0) return { done: false, value };
      kept.push(value);
      octets += value.length;
      if (octets >= HELD_BACK) return { done: false, value: Buffer.concat(kept) };
    }
  }

  async #lastWords(): Promise<string> {
    await Promise.all(this.#running.map(({ ended }) => ended));
    return `nothing came out: ${this.#running.map(({ name, said }) => `${name}: ${lastOf(said)}`).join('; ')}`;
  }

  #limit(): Timer {
    return this.#options.clock.after(Milliseconds(Math.max(0, this.#time)), () => {
      this.#fail('time', `the converters took longer than ${this.#options.bounds.time / 1000} s`);
      this.#end();
    });
  }

  async #start(): Promise<void> {
    const { path, drawing } = this.#plan;
    const { bounds } = this.#options;
    const enclosures = await this.#options.enclosures();
    let source: AsyncIterable<Uint8Array> | Readable = this.#document;
    for (const step of path.steps) {
      if (step === 'draw') source = await this.#draw(source, enclosures);
      else {
        const name =
          step === 'finish' ? 'finish' : this.#format === 'image/jpeg' ? 'wrap-jpeg' : 'wrap-raster';
        source = this.#run(name, ownCommand(enclosures, name, drawing, bounds), source);
      }
    }
    this.#output = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Ghostscript has all of the document before it begins. */
  async #draw(source: AsyncIterable<Uint8Array>, enclosures: Enclosures): Promise<Readable> {
    const { drawing } = this.#plan;
    const { programs, bounds } = this.#options;
    const file = await scratchFile(source, bounds.document, this.#over.signal);
    try {
      await this.#checkEnds();
      this.#over.signal.throwIfAborted();
      const drawn = this.#run(
        'ghostscript',
        ghostscriptCommand(programs, enclosures, drawing, bounds),
        file.fd,
      );
      return drawing.to === POSTSCRIPT && drawing.saysSides
        ? prefixed(postScriptPrologue(drawing), drawn)
        : drawn;
    } finally {
      await file.close();
    }
  }

  /** Starts a child and gives what it writes. @param source what it reads, or the descriptor of an open file. */
  #run(name: string, command: Command, source: AsyncIterable<Uint8Array> | number): Readable {
    const child = spawn(command.program, command.parameters, {
      cwd: '/',
      env: command.variables,
      stdio: [typeof source === 'number' ? source : 'pipe', 'pipe', 'pipe'],
      // A group of its own, so that it is ended with all that it started.
      detached: true,
    });
    const ended = new Promise<number | null>((resolve) => {
      child.once('error', () => resolve(null));
      child.once('close', (code) => resolve(code));
    });
    const running: Running = { name, process: child, said: '', ended };
    this.#running.push(running);
    child.stderr?.on('data', (chunk: Buffer) => {
      running.said = (running.said + chunk.toString('latin1')).slice(-MOST_SAID);
    });
    child.stderr?.once('error', () => {});
    if (child.stdin !== null && typeof source !== 'number') this.#feed(source, child.stdin);
    if (child.stdout === null) throw new Failure('child', `${name} could not be started`);
    return child.stdout;
  }

  #feed(source: AsyncIterable<Uint8Array>, input: Writable): void {
    // A child that has seen enough closes its end: no matter.
    if (source instanceof Readable) pipeline(source, input, () => {});
    else
      feed(source, input).catch((error) => {
        this.#fail('document', messageOf(error));
        this.#end();
      });
  }

  async #checkEnds(): Promise<void> {
    for (const running of this.#running) {
      const code = await running.ended;
      const how = code === null ? 'was ended' : `ended with ${code}`;
      if (code !== 0) throw new Failure('child', `${running.name} ${how}: ${lastOf(running.said)}`);
    }
  }

  /** All have ended well and lost nothing. */
  async #check(): Promise<void> {
    await this.#checkEnds();
    const drawn = this.#running.find(({ name }) => name === 'ghostscript');
    if (drawn !== undefined) this.#checkPages(drawn.said);
  }

  /** Ghostscript leaves out pages that it cannot draw, and ends well. */
  #checkPages(said: string): void {
    const told = Number(PAGES_TOLD.exec(said)?.[1] ?? 0);
    if (told === 0) throw new Failure('child', `ghostscript drew no page: ${lastOf(said)}`);
    const wanted = pagesOf(this.#plan.drawing) ?? 0;
    if (told < wanted)
      throw new Failure('child', `ghostscript drew ${told} of ${wanted} pages: ${lastOf(said)}`);
  }

  #count(octets: number): void {
    const { output } = this.#options.bounds;
    this.#octets += octets;
    if (this.#octets > output) throw new Failure('too-large', `more than ${output} octets came out`);
  }

  /** The first counts: what follows comes of it. */
  #fail(kind: ConversionTrouble, detail: string): void {
    if (!this.#ended) this.#trouble ??= { kind, detail: printable(detail, TOLD) };
  }

  #end(outcome: 'converted' | 'ended' = 'ended'): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.onEnd?.(this.#trouble?.kind ?? outcome);
    this.#over.abort();
    for (const { process: child } of this.#running) {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) kill(child.pid);
      child.stdout?.destroy();
    }
  }
}

function kill(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

function troubleKind(error: unknown): ConversionTrouble {
  if (error instanceof Failure && error.code === 'too-large') return 'too-large';
  if (error instanceof Failure && error.code === 'document-unreadable') return 'document';
  return systemCode(error) === 'ENOSPC' ? 'too-large' : 'child';
}

function prefixed(text: string, rest: Readable): Readable {
  return Readable.from(
    (async function* () {
      yield Buffer.from(text, 'latin1');
      yield* rest;
    })(),
    { objectMode: false },
  );
}

const lastOf = (said: string): string =>
  said.trim().split('\n').slice(-3).join(' ').trim() || 'it said nothing';
