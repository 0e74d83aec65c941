// A list of addresses and networks: who fits it, and that nothing unreadable lets anybody in.
import test from 'ava';
import { addressFits, addressKey } from '../../base/networks.ts';

const ROWS: readonly [string, readonly string[], boolean][] = [
  ['10.1.2.3', ['10.1.2.3'], true],
  ['10.1.2.4', ['10.1.2.3'], false],
  ['10.1.2.3', ['10.1.0.0/16'], true],
  ['10.2.2.3', ['10.1.0.0/16'], false],
  ['10.2.2.3', ['10.1.0.0/16', '10.2.0.0/16'], true],
  ['10.2.2.3', ['0.0.0.0/0'], true],
  ['10.2.2.3', ['::/0'], false],
  ['10.2.2.3', ['::ffff:0:0/96'], false],
  ['fd00::7', ['fd00::/8'], true],
  ['fe00::7', ['fd00::/8'], false],
  ['fd00::7', ['0.0.0.0/0'], false],
  ['fe80::7%eth0', ['fe80::/10'], true],
  ['10.1.2.3', [], false],
  [
    '10.1.2.3',
    ['', '/', '/0', '10.1.2.3/', '10.1.2.3/33', '10.1.2.3/-1', '10.1.2.3/0/0', 'localhost'],
    false,
  ],
  ['', ['0.0.0.0/0'], false],
  ['not an address', ['0.0.0.0/0', '::/0'], false],
];

for (const [address, entries, fits] of ROWS) {
  test(`${address || 'nothing'} ${fits ? 'fits' : 'does not fit'} ${entries.join(', ') || 'an empty list'}`, (t) => {
    t.is(addressFits(address, entries), fits);
  });
}

for (const [address, key] of [
  ['10.1.2.3', '10.1.2.3'],
  ['::ffff:10.1.2.3', '10.1.2.3'],
  ['::ffff:a01:203', '10.1.2.3'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8:1:3::9', '2001:db8:1:3::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['2001:db8:0:0:7::', '2001:db8:0:0::/64'],
  ['0:0:0:1::', '0:0:0:1::/64'],
  ['64:ff9b::10.1.2.3', '64:ff9b:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['fe80::7%eth0', 'fe80:0:0:0::/64%eth0'],
  ['fe80::8%eth1', 'fe80:0:0:0::/64%eth1'],
  ['', ''],
  ['::x', '::x'],
] as const) {
  test(`${address || 'nothing'} is counted as ${key || 'nothing'}`, (t) => t.is(addressKey(address), key));
}
