// Lines over TLS, on the port of the pages: framed however they come, bounded, and only for who has a panel's key.
import { connect, type TLSSocket } from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import { LINE_SILENCE, MESSAGE_SIZE } from '../../../panel-protocol/bounds.ts';
import type { ServerMessage } from '../../../panel-protocol/server-messages.ts';
import { ManualClock } from '../../manual-clock.ts';
import { RecordingLog } from '../../recording-log.ts';
import { CODE, job } from '../fakes.ts';
import { type Gateway, openGateway } from '../gateway.ts';

class LineClient {
  readonly socket: TLSSocket;
  readonly #inbox: ServerMessage[] = [];
  #rest = '';
  #wake: () => void = () => {};
  #over = false;

  constructor(t: ExecutionContext, gateway: Gateway) {
    const port = Number(gateway.host.split(':')[1]);
    this.socket = connect({
      port,
      host: '127.0.0.1',
      rejectUnauthorized: false,
      ALPNProtocols: ['holdfast-panel'],
    });
    t.teardown(() => this.socket.destroy());
    this.socket.on('error', () => {});
    this.socket.on('data', (chunk) => {
      const lines = (this.#rest + chunk).split('\n');
      this.#rest = lines.pop() ?? '';
      this.#inbox.push(...lines.map((line) => JSON.parse(line)));
      this.#wake();
    });
    this.socket.on('close', () => {
      this.#over = true;
      this.#wake();
    });
  }

  async next(type: ServerMessage['type']): Promise<ServerMessage> {
    for (;;) {
      const at = this.#inbox.findIndex((message) => message.type === type);
      const [found] = at === -1 ? [] : this.#inbox.splice(0, at + 1).slice(-1);
      if (found !== undefined) return found;
      if (this.#over) throw new Error(`closed before ${type}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async closed(): Promise<void> {
    while (!this.#over) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

async function enrolled(
  t: ExecutionContext,
  clock?: ManualClock,
  log?: RecordingLog,
): Promise<{ gateway: Gateway; hello: string; id: string }> {
  const gateway = await openGateway(t, {
    tls: true,
    ...(clock === undefined ? {} : { clock }),
    ...(log === undefined ? {} : { log }),
  });
  const { device, secret } = await gateway.registry.add('key', { panel: 'ward-3' });
  return {
    gateway,
    id: device.id,
    hello: JSON.stringify({ type: 'hello', id: 1, versions: [1], key: secret.reveal() }),
  };
}

const SIGN_IN = JSON.stringify({ type: 'credential', id: 2, kind: 'code', value: CODE });

test('a session in lines', async (t) => {
  const { gateway, hello } = await enrolled(t);
  gateway.jobs.put(job(1));
  const client = new LineClient(t, gateway);
  client.socket.write(`${hello}\n`);
  t.like(await client.next('welcome'), { panel: 'ward-3' });
  client.socket.write(`${SIGN_IN}\r\n\n`);
  t.like(await client.next('jobs'), { total: 1 });
  client.socket.write('{"type":"logout","id":3}\n');
  t.like(await client.next('session'), { session: 'idle', reason: 'logout' });
});

test('lines may come in pieces, and many in one', async (t) => {
  const { gateway, hello } = await enrolled(t);
  gateway.jobs.put(job(1, { name: 'Ärztebrief' }));
  const client = new LineClient(t, gateway);
  for (const octet of Buffer.from(`${hello}\n`)) client.socket.write(Buffer.of(octet));
  await client.next('session');
  client.socket.write(`${SIGN_IN}\n{"type":"activity","id":3}\n{"type":"ping","id":4}\n{"type":"lo`);
  t.regex(JSON.stringify(await client.next('jobs')), /Ärztebrief/);
  t.like(await client.next('ok'), { re: 3 });
  t.like(await client.next('ok'), { re: 4 });
  client.socket.write('gout","id":5}\n');
  t.like(await client.next('session'), { session: 'idle' });
});

test('without a key, or with one that is no panel, nobody gets in, and that is logged', async (t) => {
  const log = new RecordingLog();
  const { gateway, hello } = await enrolled(t, undefined, log);
  const wrong = JSON.stringify({ ...JSON.parse(hello), key: 'A'.repeat(43) });
  for (const line of ['{"type":"hello","id":1,"versions":[1]}', wrong]) {
    const client = new LineClient(t, gateway);
    client.socket.write(`${line}\n`);
    t.like(await client.next('error'), { re: 1, code: 'not-enrolled' });
    t.like(await client.next('bye'), { reason: 'not-enrolled' });
    await client.closed();
  }
  const told = log.lines.filter(({ event }) => event === 'no panel');
  t.is(told.length, 1);
  t.like(told[0]?.fields, { reason: 'not-enrolled', client: '127.0.0.1' });
  t.notRegex(JSON.stringify(log.lines), /A{43}/);
});

test('who does not read is cut', async (t) => {
  const clock = new ManualClock();
  const { gateway, hello } = await enrolled(t, clock);
  for (let id = 1; id <= 500; id++) gateway.jobs.put(job(id, { name: 'x'.repeat(120) }));
  const client = new LineClient(t, gateway);
  client.socket.write(`${hello}\n${SIGN_IN}\n`);
  await client.next('jobs');
  client.socket.pause();
  const there = async () => /panel_connections 1/.test(await gateway.metrics.text());
  // What the kernel takes is not counted; a list is about 200 kB.
  for (let id = 3; await there(); id++) {
    t.true(id < 900, 'it is cut before its silence would be');
    clock.advance(50);
    if (client.socket.writable) client.socket.write(`{"type":"jobs","id":${id}}\n`);
    // Not the next turn of the loop: on a busy machine the kernel brings the question later than that.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  t.regex(await gateway.metrics.text(), /panel_sessions 0/);
});

test('who is revoked is cut at once', async (t) => {
  const { gateway, hello, id } = await enrolled(t);
  const client = new LineClient(t, gateway);
  client.socket.write(`${hello}\n${SIGN_IN}\n`);
  await client.next('jobs');
  await gateway.registry.revoke([id]);
  await client.next('bye');
  await client.closed();
  t.regex(await gateway.metrics.text(), /^holdfast_panel_sessions 0$/m);
});

test('a line past the bound ends the connection', async (t) => {
  const { gateway } = await enrolled(t);
  const client = new LineClient(t, gateway);
  client.socket.write('x'.repeat(MESSAGE_SIZE + 1));
  await client.closed();
  t.pass();
});

test('who says nothing for long is cut, and signed out', async (t) => {
  const clock = new ManualClock();
  const { gateway, hello } = await enrolled(t, clock);
  const client = new LineClient(t, gateway);
  client.socket.write(`${hello}\n`);
  await client.next('session');
  await clock.waitedFor(LINE_SILENCE);
  clock.advance(LINE_SILENCE);
  await client.closed();
  t.regex(await gateway.metrics.text(), /^holdfast_panel_connections 0$/m);
});

test('the same port still speaks HTTP to who asks for it, or for nothing', async (t) => {
  const { gateway } = await enrolled(t);
  const port = Number(gateway.host.split(':')[1]);
  for (const ALPNProtocols of [['http/1.1'], undefined]) {
    const socket = connect({
      port,
      host: '127.0.0.1',
      rejectUnauthorized: false,
      ...(ALPNProtocols && { ALPNProtocols }),
    });
    t.teardown(() => socket.destroy());
    socket.write('GET /panel/ward-3 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    const chunks = await socket.toArray();
    t.regex(Buffer.concat(chunks).toString(), /^HTTP\/1\.1 200 /);
  }
});
