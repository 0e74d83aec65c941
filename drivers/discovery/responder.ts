/** Answers for the queues on every interface (RFC 6762): whom, when, how often; a machine without sockets. */
import type { Clock, Timer } from '../../base/clock.ts';
import { Milliseconds } from '../../base/units.ts';
import { additionalsTo, answersTo, knownAnswers, responses } from './answers.ts';
import { decodeMessage } from './dns/decode.ts';
import { encodeMessage } from './dns/encode.ts';
import {
  type DnsMessage,
  type DomainName,
  nameKey,
  type Question,
  type ResourceRecord,
} from './dns/model.ts';
import { Impostors } from './impostors.ts';
import type { DiscoveryEvent } from './messages.ts';
import { Publication, type Publisher } from './publication.ts';
import { type AdvertisedQueue, hostRecords } from './services.ts';

export interface Interface {
  readonly name: string;
  /** Under which the gateway is told to be reached there. */
  readonly addresses: readonly string[];
}

/** Whence a packet came; only packets of hosts on the link of an interface reach the responder. */
export interface Origin {
  readonly interface: string;
  readonly address: string;
  readonly port: number;
}

export interface ResponderOptions {
  readonly clock: Clock;
  /** 0 to 1. */
  random(): number;
  /** `['holdfast-1a2b3c4d', 'local']`: a name that no other host and no other program of this host has. */
  readonly host: DomainName;
  /** @param to one host, or everybody when undefined. */
  send(packet: Buffer, on: string, to?: Origin): void;
  report(event: DiscoveryEvent): void;
}

/** Where multicast DNS lives; from another port asks a simple resolver (RFC 6762 §6.7). */
export const MDNS_PORT = 5353;
/** Milliseconds between two times that everybody is told the same; whoever probes for our name hears it sooner (RFC 6762 §6). */
const BETWEEN_MULTICASTS = 1000;
const BETWEEN_DEFENCES = 250;
/** So that not everybody answers at once. */
const SHARED_DELAY = { least: 20, more: 100 };
/** How long known answers in further packets are waited for (RFC 6762 §7.2). */
const TRUNCATED_DELAY = { least: 400, more: 100 };
const MOST_TRUNCATED = 100;
/** Of one asker at once; a real one has a few, and knows a few hundred printers. */
const MOST_QUESTIONS = 50;
const MOST_KNOWN = 2000;
/** A simple resolver asks one thing, and gets its questions back. */
const MOST_SIMPLE_QUESTIONS = 10;
/** Seconds that a simple resolver may keep what it heard. */
const LEGACY_TTL = 10;

interface Asked {
  readonly questions: Question[];
  readonly known: ResourceRecord[];
}

interface Waiting {
  readonly answers: Set<ResourceRecord>;
  readonly timer: Timer;
}

export class Responder {
  readonly #options: ResponderOptions;
  readonly #publisher: Publisher;
  readonly #impostors: Impostors;
  readonly #publications = new Map<string, Publication>();
  readonly #interfaces = new Map<string, { readonly records: readonly ResourceRecord[]; key: string }>();
  /** When each record was last told to everybody, by interface. */
  readonly #told = new Map<string, WeakMap<ResourceRecord, number>>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #truncated = new Map<string, Asked>();

  constructor(options: ResponderOptions) {
    this.#options = options;
    const { clock, random, host, report } = options;
    this.#impostors = new Impostors({ clock, host, report, send: (message) => this.#sendToAll(message) });
    this.#publisher = {
      clock,
      random,
      host,
      send: (message) => this.#sendToAll(message),
      announce: (records) => this.#announce(records),
      withdraw: (records) => {
        for (const name of this.#interfaces.keys()) this.#withdraw(records, name);
      },
      isTaken: (name, by) => {
        const others = [...this.#publications.values()].filter((each) => each !== by);
        return others.some((each) => each.name.toLowerCase() === name.toLowerCase());
      },
      named: ({ queue, wanted, name }) => {
        this.#impostors.own({ queue, names: [wanted, name] });
        this.#impostors.browse();
        report({ kind: 'named', queue, wanted, name });
      },
    };
  }

  /** Takes over the interfaces that are up now; names are made sure of again where there is a new one. */
  setInterfaces(interfaces: readonly Interface[]): void {
    let isNew = false;
    let changed = false;
    const names = new Set(interfaces.map(({ name }) => name));
    for (const name of this.#interfaces.keys()) if (!names.has(name)) this.#interfaces.delete(name);
    for (const { name, addresses } of interfaces) {
      const before = this.#interfaces.get(name);
      const key = addresses.join();
      if (before?.key === key) continue;
      isNew ||= before === undefined;
      changed = true;
      this.#interfaces.set(name, { records: hostRecords(this.#options.host, addresses), key });
      this.#impostors.ownAddresses(addresses);
    }
    for (const each of this.#publications.values()) {
      if (isNew) each.start();
      else if (changed) each.announceAgain();
    }
  }

  /** @param lastNames of queues, as they were reported before. */
  setQueues(queues: readonly AdvertisedQueue[], lastNames: ReadonlyMap<string, string>): void {
    const wanted = new Map(queues.map((queue) => [queue.queue, queue]));
    for (const [key, publication] of this.#publications) {
      const queue = wanted.get(key);
      if (queue !== undefined && publication.canBecome(queue)) continue;
      publication.stop();
      this.#publications.delete(key);
    }
    this.#impostors.setQueues(queues);
    for (const queue of queues) {
      const publication = this.#publications.get(queue.queue);
      if (publication !== undefined) {
        publication.become(queue);
        continue;
      }
      const made = new Publication(queue, lastNames.get(queue.queue) ?? queue.name, this.#publisher);
      this.#publications.set(queue.queue, made);
      this.#impostors.own({ queue: made.queue, names: [made.wanted, made.name] });
      if (this.#interfaces.size > 0) made.start();
    }
  }

  /** Takes everything back. */
  stop(): void {
    for (const each of this.#publications.values()) each.stop();
    for (const [name, { records }] of this.#interfaces) {
      this.#withdraw(records, name);
    }
    for (const { timer } of this.#waiting.values()) timer.cancel();
    this.#impostors.stop();
    this.#publications.clear();
  }

  receive(packet: Uint8Array, origin: Origin): void {
    if (!this.#interfaces.has(origin.interface)) return;
    const message = decodeMessage(packet);
    if (message === undefined) return;
    if (message.response) {
      // Anything else is no word of a multicast DNS responder (RFC 6762 §6).
      if (origin.port === MDNS_PORT) this.#takeResponse(message, origin);
      return;
    }
    if (message.authorities.length > 0) {
      for (const each of this.#publications.values()) each.rival(message.authorities);
    }
    this.#takeQuery(message, origin);
  }

  #takeResponse({ answers, additionals }: DnsMessage, origin: Origin): void {
    const records = [...answers, ...additionals];
    const forged = this.#impostors.look(records, origin.address);
    for (const publication of this.#publications.values()) {
      if (forged.has(publication.queue)) this.#contradict(publication, origin.interface);
      if (records.some((record) => publication.isDeniedBy(record))) publication.conflict();
    }
  }

  /** Tells again what is so, once a second at the most. */
  #contradict(publication: Publication, on: string): void {
    if (publication.unique.every((each) => this.#age(each, on) >= BETWEEN_MULTICASTS))
      publication.announceAgain();
  }

  #takeQuery(message: DnsMessage, origin: Origin): void {
    const { questions, answers: known } = message;
    const asker = `${origin.interface} ${origin.address} ${origin.port}`;
    const begun = this.#truncated.get(asker);
    if (begun !== undefined && isContinuation(message)) {
      begun.known.push(...known.slice(0, MOST_KNOWN - begun.known.length));
      return;
    }
    if (!message.truncated || begun !== undefined || this.#truncated.size >= MOST_TRUNCATED) {
      return this.#answer({ questions: [...questions], known: [...known] }, message, origin);
    }
    const asked: Asked = { questions: [...questions], known: [...known] };
    this.#truncated.set(asker, asked);
    this.#options.clock.after(this.#between(TRUNCATED_DELAY), () => {
      this.#truncated.delete(asker);
      this.#answer(asked, message, origin);
    });
  }

  #answer({ questions, known }: Asked, message: DnsMessage, origin: Origin): void {
    const ours = this.#recordsOn(origin.interface);
    const byName = knownAnswers(known);
    const asked = questions.slice(0, MOST_QUESTIONS);
    const answers = [...new Set(asked.flatMap((question) => answersTo(question, ours, byName)))];
    if (answers.length === 0) return;
    if (origin.port !== MDNS_PORT) return this.#answerSimply(message, answers, ours, origin);
    let toAll = answers;
    if (questions.every(({ unicast }) => unicast)) {
      this.#send(responses(answers, additionalsTo(answers, ours)), origin.interface, origin);
      // Everybody is told too where it is long ago that they were (RFC 6762 §5.4).
      toAll = answers.filter((each) => this.#age(each, origin.interface) > (each.ttl * 1000) / 4);
    }
    if (message.authorities.length > 0) return this.#defend(origin.interface, toAll, ours);
    const isShared = toAll.some(({ flush }) => !flush);
    this.#answerAll(origin.interface, toAll, isShared ? this.#between(SHARED_DELAY) : Milliseconds(0));
  }

  #defend(on: string, answers: readonly ResourceRecord[], ours: readonly ResourceRecord[]): void {
    const due = answers.filter((each) => this.#age(each, on) >= BETWEEN_DEFENCES);
    this.#tell(on, due, additionalsTo(due, ours));
  }

  /** To a resolver that knows nothing of multicast DNS: as a DNS server would. */
  #answerSimply(
    { id, questions }: DnsMessage,
    answers: readonly ResourceRecord[],
    ours: readonly ResourceRecord[],
    origin: Origin,
  ): void {
    const plain = (records: readonly ResourceRecord[]) =>
      records.map((each) => ({ ...each, flush: false, ttl: Math.min(each.ttl, LEGACY_TTL) }));
    const [first] = responses(answers, additionalsTo(answers, ours));
    if (first === undefined || questions.length > MOST_SIMPLE_QUESTIONS) return;
    const reply = { answers: plain(first.answers), additionals: plain(first.additionals) };
    this.#send([{ ...first, id, questions, ...reply }], origin.interface, origin);
  }

  #answerAll(on: string, answers: readonly ResourceRecord[], delay: Milliseconds): void {
    if (answers.length === 0) return;
    const waiting = this.#waiting.get(on);
    if (waiting !== undefined) {
      for (const each of answers) waiting.answers.add(each);
      return;
    }
    const timer = this.#options.clock.after(delay, () => this.#flush(on));
    this.#waiting.set(on, { answers: new Set(answers), timer });
  }

  #flush(on: string): void {
    const waiting = this.#waiting.get(on);
    this.#waiting.delete(on);
    if (waiting === undefined || !this.#interfaces.has(on)) return;
    const ours = this.#recordsOn(on);
    // What was taken back or has changed meanwhile is not said any more.
    const current = new Set(ours);
    const names = new Set(ours.map(({ name }) => nameKey(name)));
    const isOurs = (each: ResourceRecord) =>
      each.data.type === 'nsec' ? names.has(nameKey(each.name)) : current.has(each);
    const answers = [...waiting.answers].filter(
      (each) => isOurs(each) && this.#age(each, on) >= BETWEEN_MULTICASTS,
    );
    this.#tell(on, answers, additionalsTo(answers, ours));
  }

  #announce(records: readonly ResourceRecord[]): void {
    for (const [name, { records: host }] of this.#interfaces) this.#tell(name, [...records, ...host], []);
  }

  #withdraw(records: readonly ResourceRecord[], on: string): void {
    this.#send(responses(records.map((record) => ({ ...record, ttl: 0 }))), on);
  }

  #tell(on: string, answers: readonly ResourceRecord[], additionals: readonly ResourceRecord[]): void {
    const told = this.#told.get(on) ?? new WeakMap<ResourceRecord, number>();
    this.#told.set(on, told);
    for (const each of answers) told.set(each, this.#options.clock.monotonic());
    this.#send(responses(answers, additionals), on);
  }

  /** Milliseconds since everybody on the interface was told it. */
  #age(record: ResourceRecord, on: string): number {
    const at = this.#told.get(on)?.get(record);
    return at === undefined ? Number.POSITIVE_INFINITY : this.#options.clock.monotonic() - at;
  }

  #recordsOn(name: string): ResourceRecord[] {
    const queues = [...this.#publications.values()].flatMap((each) => each.records);
    return [...queues, ...(this.#interfaces.get(name)?.records ?? [])];
  }

  #between({ least, more }: { readonly least: number; readonly more: number }): Milliseconds {
    return Milliseconds(least + this.#options.random() * more);
  }

  #sendToAll(message: DnsMessage): void {
    for (const name of this.#interfaces.keys()) this.#send([message], name);
  }

  #send(messages: readonly DnsMessage[], on: string, to?: Origin): void {
    for (const message of messages) this.#options.send(encodeMessage(message), on, to);
  }
}

/** Further known answers come without a question (RFC 6762 §7.2); whatever asks or probes is a query of its own. */
const isContinuation = ({ questions, authorities }: DnsMessage): boolean =>
  questions.length === 0 && authorities.length === 0;
