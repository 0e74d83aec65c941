/** The pages without script in a real browser whose script is off, told what a played gateway says. */
import type { ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { hostCheck } from '../../../base/http/host-check.ts';
import { HttpListener } from '../../../base/http/listener.ts';
import { RouteTable } from '../../../base/http/routes.ts';
import { silentLog } from '../../../base/log.ts';
import { Metrics } from '../../../base/metrics.ts';
import { KiB, Seconds } from '../../../base/units.ts';
import { PanelPage } from '../../../panel-protocol/page/page.ts';
import { PlainPages } from '../../../panel-protocol/plain/service.ts';
import type { Panel } from '../../../panel-protocol/ports.ts';
import { ManualClock } from '../../manual-clock.ts';
import type { PlayedGateway } from '../played-gateway.ts';

/** Serves the pages without script of one panel; resolves with `127.0.0.1:PORT`. */
export async function servePlain(
  t: ExecutionContext,
  panel: Panel,
  played: PlayedGateway,
  clock = new ManualClock(),
): Promise<string> {
  const page = await PanelPage.read(() => panel);
  const plain = new PlainPages({
    clock,
    open: (_, transport) => played.connection(transport),
    onForged: () => {},
    onSpent: () => {},
    languageOf: (exchange) => page.languageOf(exchange),
    stylesOf: (exchange) => page.plainStyles(exchange),
  });
  const listener = await HttpListener.open({
    name: 'web',
    addresses: [{ host: '127.0.0.1', port: 0 }],
    routes: new RouteTable([...page.routes, ...plain.routes], {
      anyone: () => true,
      loopback: () => true,
      panel: () => true,
    }),
    limits: {
      connections: 50,
      connectionsPerAddress: 50,
      headerBytes: KiB(16),
      headerTime: Seconds(10),
      idleTime: Seconds(60),
    },
    hostAllowed: hostCheck([]),
    log: silentLog,
    metrics: new Metrics(),
  });
  t.teardown(() => {
    plain.end();
    listener.abort();
  });
  return `127.0.0.1:${listener.addresses[0]?.port}`;
}

/** Presses a button, and waits for the page that it leads to. */
export async function press(page: Page, name: string, at = 0): Promise<void> {
  await leading(page, () => page.click(`input[name="${name}"] >> nth=${at}`));
}

/** Does something, and waits for the page that it leads to. */
export async function leading(page: Page, run: () => Promise<unknown>): Promise<void> {
  const led = page.waitForEvent('domcontentloaded');
  await run();
  await led;
}
