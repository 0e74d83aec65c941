/** Looks for printers on the network (RFC 6762 §5, RFC 6763 §4): asks, and listens only for as long as answers may come. */
import { isIPv4, isIPv6 } from 'node:net';
import type { Clock, Timer } from '../../base/clock.ts';
import { displayable } from '../../base/text.ts';
import { Milliseconds, Minutes, Seconds } from '../../base/units.ts';
import { EMPTY } from './answers.ts';
import { decodeMessage } from './dns/decode.ts';
import {
  type DnsMessage,
  type DomainName,
  nameKey,
  type Question,
  RecordType,
  type ResourceRecord,
  sameName,
} from './dns/model.ts';
import { type FoundService, SERVICE_TYPES, type ServiceType } from './found.ts';
import { MDNS_PORT, type Origin } from './responder.ts';
import { readTxt } from './txt-facts.ts';

export interface BrowserOptions {
  readonly clock: Clock;
  /** Our own name: what is announced there is no printer to be found. */
  readonly host: DomainName;
  /** To everybody, on every interface. */
  send(message: DnsMessage): void;
  /** Whether an address belongs to the link of an interface. */
  isOnLink(address: string, on: string): boolean;
  /** All that is known now; told when it has changed. */
  report(services: readonly FoundService[]): void;
}

/**
 * Rounds. Asked without known answers, so that whoever is still there says so; as all of them answer, that is done seldom.
 */
const ROUND = Minutes(15);
/** The question of a round again, for those that a lost packet left out. */
const REPEATS = [Seconds(1), Seconds(3)] as const;
/** Answers count for so long after a question. */
const WINDOW = Seconds(5);
/** However much is announced, a round listens no longer. */
const LONGEST_ROUND = Seconds(20);
/** Who was silent in so many milliseconds is gone. */
const SILENCE = 3 * ROUND + WINDOW;
/** Changes are told together. */
const REPORT_DELAY = Milliseconds(250);

/** Whoever floods the network must not fill the memory; what comes later is left out. */
const MOST_SERVICES = 1000;
/** Of one sender: a print server may announce many. */
const MOST_OF_ONE = 100;
const MOST_HOSTS = 500;
const MOST_ADDRESSES = 8;
/** Further questions of one round, for what was listed without its particulars. */
const MOST_ASKED = 500;
/** Questions that surely fit one packet. */
const IN_A_PACKET = 8;

interface Service {
  readonly type: ServiceType;
  readonly name: DomainName;
  readonly origin: Origin;
  target?: { readonly host: DomainName; readonly port: number };
  txt?: readonly string[];
  heardAt: number;
  monotonic: number;
}

export class Browser {
  readonly #options: BrowserOptions;
  /** By name and sender, so that nobody can speak for another. */
  readonly #services = new Map<string, Service>();
  /** Addresses by name of the host and sender. */
  readonly #hosts = new Map<string, { readonly addresses: Set<string>; monotonic: number }>();
  readonly #asked = new Set<string>();
  #timers: Timer[] = [];
  #reporting: Timer | undefined;
  #until = Number.NEGATIVE_INFINITY;
  #latest = Number.NEGATIVE_INFINITY;

  constructor(options: BrowserOptions) {
    this.#options = options;
  }

  /** A round now, and further ones from time to time. */
  browse(): void {
    for (const each of this.#timers) each.cancel();
    this.#asked.clear();
    this.#forgetSilent();
    const { clock } = this.#options;
    this.#latest = clock.monotonic() + LONGEST_ROUND;
    const ask = () =>
      this.#ask(SERVICE_TYPES.map((type) => question([type, '_tcp', 'local'], RecordType.ptr)));
    ask();
    this.#timers = [
      ...REPEATS.map((delay) => clock.after(delay, ask)),
      clock.after(ROUND, () => this.browse()),
    ];
  }

  stop(): void {
    for (const each of this.#timers) each.cancel();
    this.#reporting?.cancel();
    this.#until = Number.NEGATIVE_INFINITY;
  }

  /** @param origin a host on the link of the interface */
  receive(packet: Uint8Array, origin: Origin): void {
    if (this.#options.clock.monotonic() > this.#until || origin.port !== MDNS_PORT) return;
    const message = decodeMessage(packet);
    if (message?.response !== true) return;
    const records = [...message.answers, ...message.additionals];
    // Lists first, then particulars, in whatever order they came.
    const most = Math.min(MOST_SERVICES, this.#services.size + MOST_OF_ONE - this.#countOf(origin));
    const touched = new Set<string>();
    for (const each of records) this.#takeList(each, origin, touched, most);
    for (const each of records) this.#takeParticulars(each, origin, touched);
    this.#askForMore(origin, touched);
    this.#tellSoon();
  }

  /** @param touched gets the services that the packet tells of. @param most so many services are known at most after it */
  #takeList({ name, ttl, data }: ResourceRecord, origin: Origin, touched: Set<string>, most: number): void {
    if (data.type !== 'ptr' || name.length !== 3) return;
    const type = typeOf(name);
    if (type === undefined || data.target.length !== 4) return;
    if (!sameName(data.target.slice(1), name)) return;
    const key = keyOf(data.target, origin);
    if (ttl === 0) {
      this.#services.delete(key);
      return;
    }
    const { clock } = this.#options;
    const heard = { heardAt: clock.now(), monotonic: clock.monotonic() };
    const before = this.#services.get(key);
    if (before !== undefined) {
      touched.add(key);
      Object.assign(before, heard);
      return;
    }
    if (this.#services.size >= most) return;
    touched.add(key);
    this.#services.set(key, { type, name: data.target, origin, ...heard });
  }

  #takeParticulars({ name, ttl, data }: ResourceRecord, origin: Origin, touched: Set<string>): void {
    // One that is taken back stays until others are heard: responders do so for a moment when they begin anew.
    if (data.type === 'a' || data.type === 'aaaa')
      return ttl > 0 ? this.#takeAddress(name, data.address, origin) : undefined;
    const key = keyOf(name, origin);
    const service = this.#services.get(key);
    if (service === undefined) return;
    touched.add(key);
    if (data.type === 'srv' && ttl > 0) service.target = { host: data.target, port: data.port };
    if (data.type === 'txt' && ttl > 0) service.txt = data.strings;
    if (data.type === 'srv' && ttl === 0) this.#services.delete(key);
  }

  #takeAddress(host: DomainName, address: string, origin: Origin): void {
    const key = keyOf(host, origin);
    const known = this.#hosts.get(key) ?? { addresses: new Set<string>(), monotonic: 0 };
    known.monotonic = this.#options.clock.monotonic();
    if (known.addresses.size < MOST_ADDRESSES) known.addresses.add(address);
    if (this.#hosts.size < MOST_HOSTS) this.#hosts.set(key, known);
  }

  #countOf({ address }: Origin): number {
    let count = 0;
    for (const { origin } of this.#services.values()) if (origin.address === address) count++;
    return count;
  }

  /** What was listed without it, is asked for once a round. */
  #askForMore(origin: Origin, touched: ReadonlySet<string>): void {
    const questions: Question[] = [];
    for (const key of touched) {
      const service = this.#services.get(key);
      if (service === undefined || this.#asked.size >= MOST_ASKED) continue;
      const { name, target, txt } = service;
      if (target === undefined || txt === undefined) {
        if (this.#isNew(key)) questions.push(question(name, RecordType.srv), question(name, RecordType.txt));
      } else if (this.#addressesOf(target.host, origin).length === 0) {
        if (this.#isNew(keyOf(target.host, origin)))
          questions.push(question(target.host, RecordType.a), question(target.host, RecordType.aaaa));
      }
    }
    for (let from = 0; from < questions.length; from += IN_A_PACKET) {
      this.#ask(questions.slice(from, from + IN_A_PACKET));
    }
  }

  #isNew(key: string): boolean {
    const isNew = !this.#asked.has(key);
    this.#asked.add(key);
    return isNew;
  }

  #ask(questions: readonly Question[]): void {
    this.#until = Math.min(this.#options.clock.monotonic() + WINDOW, this.#latest);
    this.#options.send({ ...EMPTY, questions });
  }

  #addressesOf(host: DomainName, origin: Origin): readonly string[] {
    return [...(this.#hosts.get(keyOf(host, origin))?.addresses ?? [])];
  }

  #forgetSilent(): void {
    const since = this.#options.clock.monotonic() - SILENCE;
    for (const [key, { monotonic }] of this.#services) if (monotonic < since) this.#services.delete(key);
    for (const [key, { monotonic }] of this.#hosts) if (monotonic < since) this.#hosts.delete(key);
    this.#tellSoon();
  }

  #tellSoon(): void {
    this.#reporting ??= this.#options.clock.after(REPORT_DELAY, () => {
      this.#reporting = undefined;
      this.#options.report([...this.#services.values()].flatMap((each) => this.#shown(each)));
    });
  }

  #shown({ type, name, origin, target, txt, heardAt }: Service): FoundService[] {
    // Port 0: it keeps the name and does not speak that protocol (Bonjour Printing 1.2 §4).
    if (target === undefined || txt === undefined || target.port === 0) return [];
    if (sameName(target.host, this.#options.host)) return [];
    const address = best(this.#addressesOf(target.host, origin), origin.address);
    return [
      {
        type,
        name: displayable(name[0] ?? '', 63),
        host: displayable(target.host.join('.'), 255),
        port: target.port,
        address,
        onLink: address !== undefined && this.#options.isOnLink(address, origin.interface),
        txt: readTxt(txt),
        heardAt,
      },
    ];
  }
}

/** IPv4 first, as every printer has it; the one that it speaks from before another. A link-local one of IPv6 is of no use elsewhere. */
function best(addresses: readonly string[], from: string): string | undefined {
  const usable = addresses.filter((each) => isIPv4(each) || (isIPv6(each) && !/^fe[89ab]/i.test(each)));
  const ipv4 = usable.filter((each) => isIPv4(each));
  const [first] = (ipv4.length > 0 ? ipv4 : usable).toSorted();
  return usable.includes(from) && (isIPv4(from) || ipv4.length === 0) ? from : first;
}

function typeOf([label = '', protocol = '', domain = '']: DomainName): ServiceType | undefined {
  if (protocol.toLowerCase() !== '_tcp' || domain.toLowerCase() !== 'local') return undefined;
  return SERVICE_TYPES.find((each) => each === label.toLowerCase());
}

const keyOf = (name: DomainName, { interface: on, address }: Origin): string =>
  JSON.stringify([nameKey(name), on, address]);

const question = (name: DomainName, type: number): Question => ({ name, type, unicast: false });
