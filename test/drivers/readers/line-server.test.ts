// Lines over TCP: what a converter began and never ended is no part of the next card.
import { once } from 'node:events';
import { connect } from 'node:net';
import test from 'ava';
import { LineServer, NOT_CONNECTED } from '../../../drivers/readers/line-server.ts';
import { NetworkReader } from '../../../drivers/readers/network-reader.ts';
import { ReaderKey, WrongKeys } from '../../../drivers/readers/reader-keys.ts';
import { until } from '../../contracts/reader.ts';
import { ManualClock } from '../../manual-clock.ts';
import { RecordingLog } from '../../recording-log.ts';

const KEY = 'a-key-of-this-reader-0815';

test('half a line is dropped after a while, and the next card comes alone', async (t) => {
  const clock = new ManualClock();
  const reader = new NetworkReader(clock, NOT_CONNECTED);
  const lines = await LineServer.open({
    addresses: [{ host: '127.0.0.1', port: 0 }],
    readers: () => [{ name: 'line', reader, key: new ReaderKey(KEY), addresses: [] }],
    wrongKeys: new WrongKeys(clock),
    clock,
    log: new RecordingLog(),
  });
  t.teardown(() => lines.close());
  const socket = connect(lines.ports[0] ?? 0, '127.0.0.1');
  t.teardown(() => socket.destroy());
  await once(socket, 'connect');
  const swipes = reader.swipes();
  // In one piece, so that the half is there when the card before it is.
  socket.write(`${KEY}\r\n4711\r\n08`);
  t.deepEqual((await swipes.next()).value, { kind: 'text', text: '4711' });
  clock.advance(5000);
  await until(() => reader.counts.dropped === 1);
  socket.write('4712\r\n');
  t.deepEqual((await swipes.next()).value, { kind: 'text', text: '4712' });
});
