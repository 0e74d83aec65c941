// Clients are told a port that they can reach, whatever stands first in the configuration.
import test from 'ava';
import type { ListenAddress } from '../../base/http/listener.ts';
import { announcedDoor, announcedPort, isForThisMachine } from '../../daemon/announced-door.ts';

const at = (...hosts: readonly (readonly [string, number])[]): ListenAddress[] =>
  hosts.map(([host, port]) => ({ host, port }));

const CASES: readonly (readonly [string, ListenAddress[], number | undefined])[] = [
  ['loopback first, then everywhere', at(['127.0.0.1', 6310], ['0.0.0.0', 6311]), 6311],
  ['one address first, then everywhere', at(['192.0.2.1', 6310], ['::', 6311]), 6311],
  ['loopback of IPv6, then one address', at(['::1', 6310], ['192.0.2.1', 6311]), 6311],
  ['loopback only', at(['127.0.0.1', 6310]), 6310],
  ['two that are as good', at(['192.0.2.1', 6310], ['192.0.2.2', 6311]), 6310],
  ['nothing', [], undefined],
];

for (const [what, addresses, port] of CASES) {
  test(`the announced port: ${what}`, (t) => {
    t.is(announcedPort(addresses), port);
  });
}

test('queues are announced only where the announced port listens', (t) => {
  const all = at(['127.0.0.1', 6310], ['192.0.2.1', 6311], ['192.0.2.2', 6312], ['192.0.2.3', 6311]);
  t.deepEqual(
    announcedDoor(all).map(({ host }) => host),
    ['192.0.2.1', '192.0.2.3'],
  );
  t.true(isForThisMachine(at(['127.0.0.1', 1], ['::1', 1])));
  t.false(isForThisMachine(all));
});
