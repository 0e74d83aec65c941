// What network readers post, and what they are told.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { type PostedSwipe, readPostedSwipe } from '../../../drivers/readers/http-events.ts';
import { NetworkReader } from '../../../drivers/readers/network-reader.ts';
import { plain } from '../../contracts/reader.ts';
import { ManualClock } from '../../manual-clock.ts';

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json; charset=utf-8';

/** Type, body, and what is read of it: a status, text, or bits as `HEX/BITS`. */
const TABLE: readonly (readonly [type: string, body: string, read: string | number])[] = [
  ['text/plain', ' 04A1B2C3\r\n', '04A1B2C3'],
  ['text/plain', '', 400],
  ['text/plain', '\x01\x02', 400],
  [FORM, 'device=7&card=04A1B2C3&x=%00', '04A1B2C3'],
  [FORM, 'card=%30%34', '04'],
  [FORM, 'number=04A1B2C3', 400],
  [JSON_TYPE, '{"card": "04A1B2C3", "time": 5}', '04A1B2C3'],
  [JSON_TYPE, '{"hex": "809B6080", "bits": 26}', '809b6080/26'],
  [JSON_TYPE, '{"hex": "809B6080", "bits": 8}', 400],
  [JSON_TYPE, '{"hex": "809B608", "bits": 26}', 400],
  [JSON_TYPE, '{"hex": "809B6080", "bits": 26.5}', 400],
  [JSON_TYPE, '{"hex": "", "bits": 0}', 400],
  [JSON_TYPE, '{"card": 4711}', 400],
  [JSON_TYPE, '["04A1B2C3"]', 400],
  [JSON_TYPE, '{"card": ', 400],
  [JSON_TYPE, 'null', 400],
  ['text/html', '04A1B2C3', 415],
  ['text/plain', 'x'.repeat(3000), 413],
];

async function posted(t: ExecutionContext, type: string, body: string): Promise<PostedSwipe> {
  const { promise, resolve } = Promise.withResolvers<PostedSwipe>();
  const server = createServer(async (request, response) => {
    resolve(await readPostedSwipe(request));
    response.end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const headers = { 'Content-Type': type, Connection: 'close' };
  await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body }).catch(() => {});
  return promise;
}

for (const [type, body, read] of TABLE) {
  test(`posted as ${type}: ${JSON.stringify(body.slice(0, 40))}`, async (t) => {
    const result = await posted(t, type, body);
    if (!result.ok) return void t.deepEqual<unknown, unknown>(result.status, read);
    const { swipe } = result;
    const text =
      swipe.kind === 'text' ? swipe.text : `${Buffer.from(swipe.octets).toString('hex')}/${swipe.bits}`;
    t.deepEqual<unknown, unknown>(text, read);
  });
}

test('who posts is told what became of the swipe, or nothing when that takes long', async (t) => {
  const clock = new ManualClock();
  const reader = new NetworkReader(clock, { state: 'ready' });
  const swipes = reader.swipes();
  const first = reader.deliver({ kind: 'text', text: 'A1' });
  t.deepEqual(plain((await swipes.next()).value), { kind: 'text', text: 'A1' });
  t.is(await reader.deliver({ kind: 'text', text: 'A1' }), undefined, 'the same again');
  t.is(await first, undefined, 'a later swipe ends the wait');
  const second = reader.deliver({ kind: 'text', text: 'B2' });
  reader.feedback('refused');
  t.is(await second, 'refused');
  reader.feedback('accepted');
  const third = reader.deliver({ kind: 'text', text: 'C3' });
  clock.advance(2000);
  t.is(await third, undefined);
  const last = reader.deliver({ kind: 'text', text: 'D4' });
  await reader.close();
  t.is(await last, undefined);
});
