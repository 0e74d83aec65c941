/**
 * rf IDEAS readers on a serial port: `rfid:qid.id` answers `{age,overrun,lockout,bits;0xID}` for the card that was read since
 * the last question, with 0 bits for none.
 */
import { Milliseconds } from '../../../base/units.ts';
import { MOST_SWIPE_BITS } from '../../../identity/cards/card-number.ts';
import type { Feedback } from '../port.ts';
import { bitsSwipe, type Protocol } from '../protocol.ts';
import { type Answer, type PolledState, polled } from './polled.ts';

const CR = 0x0d;
const LF = 0x0a;
const NUMBER = '(?:0x)?[0-9A-Fa-f]{1,8}';
const ANSWER = new RegExp(`^\\{${NUMBER},${NUMBER},${NUMBER},(\\d{1,3});0x([0-9A-Fa-f]{1,128})\\}$`);

const FEEDBACK: Readonly<Record<Feedback, readonly string[]>> = {
  accepted: ['rfid:beep.now=1'],
  refused: ['rfid:beep.now=3'],
  wait: [],
};

const command = (text: string) => Buffer.from(`${text}\r`, 'latin1');

export function rfIdeas(): Protocol<PolledState> {
  return polled({
    first: [command('rfid:cmd.echo=0'), command('rfid:cmd.prompt=0')],
    question: [command('rfid:qid.id')],
    rest: Milliseconds(50),
    answer: { ends: [CR, LF] },
    read: readAnswer,
    repeats: true,
    feedback: (kind) => FEEDBACK[kind].map(command),
  });
}

function readAnswer(line: string): Answer {
  const text = line.trim();
  // Echoes, prompts, and answers to commands that have another form.
  if (!text.startsWith('{')) return { kind: 'unasked' };
  const [, count, digits = ''] = ANSWER.exec(text) ?? [];
  if (count === undefined) return { kind: /^\{[^;]*\}$/.test(text) ? 'unasked' : 'broken' };
  const bits = Number(count);
  if (bits === 0) return { kind: 'no-card' };
  const value = BigInt(`0x${digits}`);
  if (bits > MOST_SWIPE_BITS || value >= 1n << BigInt(bits)) return { kind: 'broken' };
  return { kind: 'card', swipe: bitsSwipe(value, bits) };
}
