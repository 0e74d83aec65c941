// A list of addresses and networks: who fits it, and that nothing unreadable lets anybody in.
import test from 'ava';
import { addressFits } from '../../base/networks.ts';

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
