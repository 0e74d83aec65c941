import test, { type ExecutionContext } from 'ava';
import { systemClock } from '../../../base/clock.ts';
import { Seconds } from '../../../base/units.ts';
import { AppSocketPrinter } from '../../../drivers/printers/appsocket-printer.ts';
import { optionsFor, refusedChanges } from '../../../spool/release/choices/options.ts';
import { patternedDocument, printerDriverContract, RecordedJob } from '../../contracts/printer-driver.ts';
import { ManualClock } from '../../manual-clock.ts';
import { type SinkFaults, TcpSink } from '../../simulators/tcp-sink.ts';
import { content } from '../../spool/release/choices/sample-printers.ts';

const times = { connectTime: Seconds(5), stallTime: Seconds(600), closeTime: Seconds(90) };

async function sinkAndPrinter(t: ExecutionContext, faults: SinkFaults = {}, clock = systemClock) {
  const sink = await TcpSink.start(faults);
  t.teardown(() => sink.stop());
  const printer = new AppSocketPrinter({
    host: '127.0.0.1',
    port: sink.port,
    formats: ['application/pdf'],
    ...times,
    clock,
  });
  return { sink, printer };
}

printerDriverContract(test, 'appsocket', async (t) => {
  const { sink, printer } = await sinkAndPrinter(t);
  return { driver: printer, format: 'application/pdf', printed: async () => [...sink.documents] };
});

test('a refused connection means that the printer is in use', async (t) => {
  const { sink, printer } = await sinkAndPrinter(t);
  await sink.stop();
  const result = await printer.print(new RecordedJob('application/pdf'), new AbortController().signal);
  t.like(result, { outcome: 'not-printed', trouble: { reason: 'busy' } });
});

test('a name that nobody knows is out of reach', async (t) => {
  const printer = new AppSocketPrinter({
    host: 'printer.invalid',
    port: 9100,
    formats: ['application/pdf'],
    ...times,
    clock: systemClock,
  });
  const result = await printer.print(new RecordedJob('application/pdf'), new AbortController().signal);
  t.like(result, { outcome: 'not-printed', trouble: { reason: 'unreachable' } });
});

test('a connection that breaks in the middle leaves the outcome unknown', async (t) => {
  const { printer } = await sinkAndPrinter(t, { cutAfter: 100_000 });
  const job = new RecordedJob('application/pdf', { document: patternedDocument(8_000_000) });
  const result = await printer.print(job, new AbortController().signal);
  t.like(result, { outcome: 'unknown', trouble: { reason: 'cut' } });
});

test('a printer that takes no more is given up after the stall time', async (t) => {
  const clock = new ManualClock();
  const { printer } = await sinkAndPrinter(t, { stallAfter: 1 }, clock);
  const job = new RecordedJob('application/pdf', { document: patternedDocument(32_000_000) });
  const result = printer.print(job, new AbortController().signal);
  // The kernel takes some megabytes before the stall shows; then nothing moves but time.
  let sent = -1;
  while (sent !== job.sent || sent === 0) {
    sent = job.sent;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  clock.advance(Seconds(601));
  t.like(await result, { outcome: 'unknown', trouble: { reason: 'timeout' } });
  t.true(job.sent < 32_000_000);
});

test('a printer that never closes its side is not called done', async (t) => {
  const clock = new ManualClock();
  const { sink, printer } = await sinkAndPrinter(t, { neverCloses: true }, clock);
  const result = printer.print(new RecordedJob('application/pdf'), new AbortController().signal);
  while (sink.documents.length === 0) await new Promise((resolve) => setImmediate(resolve));
  clock.advance(Seconds(91));
  t.like(await result, { outcome: 'unknown', trouble: { reason: 'timeout' } });
});

test('aborted in the middle, the outcome is unknown and the connection is gone', async (t) => {
  const { printer } = await sinkAndPrinter(t, { stallAfter: 1 });
  const abort = new AbortController();
  const job = new RecordedJob('application/pdf', { document: patternedDocument(32_000_000) });
  const result = printer.print(job, abort.signal);
  while (job.sent === 0) await new Promise((resolve) => setImmediate(resolve));
  abort.abort();
  t.like(await result, { outcome: 'unknown', trouble: { reason: 'canceled' } });
});

/** Kept after so many turns of the event loop, so that a printer's word comes at every moment of a job. */
async function afterTurns(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}

for (const fault of ['closesAtOnce', 'halfClosesAtOnce'] as const) {
  for (const octets of [500, 2249, 60_000, 300_000]) {
    test(`a printer that ${fault} is never called done: ${octets} octets`, async (t) => {
      const { sink, printer } = await sinkAndPrinter(t, { [fault]: true });
      for (let round = 0; round < 30; round++) {
        const document = patternedDocument(octets);
        const job = new RecordedJob('application/pdf', { document, intentKept: afterTurns(round % 10) });
        const result = await printer.print(job, new AbortController().signal);
        t.true(['unknown', 'not-printed'].includes(result.outcome), JSON.stringify(result));
        if (result.outcome === 'not-printed') t.is(job.pulled, 0);
      }
      t.is(sink.connections, 30);
    });
  }
}

test('a printer that closes before it is sent anything is in use', async (t) => {
  const { printer } = await sinkAndPrinter(t, { closesAtOnce: true });
  const kept = Promise.withResolvers<void>();
  const job = new RecordedJob('application/pdf', { intentKept: kept.promise });
  t.like(await printer.print(job, new AbortController().signal), {
    outcome: 'not-printed',
    trouble: { reason: 'busy' },
  });
  t.is(job.pulled, 0);
});

test('offers nothing of a ticket, as none of it reaches the printer', async (t) => {
  const { printer } = await sinkAndPrinter(t);
  const { description } = await printer.status();
  t.deepEqual(description.copies, { lower: 1, upper: 1 });
  t.like(description, { sides: ['one-sided'], colorModes: ['auto'], finishings: [3], qualities: [4] });
  t.deepEqual(optionsFor(content(), description).supported, {});
  t.deepEqual(refusedChanges({ copies: 2 }, content(), description), ['copies']);
});
