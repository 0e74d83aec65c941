// What the network announces, beside the pins: who is asked, who is an alert, who has moved.
import test, { type ExecutionContext } from 'ava';
import { makeCertificate, makeKey } from '../../base/http/tls/self-signed.ts';
import { Metrics } from '../../base/metrics.ts';
import { parseConfig } from '../../config/load.ts';
import { FoundPrinters } from '../../daemon/found-printers.ts';
import { LiveConfig } from '../../daemon/live-config.ts';
import type { FoundService } from '../../drivers/discovery/found.ts';
import { type Pin, Pins } from '../../drivers/discovery/pins.ts';
import { ManualClock } from '../manual-clock.ts';
import { RecordingAlerts } from '../recording-alerts.ts';
import { RecordingLog } from '../recording-log.ts';
import { FaultyIppPrinter } from '../simulators/faulty-ipp-printer.ts';

const UUID = '11111111-2222-4333-8444-555555555555';
const CONFIG =
  'queues: { print: { unowned-jobs: claimable } }\ngateway: { discovery: { printer-networks: [127.0.0.2] } }\n';

async function setUp(...pinned: Pin[]) {
  const clock = new ManualClock();
  const alerts = new RecordingAlerts();
  const log = new RecordingLog();
  const store = { all: async () => pinned, keep: async () => {}, remove: async () => {} };
  const pins = await Pins.open({ store: store as never, log, metrics: new Metrics() });
  const live = new LiveConfig(parseConfig(CONFIG, 'f').config);
  live.watchPins(() => pins.all());
  const announced: FoundService[] = [];
  const found = new FoundPrinters({
    live,
    pins,
    discovery: () => ({ found: announced, browse: async () => {} }) as never,
    ourAddresses: () => [{ host: '127.0.0.1', port: 6310 }],
    alerts,
    clock,
    log,
  });
  pins.onChange(() => live.pinsChanged());
  return { found, announced, alerts, pins, log };
}

function service(uri: string, more: Partial<FoundService> = {}): FoundService {
  const { port } = new URL(uri.replace(/^ipps?/, 'http'));
  return {
    type: uri.startsWith('ipps:') ? '_ipps' : '_ipp',
    name: 'Office',
    host: 'eve.local',
    port: Number(port),
    address: '127.0.0.1',
    onLink: true,
    txt: { formats: [], uuid: UUID },
    heardAt: 0,
    ...more,
  };
}

async function printer(t: ExecutionContext, tls?: { key: string; cert: string }) {
  const made = await FaultyIppPrinter.start(tls === undefined ? {} : { tls });
  t.teardown(() => made.stop());
  return made;
}

async function identity() {
  const key = await makeKey();
  const wish = { names: ['localhost'], notBefore: Date.UTC(2026, 0, 1), notAfter: Date.UTC(2028, 0, 1) };
  return { key: key.reveal(), cert: await makeCertificate(key, wish) };
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('not in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('only printers of the link, and of networks that are allowed, are connected to; this gateway is none', async (t) => {
  const { found, announced } = await setUp();
  const eve = await printer(t);
  const other = { name: 'Other', txt: { formats: [] } };
  announced.push(service(eve.uri, { onLink: false }));
  const trouble = async () => (await found.discover())[0]?.answer.trouble ?? '';
  t.regex(await trouble(), /outside/);
  t.deepEqual(eve.operations, []);
  announced.splice(0, 1, service(eve.uri, { ...other, onLink: false, address: '127.0.0.2' }));
  t.regex(await trouble(), /ECONNREFUSED|refused/);
  announced.splice(
    0,
    1,
    service('ipp://127.0.0.1:6310/', other),
    service('ipp://127.0.0.1:1/', { address: undefined }),
  );
  const [nowhere, ...rest] = await found.discover();
  t.is(rest.length, 0, 'our own port is not listed');
  t.regex(nowhere?.answer.trouble ?? '', /no usable address/);
  announced.splice(0, 2, service(eve.uri));
  t.is((await found.discover())[0]?.answer.trouble, undefined);
  t.is(eve.operations.length, 1);
});

test('the pinned UUID at another device is an alert until it is gone; with the right key it has moved', async (t) => {
  const [right, wrong] = await Promise.all([identity(), identity()]);
  const [eve, evil, moved] = [await printer(t, right), await printer(t, wrong), await printer(t, right)];
  const { found, announced, alerts, pins, log } = await setUp();
  announced.push(service(eve.uri));
  const [first] = await found.discover();
  const key = first?.answer.key ?? '';
  t.regex(key, /^[0-9a-f]{64}$/);
  const uri = first?.device.uri ?? '';
  await pins.keep([{ name: 'ward-3', uri, key, uuid: UUID, pinnedAt: 0 }]);
  found.pinsChanged();
  t.like((await found.discover())[0], { state: 'pinned', printer: 'ward-3' });

  announced.splice(0, 1, service(eve.uri, { type: '_ipp' }));
  t.like(
    (await found.discover())[0],
    { state: 'pinned', answer: { key } },
    'its service with TLS was not heard yet',
  );
  announced.splice(0, 1, service(eve.uri));
  announced.push(service(evil.uri, { host: 'evil.local' }));
  found.changed();
  await until(() => alerts.standing.size > 0);
  const [alert] = alerts.standing.values();
  t.is(alert?.kind, 'security');
  t.regex(alert?.message ?? '', /announces itself as printer ward-3/);
  announced.pop();
  found.changed();
  t.is(alerts.standing.size, 0);

  // Another address, the old one still there: nothing moves. Then it is gone.
  const elsewhere = service(moved.uri, { host: 'new.local' });
  announced.splice(0, 1, elsewhere);
  found.changed();
  await until(() => moved.operations.length > 0 && eve.operations.length > 1);
  t.is(pins.get('ward-3')?.uri, uri);
  await eve.stop();
  found.pinsChanged();
  await until(() => pins.get('ward-3')?.uri !== uri);
  t.is(new URL((pins.get('ward-3')?.uri ?? '').replace('ipps', 'http')).port, String(elsewhere.port));
  t.is(pins.get('ward-3')?.key, key);
  t.is(alerts.standing.size, 0);
  t.true(log.events('info').includes('pinned printer has moved'));
});
