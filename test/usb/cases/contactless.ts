/** A contactless reader that pcscd has. What lies on it is a virtual card: QEMU's own CCID reader has none without contacts. */
import { deepEqual, ok } from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { Pcscd, VIRTUAL_READER, VirtualCard } from '../../peers/virtual-card.ts';
import { type UsbCase, until } from '../guest/case.ts';
import { collect } from './collect.ts';

export const CONTACTLESS_CASES: readonly UsbCase[] = [
  {
    name: 'a PC/SC reader: told without pcscd, found when pcscd comes, a virtual card is read once',
    async run(bench) {
      const { reader, swipes, ready } = collect(bench, 'pcsc', `pcsc:${VIRTUAL_READER}`);
      await until('it says that pcscd does not run', () => {
        const { status } = reader;
        return status.state === 'away' && status.reason === 'not-available';
      });
      const pcscd = await Pcscd.start(await mkdtemp('/run/holdfast-'));
      bench.after(() => pcscd.stop());
      await ready();
      const card = await VirtualCard.insert('04a2b3c4d5e680');
      await until('the card', () => swipes.length > 0);
      await card.remove();
      deepEqual(swipes, ['04a2b3c4d5e680/56']);
      ok(!bench.log.text.includes('04a2b3c4'), 'no card in the log');
    },
  },
];
