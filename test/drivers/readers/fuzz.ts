// Every decoder of card readers under seeded garbage and damaged frames: nothing may throw or grow, and where a frame has a
// checksum no other card may come out of a damaged one.
import type { AnyProtocol } from '../../../drivers/readers/protocol.ts';
import { keyboard } from '../../../drivers/readers/protocols/keyboard.ts';
import { LAYOUTS } from '../../../drivers/readers/protocols/layouts.ts';
import { pcProx } from '../../../drivers/readers/protocols/pcprox.ts';
import { opaque, SERIAL_PROTOCOLS, serialProtocol } from '../../../drivers/readers/protocols/protocols.ts';
import { crcText } from '../../../drivers/readers/protocols/twn4.ts';
import { LONGEST_SWIPE_TEXT, MOST_SWIPE_BITS, type RawSwipe } from '../../../identity/cards/card-number.ts';
import { random } from '../../random.ts';

export interface Decoder {
  readonly name: string;
  readonly protocol: AnyProtocol;
  /** A frame that it takes. */
  frame(digit: () => number): string;
  /** One octet changed never makes another card of it. */
  readonly checked: boolean;
}

const hex = (digit: () => number, count: number) =>
  Array.from({ length: count }, () => digit().toString(16).toUpperCase()).join('');

const card = (digit: () => number) => `0001802004${hex(digit, 8)}`;

function rdm6300(digit: () => number): string {
  const data = hex(digit, 10);
  const sum = Buffer.from(data, 'hex').reduce((before, octet) => before ^ octet, 0);
  return `\x02${data}${sum.toString(16).padStart(2, '0').toUpperCase()}\x03`;
}

function track2(digit: () => number): string {
  const data = `;${Array.from({ length: 16 }, () => digit() % 10).join('')}=2512?`;
  const sum = [...data].reduce((before, character) => before ^ (character.charCodeAt(0) & 0xf), 0);
  return `${data}${String.fromCharCode(0x30 + sum)}\r`;
}

const FRAMES: Readonly<Record<(typeof SERIAL_PROTOCOLS)[number], (digit: () => number) => string>> = {
  lines: (digit) => `${hex(digit, 8)}\r\n`,
  'stx-etx': (digit) => `\x02${hex(digit, 8)}\x03`,
  rdm6300,
  'track-2': track2,
  wiegand: (digit) => `${hex(digit, 9)}/34\r\n`.replace(/^./, '1'),
  'wiegand-unchecked': (digit) => `${hex(digit, 7)}/26\r\n`.replace(/^./, '1'),
  twn4: (digit) => `${card(digit)}\r`,
  'twn4-crc': (digit) => {
    const answer = card(digit);
    return `${answer}${crcText(answer)}\r`;
  },
  'rf-ideas': (digit) => `{0x0040,0,0x00,32;0x${hex(digit, 8)}}\r\n`,
};

const octets = (length: number, octet: () => number) => String.fromCharCode(...Array.from({ length }, octet));

export const DECODERS: readonly Decoder[] = [
  ...SERIAL_PROTOCOLS.map((name) => ({
    name,
    protocol: serialProtocol(name),
    frame: FRAMES[name],
    checked: name === 'rdm6300' || name === 'twn4-crc',
  })),
  ...LAYOUTS.map((layout) => ({
    name: `keyboard ${layout}`,
    protocol: opaque(keyboard(layout, 'silence')),
    frame: (digit: () => number) =>
      `${octets(1, () => 0)}\0${String.fromCharCode(0x1e + (digit() % 10))}${'\0'.repeat(5)}${'\0'.repeat(8)}`,
    checked: false,
  })),
  {
    name: 'pcprox',
    protocol: opaque(pcProx()),
    frame: (digit: () => number) =>
      `${octets(3, () => digit() * 16 + digit())}${'\0'.repeat(5)}\x18\x18${'\0'.repeat(6)}`,
    checked: false,
  },
];

/** @returns swipes that came out. @throws Error what is wrong, with the seed */
export function fuzz({ name, protocol, frame, checked }: Decoder, seed: number): number {
  const next = random(seed);
  const below = (bound: number) => Math.floor(next() * bound);
  const digit = () => below(16);
  const whole = frame(digit);
  const damaged = damage(whole, below);
  const input = below(4) === 0 ? octets(below(64), () => below(256)) : damaged;
  const bytes = Buffer.from(input, 'latin1');
  const swipes: RawSwipe[] = [];
  let { state } = protocol.start();
  for (let at = 0; at < bytes.length; ) {
    const until = at + 1 + below(bytes.length - at);
    const step = protocol.take(state, bytes.subarray(at, until));
    ({ state } = step);
    swipes.push(...(step.swipes ?? []));
    at = until;
    if (below(8) === 0) {
      const quiet = protocol.quiet(state);
      ({ state } = quiet);
      swipes.push(...(quiet.swipes ?? []));
    }
  }
  swipes.push(...(protocol.quiet(state).swipes ?? []));
  const complain = (what: string) => {
    throw new Error(`${name}, seed ${seed}: ${what}`);
  };
  if (JSON.stringify(state).length > 4096) complain('the state grows');
  for (const swipe of swipes) if (!isSound(swipe)) complain('a swipe that is none');
  if (checked && input === damaged && damaged !== whole) {
    const right = swipesOf(protocol, whole);
    if (swipes.some((swipe) => !right.includes(key(swipe)))) complain('another card came out');
  }
  return swipes.length;
}

function swipesOf(protocol: AnyProtocol, text: string): string[] {
  return (protocol.take(protocol.start().state, Buffer.from(text, 'latin1')).swipes ?? []).map(key);
}

const key = (swipe: RawSwipe) =>
  swipe.kind === 'text' ? swipe.text : `${swipe.bits}:${Buffer.from(swipe.octets).toString('hex')}`;

/** One octet changed, lost or doubled, or the end cut off; sometimes nothing. */
function damage(frame: string, below: (bound: number) => number): string {
  const at = below(frame.length);
  switch (below(6)) {
    case 0:
      return frame;
    case 1:
      return frame.slice(0, at);
    case 2:
      return frame.slice(0, at) + frame.slice(at + 1);
    default:
      return `${frame.slice(0, at)}${String.fromCharCode(below(256))}${frame.slice(at + 1)}`;
  }
}

function isSound(swipe: RawSwipe): boolean {
  if (swipe.kind === 'text') {
    return (
      swipe.text.length <= LONGEST_SWIPE_TEXT && /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(swipe.text)
    );
  }
  const { bits, octets } = swipe;
  return (
    Number.isInteger(bits) && bits > 0 && bits <= MOST_SWIPE_BITS && octets.length === Math.ceil(bits / 8)
  );
}
