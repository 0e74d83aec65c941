// PC/SC readers over the real pcscd with a virtual reader: cards come and go, pcscd ends and comes back.
import test from 'ava';
import { systemClock } from '../../base/clock.ts';
import { LinkedReader } from '../../drivers/readers/linked-reader.ts';
import { PcscOpener, pcscReaders } from '../../drivers/readers/pcsc-opener.ts';
import { pcsc } from '../../drivers/readers/protocols/pcsc.ts';
import { opaque } from '../../drivers/readers/protocols/protocols.ts';
import { FOLD_TIME } from '../../drivers/readers/swipes.ts';
import { plain, type ReaderRig, readerContract, until } from '../contracts/reader.ts';
import { RecordingLog } from '../recording-log.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { peerTest } from './require-peer.ts';
import { Pcscd, VIRTUAL_READER, VirtualCard } from './virtual-card.ts';

const peer = peerTest(test.serial as typeof test, ['pcscd']);

function readerOf(t: { teardown(run: () => unknown): void }, name = VIRTUAL_READER) {
  const log = new RecordingLog();
  const opener = new PcscOpener({ name });
  const reader = new LinkedReader({ opener, protocol: opaque(pcsc(name)), clock: systemClock, log });
  t.teardown(() => reader.close());
  return { reader, log };
}

/** Lies there until it was read; laid there anew where pcscd has not seen that the one before went. */
async function lay(reader: LinkedReader, uid: string): Promise<void> {
  const before = reader.counts.swipes;
  while (reader.counts.swipes === before) {
    const card = await VirtualCard.insert(uid);
    const patience = performance.now() + 2000;
    await until(() => reader.counts.swipes > before || performance.now() > patience);
    await card.remove();
  }
}

readerContract(peer as typeof test, 'PC/SC over pcscd', async (t): Promise<ReaderRig> => {
  const pcscd = await Pcscd.start(await temporaryFolder(t));
  t.teardown(() => pcscd.stop());
  const { reader } = readerOf(t);
  return {
    reader,
    swipe: (card) => lay(reader, card),
    unplug: () => pcscd.stop(),
    replug: () => pcscd.run(),
    pause: () => new Promise((resolve) => setTimeout(resolve, FOLD_TIME + 20)),
    reading: (card) => ({ kind: 'bits', octets: Buffer.from(card, 'hex'), bits: 32 }),
  };
});

peer(
  'PC/SC: what lay there before is nobody’s swipe, and pcscd that is not there is told once',
  async (t) => {
    const { reader, log } = readerOf(t);
    await until(() => reader.status.state === 'away');
    t.like(reader.status, { reason: 'not-available' });
    t.deepEqual(await pcscReaders(), []);
    const other = readerOf(t, 'Another').reader;
    const pcscd = await Pcscd.start(await temporaryFolder(t));
    t.teardown(() => pcscd.stop());
    const early = await VirtualCard.insert('0badcafe');
    await until(() => reader.status.state === 'ready');
    await until(() => other.status.state === 'away' && other.status.reason === 'not-plugged-in');
    t.true((await pcscReaders()).some((name) => name.includes(VIRTUAL_READER)));
    await early.remove();
    const swipes = reader.swipes();
    await lay(reader, '04a2b3c4d5e680');
    t.deepEqual(plain((await swipes.next()).value), { kind: 'bits', bits: 56, octets: '04a2b3c4d5e680' });
    t.deepEqual(
      log.of('card reader is away').map(({ reason }) => reason),
      ['not-available'],
    );
    t.notRegex(log.text, /04a2b3c4|0badcafe/i);
  },
);
