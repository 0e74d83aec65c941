/** A listener with TLS on loopback, and clients of it that read until it closes. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type SecureVersion, type TLSSocket } from 'node:tls';
import type { ExecutionContext } from 'ava';
import { HttpListener, type ListenerLimits } from '../../../../base/http/listener.ts';
import { sendText } from '../../../../base/http/responses.ts';
import { RouteTable } from '../../../../base/http/routes.ts';
import { type LogFields, silentLog } from '../../../../base/log.ts';
import { Metrics } from '../../../../base/metrics.ts';
import { Seconds } from '../../../../base/units.ts';
import { sampleIdentity } from './sample-identity.ts';

const ROUTES = new RouteTable(
  [
    {
      method: 'GET',
      path: '/secure',
      authentication: 'anyone',
      handle: ({ response, secure, address }) =>
        sendText(response, 200, `${secure ? 'secure' : 'open'} ${address}`),
    },
    {
      method: 'POST',
      path: '/count',
      authentication: 'anyone',
      async handle({ request, response, proceed }) {
        proceed();
        let octets = 0;
        for await (const chunk of request) octets += chunk.length;
        sendText(response, 200, `${octets} octets`);
      },
    },
  ],
  { anyone: () => true, loopback: () => true, panel: () => false },
);

const LIMITS: ListenerLimits = {
  connections: 50,
  connectionsPerAddress: 20,
  headerBytes: 4096,
  headerTime: Seconds(3),
  idleTime: Seconds(30),
};

export async function start(t: ExecutionContext, limits: Partial<ListenerLimits> = {}, required = false) {
  const metrics = new Metrics();
  const lines: LogFields[] = [];
  const warnings: LogFields[] = [];
  const listener = await HttpListener.open({
    name: 'ipp',
    addresses: [{ host: '127.0.0.1', port: 0 }],
    routes: ROUTES,
    limits: { ...LIMITS, ...limits },
    tls: { identity: await sampleIdentity(), required },
    hostAllowed: (host) => host !== 'evil.example',
    log: {
      ...silentLog,
      debug: (_event, fields) => lines.push(fields ?? {}),
      warn: (_event, fields) => warnings.push(fields ?? {}),
    },
    metrics,
  });
  t.teardown(() => listener.abort());
  return { listener, port: listener.addresses[0]?.port ?? 0, metrics, lines, warnings };
}

export const plain = (port: number) => connect(port, '127.0.0.1').on('error', () => {});

export async function secured(port: number, version: SecureVersion = 'TLSv1.3'): Promise<TLSSocket> {
  const { certificate } = await sampleIdentity();
  const socket = connectTls({
    port,
    host: 'localhost',
    ca: certificate,
    minVersion: version,
    maxVersion: version,
  });
  await once(socket, 'secureConnect');
  return socket;
}

export async function answerOf(socket: Socket, ...parts: (string | Buffer)[]): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => {});
  for (const part of parts) socket.write(part);
  if (!socket.closed) await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}
