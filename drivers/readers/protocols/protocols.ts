/** What readers can be told to speak, by the names of the configuration. */
import type { AnyProtocol, Protocol } from '../protocol.ts';
import { type Framing, framed } from './framed.ts';
import { LINES, RDM6300, STX_ETX, TRACK_2, WIEGAND, WIEGAND_UNCHECKED } from './frames.ts';
import { rfIdeas } from './rf-ideas.ts';
import { twn4 } from './twn4.ts';

/** On a serial port, and on a network that carries one. */
export const SERIAL_PROTOCOLS = [
  'lines',
  'stx-etx',
  'rdm6300',
  'track-2',
  'wiegand',
  'wiegand-unchecked',
  'twn4',
  'twn4-crc',
  'rf-ideas',
] as const;
export type SerialProtocol = (typeof SERIAL_PROTOCOLS)[number];

const FRAMINGS: Readonly<Partial<Record<SerialProtocol, Framing>>> = {
  lines: LINES,
  'stx-etx': STX_ETX,
  rdm6300: RDM6300,
  'track-2': TRACK_2,
  wiegand: WIEGAND,
  'wiegand-unchecked': WIEGAND_UNCHECKED,
};

export function serialProtocol(name: SerialProtocol): AnyProtocol {
  const framing = FRAMINGS[name];
  if (framing !== undefined) return opaque(framed(framing));
  return opaque(name === 'rf-ideas' ? rfIdeas() : twn4(name === 'twn4-crc'));
}

/** Who runs a protocol hands back the state that it got, and never looks into it. */
export function opaque<State>(protocol: Protocol<State>): AnyProtocol {
  return protocol as unknown as AnyProtocol;
}
