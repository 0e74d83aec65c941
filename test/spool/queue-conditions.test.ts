// What operators do to a queue is kept, told to who listens, and keeps its jobs from being printed.
import test from 'ava';
import { isStopped, OPEN } from '../../spool/queue-conditions.ts';
import { openConditions } from './open-conditions.ts';
import { sampleJob } from './sample-job.ts';

test('conditions survive a restart, each queue its own', async (t) => {
  const rows = new Map();
  const before = await openConditions(rows);
  const heard: string[] = [];
  before.on('changed', (queue, { paused }) => heard.push(`${queue} ${paused}`));
  await before.change('print', { paused: true, message: 'Toner is coming' });
  const after = await openConditions(rows);
  t.deepEqual(after.of('print'), { ...OPEN, paused: true, message: 'Toner is coming' });
  t.deepEqual(after.of('direct'), OPEN);
  t.deepEqual(heard, ['print true']);
});

test('what an operator holds: all of a paused queue, or what came since', (t) => {
  const job = sampleJob({ createdAt: 1000 });
  t.false(isStopped(job, OPEN));
  t.true(isStopped(job, { ...OPEN, paused: true }));
  t.true(isStopped(job, { ...OPEN, holdingNewSince: 1000 }));
  t.false(isStopped(job, { ...OPEN, holdingNewSince: 1001 }));
});
