// What Linux says of a connection's end, over IPv4 and IPv6.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import test, { type ExecutionContext } from 'ava';
import { type Closing, closingOf, endsOf } from '../../../drivers/printers/clean-close.ts';

/** Sends some octets and our end to a peer that does as told; what the system says once the peer's end is here. */
async function endWith(t: ExecutionContext, host: string, peer: (socket: Socket) => void): Promise<Closing> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    t.teardown(() => socket.destroy());
    peer(socket);
  });
  server.listen(0, host);
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host, port, allowHalfOpen: true });
  t.teardown(() => socket.destroy());
  await once(socket, 'connect');
  const ends = endsOf(socket);
  if (ends === undefined) throw new Error('no connection');
  const ended = once(socket, 'end');
  socket.resume();
  socket.write('document');
  socket.end();
  await ended;
  for (;;) {
    const closing = await closingOf(ends);
    if (closing !== 'under-way') return closing;
  }
}

const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
const LOOPBACKS = ['127.0.0.1', '::1'].filter((host) => addresses.some(({ address }) => address === host));

for (const host of LOOPBACKS) {
  test(`${host}: a peer that reads all and then closes has closed cleanly`, async (t) => {
    const closing = await endWith(t, host, (socket) => {
      socket.resume();
      socket.on('end', () => socket.end());
    });
    t.is(closing, 'clean');
  });

  test(`${host}: a peer that closes without reading has not`, async (t) => {
    const closing = await endWith(t, host, (socket) => socket.end(() => socket.destroy()));
    t.is(closing, 'broken');
  });
}
