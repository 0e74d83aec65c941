// The webhook: over TLS with the header of a file, never redirected, an end to every wait, and no secret in an error.
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Failure } from '../../../base/errors.ts';
import { nodeFiles } from '../../../base/files/node-files.ts';
import { Seconds } from '../../../base/units.ts';
import { Webhook } from '../../../daemon/alerts/webhook.ts';
import { sampleIdentity } from '../../base/http/tls/sample-identity.ts';
import { ManualClock } from '../../manual-clock.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { alertOf } from './told.ts';

const SECRET = 's3same-open';
const never = new AbortController().signal;
const body = {
  id: '1.2',
  gateway: 'G',
  notice: { event: 'raised', alert: alertOf('a', 'media-jam'), since: 0, at: 0 },
} as const;

async function hook(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const { key, certificate: cert } = await sampleIdentity();
  let answer: (asked: IncomingMessage, answered: ServerResponse) => void = (_, answered) => answered.end();
  const asked: string[] = [];
  const server = createServer({ key: key.reveal(), cert }, (request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const file = async (name: string, content: string) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const clock = new ManualClock();
  const webhook = new Webhook({ files: nodeFiles, clock });
  const url = `https://localhost:${(server.address() as AddressInfo).port}/hook`;
  const caFile = await file('ca.pem', cert);
  const headerFile = await file('header', `Authorization: Bearer ${SECRET}\n`);
  const to = { url, caFile, headerFile, timeout: Seconds(10) };
  const answers = (next: typeof answer) => {
    answer = next;
  };
  return { to, webhook, clock, asked, answers, file };
}

test('taken with 2xx only; a redirect is not followed, an endless answer not read', async (t) => {
  const { to, webhook, asked, answers } = await hook(t);
  for (const [status, message] of [
    [200, ''],
    [204, ''],
    [302, 'answered with HTTP 302'],
    [401, 'answered with HTTP 401'],
    [500, 'answered with HTTP 500'],
  ] as const) {
    answers((_, answered) => {
      answered.writeHead(status, { Location: '/elsewhere' });
      if (status === 200) answered.write('and so on');
      else answered.end();
    });
    const posted = webhook.post(to, body, never);
    if (message === '') await t.notThrowsAsync(posted);
    else await t.throwsAsync(posted, { code: 'webhook-failed', message });
  }
  t.deepEqual([...new Set(asked)], [`POST /hook Bearer ${SECRET}`]);
});

test('no answer, another certificate, a cut: an error without the secret', async (t) => {
  const { to, webhook, clock, answers, file } = await hook(t);
  const arrived = Promise.withResolvers<void>();
  answers(() => arrived.resolve());
  const late = webhook.post(to, body, never);
  late.catch(() => {});
  await arrived.promise;
  clock.advance(10_000);
  await t.throwsAsync(late, { message: 'no answer in time' });
  t.is(clock.pending, 0);
  answers((request) => request.socket.destroy());
  await t.throwsAsync(webhook.post(to, body, never), { message: /^not reached: ECONNRESET/ });
  const { caFile: _, ...withoutCa } = to;
  await t.throwsAsync(webhook.post(withoutCa, body, never), { message: /^not reached: (DEPTH|SELF|UNABLE)/ });
  await t.throwsAsync(webhook.post({ ...to, url: 'https://localhost:1/' }, body, never), {
    message: 'not reached: ECONNREFUSED',
  });
  for (const line of [
    SECRET,
    `Host: ${SECRET}`,
    `X y: ${SECRET}`,
    `X: ${SECRET}\u0007`,
    '',
    `content-length: ${SECRET}`,
  ]) {
    const headerFile = await file('wrong', `${line}\n`);
    const failed = (await t.throwsAsync(webhook.post({ ...to, headerFile }, body, never))) as Failure;
    t.is(failed.code, 'webhook-file-unreadable', line);
    t.false(`${failed.stack}`.includes(SECRET));
  }
  await t.throwsAsync(webhook.post({ ...to, headerFile: '/nonexistent/header' }, body, never), {
    message: '/nonexistent/header does not exist',
  });
});
