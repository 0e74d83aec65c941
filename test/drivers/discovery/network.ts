/** A network without sockets: responders on one link that hear one another, and a tester that hears all. */
import type { Milliseconds } from '../../../base/units.ts';
import { decodeMessage } from '../../../drivers/discovery/dns/decode.ts';
import { encodeMessage } from '../../../drivers/discovery/dns/encode.ts';
import type { DnsMessage, Question, ResourceRecord } from '../../../drivers/discovery/dns/model.ts';
import type { DiscoveryEvent } from '../../../drivers/discovery/messages.ts';
import { MDNS_PORT, type Origin, Responder } from '../../../drivers/discovery/responder.ts';
import type { AdvertisedQueue } from '../../../drivers/discovery/services.ts';
import { ManualClock } from '../../manual-clock.ts';

export const TESTER = '10.0.0.99';
const LINK = 'eth0';

export interface Heard {
  readonly from: string;
  /** The address of one host, or undefined for everybody. */
  readonly to: string | undefined;
  readonly message: DnsMessage;
}

export interface Member {
  readonly responder: Responder;
  readonly events: DiscoveryEvent[];
  readonly address: string;
}

export class Network {
  readonly clock = new ManualClock();
  readonly heard: Heard[] = [];
  readonly #members: Member[] = [];

  /** @param host the first label of its name */
  join(address: string, host: string): Member {
    const events: DiscoveryEvent[] = [];
    const responder = new Responder({
      clock: this.clock,
      random: () => 0.5,
      host: [host, 'local'],
      send: (packet, _on, to) => this.#carry(packet, address, to),
      report: (event) => events.push(event),
    });
    const member = { responder, events, address };
    this.#members.push(member);
    responder.setInterfaces([{ name: LINK, addresses: [address] }]);
    return member;
  }

  /** Lets time pass. */
  pass(milliseconds: number): void {
    this.clock.advance(milliseconds as Milliseconds);
  }

  /** What the tester says to everybody. */
  say(message: Partial<DnsMessage>, port = MDNS_PORT, address = TESTER): void {
    this.#deliver(encodeMessage({ ...NOTHING, ...message }), { interface: LINK, address, port }, undefined);
  }

  ask(...questions: Question[]): void {
    this.say({ questions });
  }

  /** Records told since `from`, those in responses only. */
  told(from = 0): ResourceRecord[] {
    return this.heard
      .slice(from)
      .filter(({ message }) => message.response)
      .flatMap(({ message }) => [...message.answers, ...message.additionals]);
  }

  #carry(packet: Buffer, from: string, to: Origin | undefined): void {
    const message = decodeMessage(packet);
    if (message === undefined) throw new Error('a responder sent what cannot be read');
    this.heard.push({ from, to: to?.address, message });
    this.#deliver(packet, { interface: LINK, address: from, port: MDNS_PORT }, to?.address);
  }

  /** Everybody hears, the sender too. */
  #deliver(packet: Buffer, origin: Origin, to: string | undefined): void {
    for (const { responder, address } of this.#members) {
      if (to === undefined || to === address) responder.receive(packet, origin);
    }
  }
}

export const NOTHING: DnsMessage = {
  id: 0,
  response: false,
  truncated: false,
  questions: [],
  answers: [],
  authorities: [],
  additionals: [],
};

export const UUID = '11111111-2222-8333-8444-555555555555';

export function queue(name: string, more: Partial<AdvertisedQueue> = {}): AdvertisedQueue {
  const txt = ['txtvers=1', 'rp=ipp/print', `UUID=${UUID}`];
  return { queue: 'print', name, txt, ippPort: 631, ippsPort: 631, ...more };
}

export const NO_NAMES: ReadonlyMap<string, string> = new Map();
/** Longer than probing and announcing take. */
export const SETTLED = 5000;
