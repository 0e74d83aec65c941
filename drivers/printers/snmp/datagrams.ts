/** What arrives at an SNMP socket, looked at before the library reads it: only the printer's own, and in SNMPv3 only what is proven. */
import { createSocket, type RemoteInfo, type Socket, type SocketType } from 'node:dgram';

type OnMessage = (datagram: Buffer, from: RemoteInfo) => void;

export interface GuardOptions {
  /** Where the printer answers from: the address, and the port that it was asked at. */
  readonly address: string;
  readonly port: number;
  /** Takes no answer in the clear (SNMPv3 with authentication and privacy). */
  readonly proven: boolean;
  /** A datagram made the library throw. */
  onBroken(): void;
}

/** In place of `node:dgram` for the library, which listens to `message` once. */
export function guardedDatagrams(options: GuardOptions): { createSocket(type: SocketType): Socket } {
  return {
    createSocket(type) {
      const socket = createSocket(type);
      const on = socket.on.bind(socket) as (event: string, listener: unknown) => Socket;
      const guarded = (event: string, listener: unknown) =>
        on(event, event === 'message' ? guard(listener as OnMessage, options) : listener);
      socket.on = guarded as typeof socket.on;
      return socket;
    },
  };
}

function guard(read: OnMessage, { address, port, proven, onBroken }: GuardOptions): OnMessage {
  return (datagram, from) => {
    if (from.address !== address || from.port !== port) return;
    if (proven && !isProvenOrReport(datagram)) return;
    try {
      read(datagram, from);
    } catch {
      onBroken();
    }
  };
}

/** Bits of `msgFlags` (RFC 3412 §6.4). */
const AUTHENTIC_AND_PRIVATE = 0b11;
/** Report-PDU (RFC 3416 §3): the one that may come in the clear, as the first exchange has no key yet. */
const REPORT = 0xa8;

/** The library takes an answer without authentication where one was asked with it. */
export function isProvenOrReport(datagram: Buffer): boolean {
  // SEQUENCE { version, SEQUENCE { id, size, flags, model }, security, SEQUENCE { engine, context, PDU } }
  const message = partsOf(datagram)[0];
  const [, header, , data] = message === undefined ? [] : partsOf(message.content);
  const flags = header === undefined ? undefined : partsOf(header.content)[2]?.content[0];
  if (flags === undefined || data === undefined) return false;
  if ((flags & AUTHENTIC_AND_PRIVATE) === AUTHENTIC_AND_PRIVATE) return true;
  return partsOf(data.content)[2]?.tag === REPORT;
}

interface Part {
  readonly tag: number;
  readonly content: Buffer;
}

/** More are in none of these. */
const MOST_PARTS = 8;

/** BER, one level deep; what does not fit is left out. */
function partsOf(octets: Buffer): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at + 2 <= octets.length && parts.length < MOST_PARTS; ) {
    const tag = octets[at] ?? 0;
    const first = octets[at + 1] ?? 0;
    const lengthOctets = first < 0x80 ? 0 : first & 0x7f;
    if (lengthOctets > 4 || at + 2 + lengthOctets > octets.length) return parts;
    const length = lengthOctets === 0 ? first & 0x7f : octets.readUIntBE(at + 2, lengthOctets);
    const start = at + 2 + lengthOctets;
    if (start + length > octets.length) return parts;
    parts.push({ tag, content: octets.subarray(start, start + length) });
    at = start + length;
  }
  return parts;
}
