// The gateway's side: a worker that dies is an alert and is started again, ever later; names are kept; stopping ends.
import test from 'ava';
import { Metrics } from '../../../base/metrics.ts';
import { Discovery } from '../../../drivers/discovery/discovery.ts';
import type { KnownName } from '../../../drivers/discovery/tables.ts';
import { ManualClock } from '../../manual-clock.ts';
import { RecordingAlerts } from '../../recording-alerts.ts';
import { RecordingLog } from '../../recording-log.ts';
import { queue } from './network.ts';

async function discovery(known: KnownName[] = []) {
  const clock = new ManualClock();
  const alerts = new RecordingAlerts();
  const log = new RecordingLog();
  const metrics = new Metrics();
  const kept: KnownName[] = [];
  const rows = { keep: async (each: KnownName) => void kept.push(each), list: async () => known };
  const options = {
    host: 'one',
    interfaces: 'all',
    browse: false,
    addresses: [],
    rows,
    alerts,
    clock,
    log,
    metrics,
  } as const;
  const workerModule = new URL('./worker-dies.ts', import.meta.url);
  return { clock, alerts, log, metrics, kept, made: await Discovery.open({ ...options, workerModule }) };
}

/** Waits for what another thread does. */
async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('not in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('a worker that dies is told, and started again ever later until it is well', async (t) => {
  const { clock, alerts, log, metrics, made } = await discovery();
  t.teardown(() => made.stop());
  made.apply([queue('die')]);
  const failures = () => log.events('error').length;
  for (const [times, delay] of [1000, 2000, 4000].entries()) {
    await until(() => failures() === times + 1);
    const alert = alerts.standing.get('discovery worker');
    t.is(alert?.message, 'the queues are not announced on the network: the interface is gone\\u{202e}');
    clock.advance(delay - 1);
    t.is(clock.pending, 1);
    clock.advance(1);
  }
  await until(() => failures() === 4);
  made.apply([queue('live')]);
  clock.advance(8000);
  await until(() => made.nameOf('print') !== undefined);
  t.false(alerts.standing.has('discovery worker'));
  t.regex(await metrics.text(), /holdfast_dnssd_worker_restarts_total 4/);
  t.regex(await metrics.text(), /holdfast_dnssd_queues 1/);
});

test('a name that had to be another is kept, told once, and counted', async (t) => {
  const { log, kept, metrics, made } = await discovery();
  t.teardown(() => made.stop());
  made.apply([queue('live')]);
  await until(() => kept.length > 0);
  t.deepEqual(kept, [{ queue: 'print', wanted: 'live', name: 'live (2)' }]);
  t.is(made.nameOf('print'), 'live (2)');
  t.is(log.events('warn').filter((event) => event.startsWith('queue is announced under another')).length, 1);
  t.regex(await metrics.text(), /holdfast_dnssd_renames_total 1/);
  made.apply([]);
  t.is(made.nameOf('print'), undefined);
});

test('a kept name is no rename', async (t) => {
  const { kept, metrics, made } = await discovery([{ queue: 'print', wanted: 'live', name: 'live (2)' }]);
  t.teardown(() => made.stop());
  made.apply([queue('live')]);
  await until(() => made.nameOf('print') !== undefined);
  t.deepEqual(kept, []);
  t.regex(await metrics.text(), /holdfast_dnssd_renames_total 0/);
});

test('no queue, no worker; stopping one that waits for its restart ends', async (t) => {
  const { clock, log, made } = await discovery();
  made.apply([]);
  t.is(log.lines.length, 0);
  made.apply([queue('die')]);
  await until(() => log.events('error').length === 1);
  await made.stop();
  t.is(clock.pending, 0);
});
