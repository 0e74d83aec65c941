// Real drivers behind one releaser: many printers at once share it evenly, one that is stuck keeps nobody, a cancel reaches the printer.
import test from 'ava';
import { systemClock } from '../../../base/clock.ts';
import { Minutes, Seconds } from '../../../base/units.ts';
import { AppSocketPrinter } from '../../../drivers/printers/appsocket-printer.ts';
import { IppPrinter } from '../../../drivers/printers/ipp-printer.ts';
import { JobState } from '../../../ipp/vocabulary/enums.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { FaultyIppPrinter, type IppFaults } from '../../simulators/faulty-ipp-printer.ts';
import { MemoryJobStore } from '../../simulators/memory-job-store.ts';
import { ScriptedPrinter } from '../../simulators/scripted-printer.ts';
import { TcpSink } from '../../simulators/tcp-sink.ts';
import { ADA } from '../sample-job.ts';
import { QUEUE, reaches, releasingFrom } from './releasing.ts';

const PRINTERS = 20;
const OCTETS = 4_000_000;
const DOCUMENT = { format: 'application/pdf', octets: OCTETS } as const;
const TIMES = { connectTime: Seconds(30), stallTime: Minutes(5), closeTime: Minutes(1) };

test('twenty printers get their documents side by side, and one that is stuck keeps no other', async (t) => {
  const { releaser, accept, jobs, queues } = releasingFrom(new MemoryJobStore(), new ScriptedPrinter());
  const sinks = await Promise.all(
    Array.from({ length: PRINTERS }, (_, index) => TcpSink.start(index === 0 ? { stallAfter: 100_000 } : {})),
  );
  t.teardown(() => Promise.all(sinks.map((sink) => sink.stop())));
  const names = sinks.map((_, index) => `printer-${index}`);
  queues.set('print', { ...QUEUE, printers: names });
  const ids = [];
  for (const [index, { port }] of sinks.entries()) {
    const formats = ['application/pdf'];
    const driver = new AppSocketPrinter({ host: '127.0.0.1', port, formats, ...TIMES, clock: systemClock });
    releaser.addPrinter(`printer-${index}`, driver);
    ids.push((await accept({ document: DOCUMENT }, Buffer.alloc(OCTETS, 'x'))).id);
  }
  /** Of the printers that are not stuck, when the first of them has all of it. */
  let least: number | undefined;
  const running = sinks.slice(1);
  jobs.on('changed', ({ state }) => {
    if (state === 'completed') least ??= Math.min(...running.map(({ received }) => received));
  });
  for (const [index, id] of ids.entries())
    releaser.release({ jobs: [id], printer: `printer-${index}`, by: ADA, key: `k${index}` });
  for (const id of ids.slice(1)) await reaches(jobs, id, 'completed');
  const [stuck] = ids;
  t.is(stuck && jobs.get(stuck)?.state, 'processing');
  t.true((least ?? 0) > OCTETS / 2, `the slowest had ${least} of ${OCTETS} octets when the first had all`);
  releaser.abort();
  await releaser.drain();
});

const MOMENTS: Readonly<Record<string, IppFaults>> = {
  'while the document is sent': { stuckAfter: 100_000 },
  'while it is printed': { jobState: JobState.processing },
};

for (const [when, faults] of Object.entries(MOMENTS)) {
  test(`a job that is cancelled ${when} is cancelled at the printer too`, async (t) => {
    const printer = await FaultyIppPrinter.start(faults);
    t.teardown(() => printer.stop());
    t.teardown(() => printer.goOn());
    const options = { answerTime: Seconds(10), stallTime: Minutes(5), clock: systemClock };
    const driver = new IppPrinter({ uri: printer.uri, ...options });
    const { releaser, accept, release, jobs } = releasingFrom(new MemoryJobStore(), driver);
    const { id } = await accept({ document: DOCUMENT }, Buffer.alloc(OCTETS, 'x'));
    release([id]);
    const begun = () =>
      faults.stuckAfter === undefined
        ? printer.operations.includes(Operation.getJobAttributes)
        : printer.octets > faults.stuckAfter;
    while (!begun()) await new Promise((resolve) => setImmediate(resolve));
    const after = await releaser.cancel(id);
    t.like(after, { state: 'canceled', endedBy: 'person' });
    t.true(printer.operations.includes(Operation.cancelJob));
    t.is(jobs.get(id)?.state, 'canceled');
    await releaser.drain();
  });
}
