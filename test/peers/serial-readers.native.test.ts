// Serial readers over pseudo-terminals: the real package, the kernel's line discipline, hanging up and all.
import test from 'ava';
import { systemClock } from '../../base/clock.ts';
import { LinkedReader } from '../../drivers/readers/linked-reader.ts';
import { type SerialProtocol, serialProtocol } from '../../drivers/readers/protocols/protocols.ts';
import { SerialOpener } from '../../drivers/readers/serial-opener.ts';
import { FOLD_TIME } from '../../drivers/readers/swipes.ts';
import { plain, type ReaderRig, readerContract, until } from '../contracts/reader.ts';
import { RecordingLog } from '../recording-log.ts';
import { Pty } from './pty.ts';
import { peerTest } from './require-peer.ts';

const peer = peerTest(test, ['socat']);
const pause = () => new Promise<void>((resolve) => setTimeout(resolve, FOLD_TIME + 20));

function readerAt(pty: Pty, protocol: SerialProtocol, log = new RecordingLog()): LinkedReader {
  const opener = new SerialOpener({ device: { by: 'path', path: pty.path }, baud: 9600 });
  return new LinkedReader({ opener, protocol: serialProtocol(protocol), clock: systemClock, log });
}

/** Answers as a TWN4 does; a card lies on it for a moment. */
function twn4At(pty: Pty): { show(card: string): void } {
  let card: string | undefined;
  let left = 0;
  let command = '';
  pty.onReceived = (text) => {
    for (const character of text) {
      if (character !== '\r') {
        command += character;
        continue;
      }
      if (command !== '050020') pty.says('00\r');
      else pty.says(left-- > 0 ? `0001802004${card}\r` : '0000\r');
      command = '';
    }
  };
  return {
    show(shown) {
      card = shown;
      left = 4;
    },
  };
}

readerContract(peer as typeof test, 'lines over a pseudo-terminal', async (t): Promise<ReaderRig> => {
  const pty = await Pty.open(t);
  const reader = readerAt(pty, 'lines');
  t.teardown(() => reader.close());
  return {
    reader,
    swipe: (card) => pty.says(`${card}\r\n`),
    unplug: () => pty.unplug(),
    replug: () => pty.plugIn(),
    pause,
    reading: (card) => ({ kind: 'text', text: card }),
  };
});

readerContract(peer as typeof test, 'TWN4 over a pseudo-terminal', async (t): Promise<ReaderRig> => {
  const pty = await Pty.open(t);
  const device = twn4At(pty);
  const reader = readerAt(pty, 'twn4');
  t.teardown(() => reader.close());
  return {
    reader,
    swipe: (card) => device.show(card),
    unplug: () => pty.unplug(),
    replug: () => pty.plugIn(),
    pause,
    reading: (card) => ({ kind: 'bits', octets: Buffer.from(card, 'hex'), bits: 32 }),
  };
});

peer('a port that another program has is told as that, and taken when it is free', async (t) => {
  const pty = await Pty.open(t);
  const first = readerAt(pty, 'lines');
  await until(() => first.status.state === 'ready');
  const second = readerAt(pty, 'lines');
  t.teardown(() => second.close());
  await until(() => second.status.state === 'away');
  t.like(second.status, { reason: 'busy' });
  await first.close();
  await until(() => second.status.state === 'ready');
  pty.says('4711\n');
  t.deepEqual(plain((await second.swipes().next()).value), { kind: 'text', text: '4711' });
});

peer('what a reader sent while nobody listened is nobody’s swipe', async (t) => {
  const pty = await Pty.open(t);
  pty.says('STALE\r\n');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const reader = readerAt(pty, 'lines');
  t.teardown(() => reader.close());
  await until(() => reader.status.state === 'ready');
  pty.says('FRESH\r\n');
  t.deepEqual(plain((await reader.swipes().next()).value), { kind: 'text', text: 'FRESH' });
});

test('no such port is told as that', async (t) => {
  const opener = new SerialOpener({ device: { by: 'path', path: '/dev/no-such-port' }, baud: 9600 });
  const log = new RecordingLog();
  const reader = new LinkedReader({ opener, protocol: serialProtocol('lines'), clock: systemClock, log });
  await until(() => reader.status.state === 'away');
  t.like(reader.status, { reason: 'not-plugged-in' });
  await reader.close();
});
