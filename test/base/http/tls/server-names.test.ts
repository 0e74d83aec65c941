// What a certificate has to name.

import type { NetworkInterfaceInfo } from 'node:os';
import test from 'ava';
import { serverNames } from '../../../../base/http/tls/server-names.ts';

const at = (address: string) => ({ address }) as NetworkInterfaceInfo;
const interfaces = [at('127.0.0.1'), at('::1'), at('10.1.2.3'), at('fd00::abcd'), at('fe80::1')];
const EVERY = ['0.0.0.0', '::'];

for (const [name, options, expected] of [
  [
    'configured names come first, then the machine, then addresses',
    { hostNames: ['Print.Example.org'], listening: EVERY, hostname: 'vm', interfaces },
    ['print.example.org', 'vm', 'vm.local', 'localhost', '127.0.0.1', '10.1.2.3', '::1'],
  ],
  [
    'a full host name has its first part in .local',
    { hostNames: [], listening: ['10.1.2.3'], hostname: 'vm.example.org', interfaces },
    ['vm.example.org', 'vm.local', 'localhost', '10.1.2.3'],
  ],
  [
    'single addresses are named as they are, once',
    { hostNames: ['vm'], listening: ['127.0.0.1', 'fd00::abcd', '127.0.0.1'], hostname: 'vm', interfaces },
    ['vm', 'vm.local', 'localhost', '127.0.0.1', 'fd00::abcd'],
  ],
  [
    'a machine whose name is no host name',
    { hostNames: [], listening: ['127.0.0.1'], hostname: 'Büro PC', interfaces },
    ['localhost', '127.0.0.1'],
  ],
] as const) {
  test(name, (t) => {
    t.deepEqual(serverNames(options), [...expected]);
  });
}

test('hundreds of addresses do not make a certificate that fits no handshake', (t) => {
  const many = Array.from({ length: 500 }, (_, index) => at(`10.0.${index >> 8}.${index & 255}`));
  t.is(serverNames({ hostNames: [], listening: EVERY, hostname: 'vm', interfaces: many }).length, 3 + 64);
});
