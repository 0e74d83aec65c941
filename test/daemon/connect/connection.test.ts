// Only the address that is announced is said to be found in the network.
import test from 'ava';
import { connectionsTo } from '../../../daemon/connect/connection.ts';
import { instructionsFor } from '../../../daemon/connect/instructions.ts';
import type { Gateway } from '../../../daemon/gateway.ts';

/** All queues are announced. */
function gateway(authentication: 'optional' | 'required'): Gateway {
  const queue = { name: 'print', info: 'Print', authentication, tokensWithoutTls: 'refuse' };
  const given: unknown = {
    config: {
      queues: [queue],
      gateway: { hostNames: ['print.example.org'], ipp: { encryption: 'offered' } },
    },
    ippAddresses: [
      { host: '127.0.0.1', port: 6310 },
      { host: '0.0.0.0', port: 6311 },
    ],
    announcements: { isAnnounced: () => true, nameOf: () => 'Print', isOn: true, hostName: 'x.local' },
    certificate: { facts: { fingerprint: 'AA', selfSigned: true } },
  };
  return given as Gateway;
}

const CASES = [
  ['optional', 'claimed', true],
  ['optional', 'password', false],
  ['optional', 'token', false],
  ['required', 'claimed', true],
  ['required', 'password', true],
  ['required', 'token', false],
] as const;

for (const [authentication, entrance, announced] of CASES) {
  test(`a queue with ${authentication} authentication, by ${entrance}: found ${announced}`, (t) => {
    const [connection] = connectionsTo(gateway(authentication), 'print', entrance, 'secret');
    t.is(connection?.announced, announced);
    t.is(connection?.port, 6311);
  });
}

test('Linux is told the name that CUPS makes of what it finds', (t) => {
  const [connection] = connectionsTo(gateway('optional'), 'print', 'claimed', '');
  if (connection === undefined) return t.fail();
  const linux = (name: string) =>
    JSON.stringify(instructionsFor({ ...connection, name }).find(({ system }) => system.startsWith('Linux')));
  t.regex(linux('Office Print (2)'), /call it Office_Print_2\./);
  t.notRegex(linux('印刷'), /call it/);
});
