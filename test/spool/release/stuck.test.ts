// Behind a printer that does not go on, people wait for so long and no longer.
import test from 'ava';
import { Seconds } from '../../../base/units.ts';
import type { PrintJob } from '../../../drivers/printers/port.ts';
import { isStopping } from '../../../spool/printers/stopping-reasons.ts';
import { prints, type Script } from '../../simulators/scripted-printer.ts';
import { ADA, BOB } from '../sample-job.ts';
import { reaches, setUp } from './releasing.ts';

/** A printer that prints when it is told to. */
function onDemand() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<PrintJob>();
  const script: Script = async (job, signal) => {
    begun.resolve(job);
    await promise;
    return prints(job, signal);
  };
  return { script, goOn: resolve, begun: begun.promise };
}

const OF_BOB = { owner: { kind: 'person', person: BOB, proof: 'claimed' } } as const;
const printerState = (...reasons: string[]) => ({ kind: 'printer-state', reasons }) as const;

test('who waits behind a jam is held again after the time that each has; what is printed stays', async (t) => {
  const { script, goOn, begun } = onDemand();
  const { accept, release, jobs, clock, printer } = setUp(t, script, prints);
  const [first, second, third] = [await accept(), await accept(OF_BOB), await accept(OF_BOB)];
  release([first.id]);
  release([second.id], 'k2', BOB);
  const { onProgress } = await begun;
  clock.advance(Seconds(3600));
  // A long job that goes on is waited for.
  t.is(jobs.get(second.id)?.state, 'pending');
  onProgress(printerState('media-jam'));
  release([third.id], 'k3', BOB);
  clock.advance(Seconds(10));
  t.like(jobs.get(second.id), { state: 'pending-held', trouble: { outcome: 'not-printed', reason: 'busy' } });
  t.is(jobs.get(third.id)?.state, 'pending');
  clock.advance(Seconds(30));
  t.is(jobs.get(third.id)?.state, 'pending-held');
  t.is(jobs.get(first.id)?.state, 'processing');
  onProgress(printerState());
  goOn();
  await reaches(jobs, first.id, 'completed');
  t.is(printer.tried.length, 1);
  t.is(clock.pending, 0);
});

test('a printer that goes on keeps its line, in its order', async (t) => {
  const { script, goOn, begun } = onDemand();
  const { accept, release, jobs, clock, printer } = setUp(t, script, prints);
  const [first, second, third] = [await accept(), await accept(OF_BOB), await accept({ name: 'third' })];
  release([first.id]);
  release([second.id], 'k2', BOB);
  release([third.id], 'k3', ADA);
  const { onProgress } = await begun;
  onProgress(printerState('media-empty-error'));
  clock.advance(Seconds(20));
  onProgress(printerState('toner-low-warning'));
  clock.advance(Seconds(3600));
  t.is(jobs.get(second.id)?.state, 'pending');
  goOn();
  await reaches(jobs, third.id, 'completed');
  t.is(printer.tried[2]?.name, 'third');
  t.is(clock.pending, 0);
});

test('what stops a printer and what does not', (t) => {
  for (const reason of ['media-empty', 'media-jam-error', 'door-open', 'vendor-thing-error', 'toner-empty'])
    t.true(isStopping(reason), reason);
  for (const reason of [
    'none',
    'toner-low',
    'media-empty-warning',
    'media-low-report',
    'other',
    'door-open-report',
  ])
    t.false(isStopping(reason), reason);
});
