// Connections are counted by address; an IPv6 client that changes its own within its network stays the same one.
import { Socket } from 'node:net';
import test from 'ava';
import { Connections } from '../../../base/http/connections.ts';

function from(address: string): Socket {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: address });
  return socket;
}

test('an IPv6 network has half of all places, however many addresses it has', (t) => {
  const connections = new Connections({ connections: 8, connectionsPerAddress: 2 });
  const admit = (address: string) => connections.admit(from(address));
  for (const host of ['1', '1', '2']) t.is(admit(`2001:db8:1:2::${host}`), undefined);
  t.is(admit('2001:db8:1:2::1'), 'connectionsPerAddress');
  t.is(admit('2001:db8:1:2:3:4:5:6'), undefined);
  t.is(admit('2001:db8:1:2::9'), 'connections');
  for (const host of ['1', '2', '3', '4']) t.is(admit(`2001:db8:1:3::${host}`), undefined);
  t.is(admit('192.0.2.7'), 'connections');
  connections.destroyAll();
});

test('both forms of one IPv4 address share their places, and get them back', async (t) => {
  const connections = new Connections({ connections: 10, connectionsPerAddress: 2 });
  const admit = (address: string) => connections.admit(from(address));
  t.is(admit('::ffff:192.0.2.7'), undefined);
  t.is(admit('192.0.2.7'), undefined);
  t.is(admit('192.0.2.7'), 'connectionsPerAddress');
  t.is(connections.size, 2);
  connections.destroyAll();
  while (connections.size > 0) await new Promise((resolve) => setImmediate(resolve));
  t.is(admit('192.0.2.7'), undefined);
});
