// Connections are counted by address; an IPv6 client that changes its own within its network stays the same one.
import { Socket } from 'node:net';
import test from 'ava';
import { Connections } from '../../../base/http/connections.ts';

function from(address: string): Socket {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: address });
  return socket;
}

test('addresses of one IPv6 network, and both forms of one IPv4 address, share their places', (t) => {
  const connections = new Connections({ connections: 10, connectionsPerAddress: 2 });
  const admit = (address: string) => connections.admit(from(address));
  t.is(admit('2001:db8:1:2::1'), undefined);
  t.is(admit('2001:db8:1:2::2'), undefined);
  t.is(admit('2001:db8:1:2:3:4:5:6'), 'connectionsPerAddress');
  t.is(admit('2001:db8:1:3::1'), undefined);
  t.is(admit('::ffff:192.0.2.7'), undefined);
  t.is(admit('192.0.2.7'), undefined);
  t.is(admit('192.0.2.7'), 'connectionsPerAddress');
  t.is(connections.size, 5);
});
