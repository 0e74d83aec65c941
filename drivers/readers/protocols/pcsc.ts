/**
 * Contactless PC/SC readers through pcscd, by its own socket protocol, version 4:4 (pcsc-lite, winscard_msg.h): structures of 32-bit
 * numbers in the machine's own order. The readers' states are asked for; a card that has come is asked for its number.
 */
import { endianness } from 'node:os';
import { Milliseconds, Seconds } from '../../../base/units.ts';
import type { RawSwipe } from '../../../identity/cards/card-number.ts';
import type { Protocol, Step } from '../protocol.ts';

const ESTABLISH_CONTEXT = 0x01;
const CONNECT = 0x04;
const DISCONNECT = 0x06;
const TRANSMIT = 0x09;
const VERSION = 0x11;
const GET_READERS_STATE = 0x12;

const MAJOR = 4;
const MINOR = 4;
const SCOPE_SYSTEM = 2;
const SHARE_SHARED = 2;
/** T=0 or T=1, as the card has it. */
const ANY_PROTOCOL = 3;
const LEAVE_CARD = 0;
/** Of a reader's state. */
const PRESENT = 0x04;
const SUCCESS = 0;
/** Another program has the card; it is tried again. */
const SHARING_VIOLATION = 0x8010000b;

/** Octets of a reader's name, and of its state in the list; how many states there are. */
const NAME = 128;
const STATE = 184;
const MOST_READERS = 16;
/** Of a SCARD_IO_REQUEST. */
const PCI = 16;
/** The card's number and two octets of status. */
const LONGEST_ANSWER = 66;
/** GET DATA: the card's number (PC/SC part 3, 3.2.2.1.3), and that it was given. */
const GET_UID = Uint8Array.of(0xff, 0xca, 0, 0, 0);
const DONE = 0x9000;

const ASK_EVERY = Milliseconds(100);
/** pcscd powers a card up before it answers. */
const ANSWER_TIME = Seconds(3);
const MOST_MISSED = 2;

const LITTLE = endianness() === 'LE';
const get = (octets: Uint8Array, at: number): number =>
  new DataView(octets.buffer, octets.byteOffset, octets.byteLength).getUint32(at, LITTLE);

/** A message to pcscd. Text takes a name's place, numbers 32 bits each. */
function message(command: number, ...fields: readonly (number | string)[]): Uint8Array {
  const body = fields.map((field) => {
    if (typeof field === 'string')
      return Buffer.alloc(NAME, 0).fill(field, 0, Math.min(NAME - 1, field.length), 'latin1');
    return number(field);
  });
  const whole = Buffer.concat(body);
  return Buffer.concat([number(whole.length), number(command), whole]);
}

function number(value: number): Buffer {
  const octets = Buffer.alloc(4);
  if (LITTLE) octets.writeUInt32LE(value);
  else octets.writeUInt32BE(value);
  return octets;
}

/** Octets of the answer to each question. */
const ANSWERS = {
  version: 12,
  context: 12,
  states: STATE * MOST_READERS,
  connect: 4 + NAME + 5 * 4,
  transmit: 8 * 4,
  disconnect: 12,
} as const;
type Phase = keyof typeof ANSWERS;

export interface PcscState {
  /** What was asked; undefined between two questions. */
  readonly asked: Phase | undefined;
  readonly held: Uint8Array;
  readonly context: number;
  readonly card: number;
  /** Which change of the reader was seen last; undefined before the first look. */
  readonly seen: number | undefined;
  readonly missed: number;
}

/** A reader as pcscd lists it. */
export interface PcscReaderState {
  readonly name: string;
  /** Counts cards that came and went. */
  readonly changes: number;
  readonly present: boolean;
}

/** The readers in an answer to GET_READERS_STATE. */
export function readerStates(octets: Uint8Array): PcscReaderState[] {
  return Array.from({ length: Math.floor(octets.length / STATE) }, (_, at) => {
    const state = octets.subarray(at * STATE, (at + 1) * STATE);
    const name = Buffer.from(state.subarray(0, NAME)).toString('latin1').replace(/\0.*$/s, '');
    return { name, changes: get(state, NAME), present: (get(state, NAME + 4) & PRESENT) !== 0 };
  }).filter(({ name }) => name !== '');
}

/** What asks for the names alone, as far as the states. */
export const HELLO = message(VERSION, MAJOR, MINOR, 0);
export const ASK_STATES = message(GET_READERS_STATE);
export const HELLO_OCTETS: number = ANSWERS.version;
export const STATES_OCTETS: number = ANSWERS.states;

/** @param part of the reader's name as pcscd has it */
export function pcsc(part: string): Protocol<PcscState> {
  const initial: PcscState = {
    asked: 'version',
    held: new Uint8Array(),
    context: 0,
    card: 0,
    seen: undefined,
    missed: 0,
  };

  const ask = (state: PcscState, asked: Phase, ...send: Uint8Array[]): Step<PcscState> => ({
    state: { ...state, asked, missed: 0 },
    send,
    wait: ANSWER_TIME,
  });
  const rest = (state: PcscState, more: Partial<Step<PcscState>> = {}): Step<PcscState> => ({
    ...more,
    state: { ...state, asked: undefined, missed: 0 },
    wait: ASK_EVERY,
  });
  const leave = (state: PcscState): Step<PcscState> =>
    ask(state, 'disconnect', message(DISCONNECT, state.card, LEAVE_CARD, 0));
  const failed = (state: PcscState, detail: string): Step<PcscState> => ({
    state,
    away: { reason: 'failed', detail },
  });

  function take(before: PcscState, octets: Uint8Array): Step<PcscState> {
    const held = Buffer.concat([before.held, octets]);
    const phase = before.asked;
    // Nothing was asked, and nothing may come.
    if (phase === undefined) return failed(before, 'pcscd says what it was not asked for');
    const needed = ANSWERS[phase] + (phase === 'transmit' ? dataOf(held) : 0);
    if (held.length < needed) return { state: { ...before, held }, wait: ANSWER_TIME };
    if (held.length > needed) return failed(before, 'pcscd says more than it was asked for');
    return answered({ ...before, held: new Uint8Array() }, phase, held);
  }

  function answered(state: PcscState, phase: Phase, answer: Uint8Array): Step<PcscState> {
    switch (phase) {
      case 'version':
        if (get(answer, 0) !== MAJOR || get(answer, 8) !== SUCCESS) {
          return failed(
            state,
            `pcscd speaks version ${get(answer, 0)}:${get(answer, 4)}, and not ${MAJOR}:${MINOR}`,
          );
        }
        return ask(state, 'context', message(ESTABLISH_CONTEXT, SCOPE_SYSTEM, 0, 0));
      case 'context':
        if (get(answer, 8) !== SUCCESS)
          return failed(state, `pcscd gives no context: ${get(answer, 8).toString(16)}`);
        return ask({ ...state, context: get(answer, 4) }, 'states', ASK_STATES);
      case 'states':
        return looked(state, answer);
      case 'connect': {
        const result = get(answer, ANSWERS.connect - 4);
        // Seen again at the next look.
        if (result === SHARING_VIOLATION) return rest({ ...state, seen: -1 });
        // Gone again, or not held long enough.
        if (result !== SUCCESS) return rest(state, { dropped: 1 });
        const card = get(answer, 4 + NAME + 8);
        const protocol = get(answer, 4 + NAME + 12);
        const head = message(TRANSMIT, card, protocol, PCI, GET_UID.length, protocol, PCI, LONGEST_ANSWER, 0);
        return ask({ ...state, card }, 'transmit', Buffer.concat([head, GET_UID]));
      }
      case 'transmit': {
        const swipe = swipeOf(answer.subarray(ANSWERS.transmit));
        return { ...leave(state), ...(swipe === undefined ? { dropped: 1 } : { swipes: [swipe] }) };
      }
      case 'disconnect':
        return rest(state);
    }
  }

  function looked(state: PcscState, answer: Uint8Array): Step<PcscState> {
    const reader = readerStates(answer).find(({ name }) => name.includes(part));
    if (reader === undefined) {
      return {
        state,
        away: { reason: 'not-plugged-in', detail: `pcscd has no reader with "${part}" in its name` },
      };
    }
    const { name, changes, present } = reader;
    // A card that lay there before somebody listened is nobody's swipe.
    const isNew = state.seen !== undefined && state.seen !== changes && present;
    const next = { ...state, seen: changes };
    if (!isNew) return rest(next, { answered: true });
    return {
      ...ask(next, 'connect', message(CONNECT, state.context, name, SHARE_SHARED, ANY_PROTOCOL, 0, 0, 0)),
      answered: true,
    };
  }

  return {
    answers: true,
    start: () => ({ state: initial, send: [HELLO], wait: ANSWER_TIME }),
    take,
    quiet(state) {
      if (state.asked === undefined) return ask(state, 'states', ASK_STATES);
      const missed = state.missed + 1;
      if (missed >= MOST_MISSED) return { state, silent: true };
      return { state: { ...state, missed }, wait: ANSWER_TIME };
    },
  };
}

/** Octets behind the structure of an answer to TRANSMIT. */
function dataOf(held: Uint8Array): number {
  if (held.length < ANSWERS.transmit || get(held, 28) !== SUCCESS) return 0;
  return Math.min(get(held, 24), LONGEST_ANSWER);
}

function swipeOf(data: Uint8Array): RawSwipe | undefined {
  const number = data.subarray(0, -2);
  const status = Buffer.from(data.subarray(-2)).toString('hex');
  if (number.length === 0 || Number.parseInt(status, 16) !== DONE) return undefined;
  return { kind: 'bits', octets: Uint8Array.from(number), bits: number.length * 8 };
}
