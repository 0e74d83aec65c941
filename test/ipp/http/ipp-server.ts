/** A listener on loopback whose `/ipp/print` speaks IPP as the test says. */
import type { ExecutionContext } from 'ava';
import { HttpListener } from '../../../base/http/listener.ts';
import { RouteTable } from '../../../base/http/routes.ts';
import { type Log, silentLog } from '../../../base/log.ts';
import { Metrics } from '../../../base/metrics.ts';
import { KiB, Minutes } from '../../../base/units.ts';
import { type IppHandler, type IppServerOptions, ippRoute } from '../../../ipp/http/server.ts';

export interface TestServer {
  readonly port: number;
  /** What went wrong in a handler, as the listener logged it. */
  readonly errors: string[];
}

export async function startIppServer(
  t: ExecutionContext,
  options: IppServerOptions,
  handler: IppHandler,
): Promise<TestServer> {
  const errors: string[] = [];
  const log: Log = { ...silentLog, error: (_event, fields) => errors.push(String(fields?.['error'])) };
  const yes = () => true;
  const listener = await HttpListener.open({
    name: 'ipp',
    addresses: [{ host: '127.0.0.1', port: 0 }],
    routes: new RouteTable(
      [
        {
          method: 'POST',
          path: '/ipp/print',
          authentication: 'anyone',
          handle: ippRoute(options, handler),
        },
      ],
      { anyone: yes, loopback: yes, panel: yes },
    ),
    limits: {
      connections: 100,
      connectionsPerAddress: 100,
      headerBytes: KiB(16),
      headerTime: Minutes(1),
      idleTime: Minutes(1),
    },
    hostAllowed: yes,
    log,
    metrics: new Metrics(),
  });
  t.teardown(() => listener.abort());
  return { port: listener.addresses[0]?.port ?? 0, errors };
}
