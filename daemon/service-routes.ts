/** Routes for monitoring on the web port. */
import { send, sendJson } from '../base/http/responses.ts';
import type { Route } from '../base/http/routes.ts';
import type { Metrics } from '../base/metrics.ts';
import type { Health } from './health.ts';

/** `GET /health` tells anybody whether the gateway works, and no names; `GET /metrics` is for this machine only. */
export function serviceRoutes(health: Health, metrics: Metrics): Route[] {
  return [
    {
      method: 'GET',
      path: '/health',
      authentication: 'anyone',
      async handle({ response }) {
        const { status, version, uptime, printers } = await health.report();
        const silent = printers.filter((printer) => printer.trouble !== null).length;
        const body = { status, version, uptime, printers: printers.length, 'printers-silent': silent };
        const works = status === 'ok' || status === 'degraded';
        sendJson(response, works ? 200 : 503, body);
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      authentication: 'loopback',
      handle: async ({ response }) => send(response, 200, metrics.contentType, await metrics.text()),
    },
  ];
}
