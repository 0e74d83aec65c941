/** Asks a printer that was found what it can do and which key it has: once a minute at the most, a few at a time. */
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import { printable } from '../../base/text.ts';
import { Minutes, Seconds } from '../../base/units.ts';
import type { PrinterDescription } from '../printers/description.ts';
import { IppPrinter } from '../printers/ipp-printer.ts';
import { readKey } from './tls-key.ts';

/** What it said of itself, and what of that is proved: the key, by the TLS handshake. */
export interface ProbeAnswer {
  /** SHA-256 of its public key (SPKI), hex; undefined without TLS. */
  readonly key?: string;
  readonly description?: PrinterDescription;
  /** Why it was not asked, or did not answer. Safe to show. */
  readonly trouble?: string;
}

const DEADLINE = Seconds(5);
/** An answer is good for so long, so that nobody is asked without end. */
const KEPT = Minutes(1);
const AT_ONCE = 4;
/** In a minute, of all printers together: announcements of others must not make us a scanner of ports. */
const MOST_A_MINUTE = 300;
const MOST_KEPT = 1000;

interface Kept {
  readonly at: number;
  readonly answer: Promise<ProbeAnswer>;
}

export class Prober {
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #asked: number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param uri of a printer that may be asked: the caller has looked at its address. Never rejects. */
  ask(uri: string): Promise<ProbeAnswer> {
    const now = this.#clock.monotonic();
    const kept = this.#kept.get(uri);
    if (kept !== undefined && now - kept.at < KEPT) return kept.answer;
    for (const [key, { at }] of this.#kept) if (now - at >= KEPT) this.#kept.delete(key);
    this.#asked = this.#asked.filter((at) => now - at < KEPT);
    if (this.#asked.length >= MOST_A_MINUTE || this.#kept.size >= MOST_KEPT) {
      return Promise.resolve({ trouble: 'not asked: too many printers were asked in this minute' });
    }
    this.#asked.push(now);
    const answer = this.#inTurn(() => probe(uri, this.#clock));
    this.#kept.set(uri, { at: now, answer });
    return answer;
  }

  /** Asks anew at the next time. */
  forget(uri: string): void {
    this.#kept.delete(uri);
  }

  async #inTurn(run: () => Promise<ProbeAnswer>): Promise<ProbeAnswer> {
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
    try {
      return await run();
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }
}

/** Asks now, within 5 seconds. Redirects are not followed. Never rejects. */
export async function probe(uri: string, clock: Clock): Promise<ProbeAnswer> {
  if (uri.startsWith('socket:')) return { trouble: 'cannot be asked: it has no IPP' };
  const abort = new AbortController();
  const deadline = clock.after(DEADLINE, () => abort.abort(new Error('no answer in 5 s')));
  let key: string | undefined;
  try {
    if (uri.startsWith('ipps:')) key = await readKey(uri, abort.signal);
    const printer = new IppPrinter({
      uri,
      ...(key === undefined ? {} : { key }),
      answerTime: DEADLINE,
      stallTime: DEADLINE,
      clock,
    });
    try {
      const { description } = await printer.status(abort.signal);
      return { ...(key === undefined ? {} : { key }), description };
    } finally {
      await printer.close();
    }
  } catch (error) {
    const trouble = printable(messageOf(error), 200);
    return { ...(key === undefined ? {} : { key }), trouble };
  } finally {
    deadline.cancel();
  }
}
