// From a swipe that is complete at a simulated reader to the person's session at the panel, through the drivers and the protocol.
import { systemClock } from '../../base/clock.ts';
import { silentLog } from '../../base/log.ts';
import { Metrics } from '../../base/metrics.ts';
import { type PanelIdentityRooms, panelIdentity } from '../../daemon/panel-identity.ts';
import { ReaderSeat } from '../../daemon/reader-seat.ts';
import { LinkedReader } from '../../drivers/readers/linked-reader.ts';
import { serialProtocol } from '../../drivers/readers/protocols/protocols.ts';
import { PanelRegistry } from '../../panel-protocol/access/registry.ts';
import { PanelService } from '../../panel-protocol/service.ts';
import { openIdentity } from '../identity/fixture.ts';
import { FakeJobs, FakePanels, FakePrinters, panel } from '../panel-protocol/fakes.ts';
import { memoryPanelStore } from '../panel-protocol/memory-panels.ts';
import { RecordingAlerts } from '../recording-alerts.ts';
import { ScriptedLink } from '../simulators/scripted-link.ts';
import { type Bench, percentile } from './bench.ts';

const SWIPES = 2000;
const PEOPLE = 20_000;

export const bench: Bench = {
  summary: `${SWIPES} swipes at a simulated serial reader: last octet to the person's session, among ${PEOPLE} people`,
  atMost: { p50_ms: 2 },
  async run() {
    const { identity } = await openIdentity();
    const lines = Array.from({ length: PEOPLE }, (_, at) => `p${at}@example.org,CREATE,p${at},${cardOf(at)}`);
    const outcome = await identity.importPeople(
      Buffer.from(['EMAIL,OPERATION,SHORTNAME,CARD', ...lines, ''].join('\n')),
    );
    if (!outcome.applied) throw new Error(JSON.stringify(outcome));
    const clock = systemClock;
    const metrics = new Metrics();
    const name = 'ward-3';
    const registry = await PanelRegistry.open({ store: memoryPanelStore(), clock, log: silentLog, metrics });
    // Of a card that somebody has, nothing else is asked.
    const rooms = {
      identity,
      registry,
      clock,
      live: { readers: new Map() },
    } as unknown as PanelIdentityRooms;
    const panels = await PanelService.open({
      panels: new FakePanels(panel({ name, releaseAll: true })),
      printers: new FakePrinters(),
      identity: panelIdentity(rooms),
      jobs: new FakeJobs(),
      gatewayName: () => 'bench',
      color: () => '#00596b',
      registry,
      alerts: new RecordingAlerts(),
      clock,
      log: silentLog,
      metrics,
    });
    const opener = new ScriptedLink();
    const reader = new LinkedReader({ opener, protocol: serialProtocol('lines'), clock, log: silentLog });
    let told: (verdict: string) => void = () => {};
    const seat = new ReaderSeat({
      config: { name: 'bench', panel: name, kind: 'lines', keyFile: '/nowhere' },
      panels,
      onVerdict: (verdict) => told(verdict),
      log: silentLog,
    });
    void (async () => {
      for await (const swipe of reader.swipes()) seat.swiped(swipe);
    })();
    while (reader.status.state !== 'ready') await new Promise((resolve) => setImmediate(resolve));
    const times = new Float64Array(SWIPES);
    for (let at = 0; at < SWIPES; at++) {
      const verdict = new Promise<string>((resolve) => {
        told = resolve;
      });
      const begun = performance.now();
      opener.says(`${cardOf((at * 7919) % PEOPLE)}\r\n`);
      const answer = await verdict;
      times[at] = performance.now() - begun;
      if (answer !== 'accepted') throw new Error(`the swipe was ${answer}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await reader.close();
    seat.leave();
    await panels.close();
    await identity.close();
    times.sort();
    return { p50_ms: percentile(times, 0.5), p99_ms: percentile(times, 0.99) };
  },
};

const cardOf = (number: number): string => `04A1${number.toString(16).padStart(6, '0').toUpperCase()}`;
