import test from 'ava';
import { LinkedReader } from '../../../drivers/readers/linked-reader.ts';
import { type SerialProtocol, serialProtocol } from '../../../drivers/readers/protocols/protocols.ts';
import { type ReaderRig, readerContract, until } from '../../contracts/reader.ts';
import { ManualClock } from '../../manual-clock.ts';
import { RecordingLog } from '../../recording-log.ts';
import { ScriptedLink } from '../../simulators/scripted-link.ts';

interface Rig extends ReaderRig {
  readonly reader: LinkedReader;
  readonly link: ScriptedLink;
  readonly clock: ManualClock;
  readonly log: RecordingLog;
}

function rigOf(protocol: SerialProtocol): Rig {
  const clock = new ManualClock();
  const log = new RecordingLog();
  const link = new ScriptedLink();
  const reader = new LinkedReader({ opener: link, protocol: serialProtocol(protocol), clock, log });
  return {
    reader,
    link,
    clock,
    log,
    swipe: (card) => link.says(`${card}\r\n`),
    unplug: () => link.unplug(),
    async replug() {
      link.plugIn();
      clock.advance(1000);
      await until(() => reader.status.state !== 'away');
    },
    pause: () => clock.advance(2000),
    reading: (card) => ({ kind: 'text', text: card }),
  };
}

/** A TWN4 that answers: 32 bits of the card that lies on it, or none. */
function twn4Rig(): Rig & { card: string | undefined; hangs: boolean } {
  const rig = Object.assign(rigOf('twn4'), { card: undefined as string | undefined, hangs: false });
  rig.link.onSent = (command) => {
    if (rig.hangs) return;
    if (command !== '050020\r') return rig.link.says('00\r');
    rig.link.says(rig.card === undefined ? '0000\r' : `0001802004${rig.card}\r`);
  };
  rig.link.onSent('');
  return Object.assign(rig, {
    async swipe(card: string) {
      rig.card = card;
      const { swipes } = rig.reader.counts;
      while (rig.reader.counts.swipes === swipes) {
        rig.clock.advance(50);
        await new Promise((resolve) => setImmediate(resolve));
      }
      rig.card = undefined;
    },
    async pause() {
      for (let turn = 0; turn < 60; turn++) {
        rig.clock.advance(50);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    reading: (card: string) => ({ kind: 'bits', octets: Buffer.from(card, 'hex'), bits: 32 }),
  } satisfies Partial<ReaderRig>);
}

readerContract(test, 'lines on a link', async () => rigOf('lines'));
readerContract(test, 'TWN4 on a link', async () => twn4Rig());

const ready = (rig: Rig) => until(() => rig.reader.status.state === 'ready');
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('the same swipe twice within a moment is one; later it is another', async (t) => {
  const rig = rigOf('lines');
  await ready(rig);
  rig.link.says('A1\r\nA1\r\n');
  // Held there: again and again, longer than a moment in all.
  for (let again = 0; again < 5; again++) {
    rig.clock.advance(1000);
    rig.link.says('A1\r\n');
  }
  t.deepEqual(rig.reader.counts, { swipes: 1, folded: 6, dropped: 0 });
  rig.clock.advance(1600);
  rig.link.says('A1\r\n');
  t.is(rig.reader.counts.swipes, 2);
});

test('a swipe that nobody has taken for long is gone', async (t) => {
  const rig = rigOf('lines');
  await ready(rig);
  rig.link.says('OLD\r\n');
  rig.clock.advance(6000);
  rig.link.says('NEW\r\n');
  t.deepEqual((await rig.reader.swipes().next()).value, { kind: 'text', text: 'NEW' });
});

test('half a frame is dropped after a moment, and what comes then is whole', async (t) => {
  const rig = rigOf('lines');
  await ready(rig);
  rig.link.says('0815');
  rig.clock.advance(300);
  rig.link.says('4711\r');
  t.deepEqual((await rig.reader.swipes().next()).value, { kind: 'text', text: '4711' });
  t.is(rig.reader.counts.dropped, 1);
});

test('a device that another program has is tried again ever less often, and told once', async (t) => {
  const rig = rigOf('lines');
  await ready(rig);
  rig.link.refuse('busy');
  rig.link.unplug();
  rig.link.plugIn();
  for (let second = 0; second < 60; second++) {
    rig.clock.advance(1000);
    await turn();
  }
  t.like(rig.reader.status, { state: 'away', reason: 'busy' });
  t.deepEqual(
    rig.log.of('card reader is away').map(({ reason }) => reason),
    ['not-plugged-in', 'busy'],
  );
  rig.link.refuse(undefined);
  rig.clock.advance(10_000);
  await ready(rig);
  t.is(rig.link.opened, 2);
});

test('a look finds at once what was plugged in', async (t) => {
  const rig = rigOf('lines');
  await ready(rig);
  rig.link.unplug();
  rig.link.plugIn();
  rig.reader.look();
  await ready(rig);
  t.is(rig.link.opened, 2);
});

test('a reader that hangs is opened again, and nothing that was meant for it before comes late', async (t) => {
  const rig = twn4Rig();
  await ready(rig);
  rig.hangs = true;
  for (let second = 0; second < 4; second++) {
    rig.clock.advance(1000);
    await turn();
  }
  t.like(rig.reader.status, { state: 'away', reason: 'silent' });
  t.is(rig.link.closed, 1);
  rig.reader.feedback('accepted');
  rig.hangs = false;
  rig.clock.advance(10_000);
  await ready(rig);
  t.deepEqual(rig.link.sent[1]?.slice(0, 2), ['0400070000\r', '050020\r']);
  t.false(rig.link.sent[1]?.some((text) => text.startsWith('0407')));
});

test('a card that stays on a TWN4 is told once', async (t) => {
  const rig = twn4Rig();
  await ready(rig);
  rig.card = '66CF4DC2';
  for (let polls = 0; polls < 100; polls++) {
    rig.clock.advance(50);
    await turn();
  }
  t.deepEqual(rig.reader.counts, { swipes: 1, folded: 0, dropped: 0 });
});

test('lights and beeps go out as commands of the reader', async (t) => {
  const rig = twn4Rig();
  await ready(rig);
  rig.reader.feedback('refused');
  const sent = rig.link.sent[0] ?? [];
  t.true(sent.includes('040201\r'), 'red');
  t.true(sent.includes('040750E803960064 00\r'.replace(' ', '')), 'a low beep');
});

test('no log line has a card in it', async (t) => {
  const rig = rigOf('lines');
  await ready(rig);
  rig.link.says('SECRET4711\r\n\x01\x02garbage4711');
  rig.clock.advance(1000);
  rig.link.unplug();
  await rig.reader.close();
  t.notRegex(rig.log.text, /4711/);
});
