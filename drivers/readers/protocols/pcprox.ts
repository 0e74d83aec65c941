/**
 * rf IDEAS pcProx by its feature reports of 8 octets: after 8F the card's data, lowest octet first and without parity; after
 * 8E the number of its bits, twice.
 */
import { Milliseconds } from '../../../base/units.ts';
import { bitsSwipe, type Protocol } from '../protocol.ts';
import { type Answer, type PolledState, polled } from './polled.ts';

/** Octets of a report. */
export const REPORT = 8;
const report = (code: number) => Uint8Array.of(code, 0, 0, 0, 0, 0, 0, 0);

/** What carries it reads one report after each that is sent. */
export function pcProx(): Protocol<PolledState> {
  return polled({
    first: [],
    question: [report(0x8f), report(0x8e)],
    rest: Milliseconds(100),
    answer: { length: 2 * REPORT },
    read: readAnswer,
    repeats: true,
    feedback: () => [],
  });
}

function readAnswer(answer: string): Answer {
  const octets = Buffer.from(answer, 'latin1');
  const [bits = 0, again] = octets.subarray(REPORT);
  const data = octets.subarray(0, REPORT).toReversed();
  const value = BigInt(`0x${Buffer.from(data).toString('hex')}`);
  // The card may come or go between the two questions.
  if (bits === 0 || value === 0n) return { kind: 'no-card' };
  if (bits !== again || bits > REPORT * 8 || value >= 1n << BigInt(bits)) return { kind: 'broken' };
  return { kind: 'card', swipe: bitsSwipe(value, bits) };
}
