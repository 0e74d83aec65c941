/**
 * Elatec TWN4 with the Simple Protocol: a command and its answer are hexadecimal digits and CR, numbers of several octets
 * lowest first. SearchTag answers with error, found, tag type, number of bits, length, the number itself.
 */
import { Milliseconds } from '../../../base/units.ts';
import { MOST_SWIPE_BITS, type RawSwipe } from '../../../identity/cards/card-number.ts';
import type { Feedback } from '../port.ts';
import type { Protocol } from '../protocol.ts';
import { type Answer, type PolledState, polled } from './polled.ts';

const CR = 0x0d;
const LF = 0x0a;

/** SearchTag, at most 32 octets. */
const SEARCH = '050020';
/** The lights as outputs, push-pull. */
const OUTPUTS = '0400070000';
const RED = '01';
const GREEN = '02';
const YELLOW = '04';
const on = (light: string) => `0402${light}`;
const off = (light: string) => `0403${light}`;

/** @param volume per cent; @param frequency hertz; times in milliseconds */
function beep(volume: number, frequency: number, onTime: number, offTime: number): string {
  const octets = Buffer.alloc(9);
  octets.writeUInt8(0x04, 0);
  octets.writeUInt8(0x07, 1);
  octets.writeUInt8(volume, 2);
  octets.writeUInt16LE(frequency, 3);
  octets.writeUInt16LE(onTime, 5);
  octets.writeUInt16LE(offTime, 7);
  return octets.toString('hex').toUpperCase();
}

const FEEDBACK: Readonly<Record<Feedback, readonly string[]>> = {
  accepted: [off(RED), off(YELLOW), on(GREEN), beep(80, 2400, 100, 0)],
  refused: [off(GREEN), off(YELLOW), on(RED), beep(80, 1000, 150, 100), beep(80, 1000, 150, 0)],
  wait: [off(RED), off(GREEN), on(YELLOW)],
};

/** @param withCrc the reader is set to add a CRC to every answer and to want one */
export function twn4(withCrc: boolean): Protocol<PolledState> {
  const command = (hex: string) => Buffer.from(`${withCrc ? hex + crcText(hex) : hex}\r`, 'latin1');
  return polled({
    first: [command(OUTPUTS)],
    question: [command(SEARCH)],
    rest: Milliseconds(50),
    answer: { ends: [CR, LF] },
    read: (line) => readAnswer(line, withCrc),
    repeats: true,
    feedback: (kind) => FEEDBACK[kind].map(command),
  });
}

function readAnswer(line: string, withCrc: boolean): Answer {
  if (!/^(?:[0-9A-Fa-f]{2})+$/.test(line)) return { kind: 'broken' };
  const whole = withCrc ? line.slice(0, -4) : line;
  if (withCrc && (line.length < 6 || crcText(whole) !== line.slice(-4).toUpperCase()))
    return { kind: 'broken' };
  // Of a command that has no result, such as a beep.
  if (whole.length === 2) return { kind: 'unasked' };
  const octets = Buffer.from(whole, 'hex');
  const [error, found, , bits = 0, length = 0] = octets;
  if (error !== 0) return { kind: 'broken' };
  if (found === 0 && octets.length === 2) return { kind: 'no-card' };
  const number = octets.subarray(5);
  const fits = found === 1 && length > 0 && number.length === length && length === Math.ceil(bits / 8);
  if (!fits || bits > MOST_SWIPE_BITS) return { kind: 'broken' };
  const swipe: RawSwipe = { kind: 'bits', octets: Uint8Array.from(number), bits };
  return { kind: 'card', swipe };
}

/** CRC-16, polynomial 0x8408 (reflected), from 0xFFFF, over the octets that the digits stand for; lowest octet first. */
export function crcText(hex: string): string {
  let crc = 0xffff;
  for (const octet of Buffer.from(hex, 'hex')) {
    crc ^= octet;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x8408 : crc >>> 1;
  }
  return [crc & 0xff, crc >>> 8].map((octet) => octet.toString(16).padStart(2, '0').toUpperCase()).join('');
}
