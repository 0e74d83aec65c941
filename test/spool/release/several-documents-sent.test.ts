// A job of several documents sent to a scripted printer: what comes out, and what does not after the first that fails.
import test, { type ExecutionContext } from 'ava';
import type { Script } from '../../simulators/scripted-printer.ts';
import { fails, prints } from '../../simulators/scripted-printer.ts';
import { ADA } from '../sample-job.ts';
import { reaches, setUp } from './releasing.ts';

const CONTENTS = ['%PDF-1', '%PDF-22', '%PDF-333'];

/** @returns the job's id and what the printer was given, in its order. */
async function sending(t: ExecutionContext, ...script: Script[]) {
  const given: string[] = [];
  const told: (number | string)[] = [];
  const listening = script.map(
    (each): Script =>
      async (job, signal) => {
        let text = '';
        const open = () => {
          const stored = job.open();
          return (async function* () {
            for await (const chunk of stored) {
              text += Buffer.from(chunk).toString();
              yield chunk;
            }
          })();
        };
        const result = await each({ ...job, open }, signal);
        given.push(text);
        return result;
      },
  );
  const all = setUp(t, ...listening);
  const parts = CONTENTS.map((each) => ({ format: 'application/pdf', octets: each.length }));
  const content = Buffer.from(CONTENTS.join(''));
  const { id } = await all.accept(
    { document: { format: 'application/pdf', octets: content.length, parts } },
    content,
  );
  all.jobs.on('progress', (_job, progress) => {
    told.push(progress.kind === 'impressions' ? progress.completed : progress.kind);
  });
  all.release([id]);
  return { ...all, id, given, told };
}

/** Prints, and counts one page on the way. */
const counts: Script = async (job, signal) => {
  const result = await prints(job, signal);
  job.onProgress({ kind: 'impressions', completed: 1 });
  return result;
};

test('each document goes out for itself, in their order; the job counts them together', async (t) => {
  const { jobs, id, given, told, metrics } = await sending(t, counts);
  t.is((await reaches(jobs, id, 'completed')).impressionsCompleted, 6);
  t.deepEqual(given, CONTENTS);
  t.deepEqual(told.filter(Number.isInteger), [1, 3, 5], 'never fewer than before');
  t.regex(await metrics.text(), /holdfast_release_first_byte_seconds_count 1\n/);
});

test('after one that was refused none follows, and nothing is sent again by itself', async (t) => {
  const { jobs, id, given } = await sending(t, prints, fails('not-printed', 'format-refused'), prints);
  const job = await reaches(jobs, id, 'pending-held');
  t.deepEqual(given, [CONTENTS[0], '']);
  t.like(job.trouble, { outcome: 'aborted', reason: 'format-refused' });
});

for (const [what, stop] of [
  ['the gateway stops', ({ releaser }) => void releaser.drain()],
  [
    'its queue is paused',
    ({ releaser, stopped }) => {
      stopped.add('print');
      releaser.holdStopped();
    },
  ],
] as const satisfies [string, (all: ReturnType<typeof setUp>) => void][]) {
  test(`when ${what}, the document on its way is finished and no other begins`, async (t) => {
    const begun = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const all = await sending(t, async (job, signal) => {
      const result = await prints(job, signal);
      begun.resolve();
      await gate.promise;
      return result;
    });
    await begun.promise;
    stop(all);
    gate.resolve();
    const job = await reaches(all.jobs, all.id, 'pending-held');
    t.deepEqual(all.given, [CONTENTS[0]]);
    t.like(job.trouble, { outcome: 'aborted', reason: 'canceled' });
    t.is(job.release?.by, ADA);
  });
}
