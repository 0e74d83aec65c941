/** From the release to the document at the printer, beside CUPS with the same printers in the same run; then twenty at once. */
import type { Panel } from '../daemon/panel-screen.ts';
import { startCups } from '../peers/cups.ts';
import { type Bench, type Figures, percentile } from './bench.ts';
import { isElsewhere } from './elsewhere.ts';
import { CupsQueue } from './release/cups-queue.ts';
import { type ReleaseGateway, startReleaseGateway } from './release/release-gateway.ts';
import { startTimedIppPrinter, startTimedSink, type TimedPrinter } from './release/timed-printers.ts';

/**
 * `before`: rounds that are not held to a bound, of both systems. The gateway has printed so many jobs since it came up, some hours'
 * worth: CUPS was compiled long ago, Node compiles what it runs often: up to some 150 its times still fall. What a gateway that has
 * just come up takes is told as well: the median of the first 15.
 */
const FIRST = { octets: 100_000, before: 150, rounds: 30 };
const LAST = { octets: 10_000_000, before: 15, rounds: 12 };
const EARLY = 15;
const PRINTERS_AT_ONCE = 20;
/** Milliseconds between signing in and the touch: people look before they press. */
const LOOK = 100;

export const bench: Bench = {
  summary: 'Releases held jobs at a raw port and at an IPP printer, beside CUPS',
  // Beside CUPS, a share of what CUPS took in the same run.
  atMost: {
    appsocket_first_share: 0.25,
    ipp_first_share: 0.25,
    appsocket_last_share: 1,
    ipp_last_share: 1,
    fair_spread: 1.5,
  },
  async run(say) {
    await using unwind = new AsyncDisposableStack();
    const sink = unwind.use(await startTimedSink());
    const ipp = unwind.use(await startTimedIppPrinter());
    const more: TimedPrinter[] = [];
    for (let printer = 0; printer < PRINTERS_AT_ONCE; printer++)
      more.push(unwind.use(await startTimedSink()));
    const gateway = unwind.use(await startReleaseGateway([sink, ipp, ...more].map(({ uri }) => uri)));
    const cups = unwind.use(await startCups());
    // The person who touches and the printers that take it, of the gateway as of CUPS.
    isElsewhere();
    const figures: Record<string, number> = {};
    for (const [number, [name, printer]] of Object.entries({ appsocket: sink, ipp }).entries()) {
      using panel = await gateway.panel(number);
      using queue = await CupsQueue.make(cups, name, printer.uri);
      for (const [what, { octets, before, rounds }] of Object.entries({ first: FIRST, last: LAST })) {
        const ours: number[] = [];
        const theirs: number[] = [];
        const early: number[] = [];
        for (let round = -before; round < rounds; round++) {
          const mine = await releaseOnce(gateway, panel, number, printer, octets);
          const their = await releaseInCups(queue, printer, octets);
          if (round < EARLY - before) early.push(mine[what as 'first' | 'last']);
          if (round < 0) continue;
          ours.push(mine[what as 'first' | 'last']);
          theirs.push(their[what as 'first' | 'last']);
        }
        figures[`${name}_${what}_ms`] = median(ours);
        figures[`${name}_${what}_early_ms`] = median(early);
        figures[`cups_${name}_${what}_ms`] = median(theirs);
        figures[`${name}_${what}_share`] = median(ours) / median(theirs);
        say(`${name}, ${what} of ${octets} octets: ${spread(ours)}; CUPS ${spread(theirs)}`);
      }
    }
    return { ...figures, ...(await atOnce(gateway, more, 2, say)) };
  },
};

interface Took {
  readonly first: number;
  readonly last: number;
}

async function releaseOnce(
  gateway: ReleaseGateway,
  panel: Panel,
  number: number,
  printer: TimedPrinter,
  octets: number,
): Promise<Took> {
  await gateway.hold(number, documentOf(octets));
  const [job = 0] = await panel.signIn(gateway.codeOf(number));
  await pause(LOOK);
  const arrival = printer.arrival();
  void panel.lookAwayUntil(arrival);
  const { at, over } = panel.release(job);
  const [{ first, last, octets: came }, ended] = await Promise.all([arrival, over]);
  if (ended.outcome !== 'completed' && ended.outcome !== 'delivered')
    throw new Error(`the release ended: ${ended.outcome}`);
  if (came !== octets) throw new Error(`${came} of ${octets} octets came`);
  await panel.signOut();
  return { first: first - at, last: last - at };
}

async function releaseInCups(queue: CupsQueue, printer: TimedPrinter, octets: number): Promise<Took> {
  const job = await queue.hold(documentOf(octets));
  await pause(LOOK);
  const arrival = printer.arrival();
  const { at, over } = await queue.release(job);
  const [{ first, last, octets: came }] = await Promise.all([arrival, over]);
  if (came !== octets) throw new Error(`${came} of ${octets} octets came from CUPS`);
  await queue.over(job);
  return { first: first - at, last: last - at };
}

/** As many people touch at the same moment, each at a printer of their own. */
async function atOnce(
  gateway: ReleaseGateway,
  printers: readonly TimedPrinter[],
  from: number,
  say: (line: string) => void,
): Promise<Figures> {
  const spreads: number[] = [];
  let slowest = 0;
  for (let round = 0; round < 5; round++) {
    const ready = [];
    for (const [index, printer] of printers.entries()) {
      const person = from + index;
      await gateway.hold(person, documentOf(LAST.octets));
      const panel = await gateway.panel(person);
      const [job = 0] = await panel.signIn(gateway.codeOf(person));
      ready.push({ panel, job, printer });
    }
    const times = await Promise.all(
      ready.map(async ({ panel, job, printer }) => {
        const arrival = printer.arrival();
        const { at, over } = panel.release(job);
        const [{ last }] = await Promise.all([arrival, over]);
        return last - at;
      }),
    );
    for (const { panel } of ready) panel[Symbol.dispose]();
    slowest = Math.max(...times);
    spreads.push(slowest / Math.min(...times));
    say(`${printers.length} printers at once: ${spread(times)}`);
  }
  return { at_once_slowest_ms: slowest, fair_spread: median(spreads) };
}

const CHUNK = 64 * 1024;

/** A JPEG by its first octets. */
function documentOf(octets: number): () => AsyncGenerator<Uint8Array> {
  return async function* () {
    const start = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
    for (let sent = 0; sent < octets; ) {
      const chunk = Buffer.alloc(Math.min(CHUNK, octets - sent), 'x');
      if (sent === 0) start.copy(chunk);
      yield chunk;
      sent += chunk.length;
    }
  };
}

const pause = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

const median = (times: readonly number[]): number => percentile(Float64Array.from(times).sort(), 0.5);

function spread(times: readonly number[]): string {
  const sorted = Float64Array.from(times).sort();
  return (
    [0, 0.5, 0.9].map((share) => percentile(sorted, share).toFixed(1)).join(' / ') +
    ' ms (least, median, p90)'
  );
}
