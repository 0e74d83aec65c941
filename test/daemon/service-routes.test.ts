// Who may see what on the web port's routes for monitoring.
import test from 'ava';
import { systemClock } from '../../base/clock.ts';
import { Metrics } from '../../base/metrics.ts';
import { isLoopback } from '../../base/networks.ts';
import { Bytes } from '../../base/units.ts';
import { Health } from '../../daemon/health.ts';
import { serviceRoutes } from '../../daemon/service-routes.ts';

const health = new Health({
  version: '1',
  stateDirectory: '/',
  clock: systemClock,
  freeDiskFloor: () => Bytes(0),
  jobs: () => 0,
  people: () => 0,
  printers: () => [],
  directories: () => [],
  alerts: () => [],
  warnings: () => [],
});

test('metrics are for this machine only, health is for anybody', (t) => {
  const routes = serviceRoutes(health, new Metrics());
  t.deepEqual(
    routes.map(({ path, authentication }) => [path, authentication]),
    [
      ['/health', 'anyone'],
      ['/metrics', 'loopback'],
    ],
  );
});

test('this machine is what has a loopback address', (t) => {
  for (const address of ['127.0.0.1', '127.255.255.254', '::1']) t.true(isLoopback(address), address);
  for (const address of [
    '192.0.2.2',
    '10.127.0.1',
    '128.0.0.1',
    'fd00::2',
    '::',
    '127.',
    '127.0.0.1.example',
    '',
  ]) {
    t.false(isLoopback(address), address);
  }
});

test('health is starting, then up, then stopping, and never up again', async (t) => {
  t.is((await health.report()).status, 'starting');
  health.up();
  t.is((await health.report()).status, 'ok');
  health.stopping();
  health.up();
  t.is((await health.report()).status, 'stopping');
});
