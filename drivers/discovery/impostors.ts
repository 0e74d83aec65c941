/** Watches for other hosts that announce our names, our UUIDs or our host; our own words, however they come, are none. */
import type { Clock, Timer } from '../../base/clock.ts';
import { Milliseconds } from '../../base/units.ts';
import { EMPTY } from './answers.ts';
import {
  type DnsMessage,
  type DomainName,
  nameKey,
  type Question,
  type RecordData,
  RecordType,
  type ResourceRecord,
  sameName,
} from './dns/model.ts';
import type { DiscoveryEvent, Impostor } from './messages.ts';
import { type AdvertisedQueue, servicesOf } from './services.ts';

export interface ImpostorsOptions {
  readonly clock: Clock;
  readonly host: DomainName;
  send(message: DnsMessage): void;
  report(event: DiscoveryEvent): void;
}

interface Seen {
  readonly impostor: Impostor;
  /** What to ask, to hear whether it is still there. */
  readonly question: Question;
  at: number;
}

/** While there is one it is asked for this often, and forgotten when it has been silent so long. */
const ASK_AGAIN = Milliseconds(60_000);
const SILENCE = 150_000;
/** Printers are asked for their UUID this often; what they tell others in between is heard too. */
const BROWSE_AGAIN = Milliseconds(3_600_000);
/** A storm of different ones must not fill the memory. */
const MOST_SEEN = 100;
const MOST_ASKED = 500;
const MOST_KEPT = 2000;

const TYPES = new Set(['_ipp', '_ipps', '_printer']);
const BROWSED = ['_ipp', '_ipps'];

export class Impostors {
  readonly #options: ImpostorsOptions;
  /** Lower-case service name → queue: those of now and of before of the queues that there are, as others may still repeat them. */
  readonly #names = new Map<string, string>();
  readonly #uuids = new Map<string, string>();
  /** TXT records that we sent, as others may still repeat them. */
  readonly #texts = new Set<string>();
  /** Service types and the ports that we said they have, likewise. */
  readonly #ports = new Set<string>();
  readonly #addresses = new Set<string>();
  readonly #seen = new Map<string, Seen>();
  readonly #asked = new Set<string>();
  #watching: Timer | undefined;
  #browsing: Timer | undefined;

  constructor(options: ImpostorsOptions) {
    this.#options = options;
  }

  own({ queue, names }: { readonly queue: string; readonly names: readonly string[] }): void {
    for (const name of names) this.#keep(() => this.#names.set(name.toLowerCase(), queue), this.#names);
  }

  /** Takes over the queues that there are now. Names of queues that are gone may be anybody's again. */
  setQueues(queues: readonly AdvertisedQueue[]): void {
    const living = new Set(queues.map(({ queue }) => queue));
    for (const [name, queue] of this.#names) if (!living.has(queue)) this.#names.delete(name);
    for (const { impostor } of this.#seen.values()) {
      if (impostor.queue !== undefined && !living.has(impostor.queue)) this.#gone(impostor);
    }
    this.#uuids.clear();
    for (const queue of queues) {
      const uuid = uuidIn(queue.txt);
      if (uuid !== undefined) this.#uuids.set(uuid, queue.queue);
      for (const { txt, type, port } of servicesOf(queue)) {
        this.#keep(() => this.#texts.add(JSON.stringify(txt)), this.#texts);
        this.#keep(() => this.#ports.add(portKey(type, port)), this.#ports);
      }
    }
  }

  ownAddresses(addresses: readonly string[]): void {
    for (const each of addresses) this.#keep(() => this.#addresses.add(each), this.#addresses);
  }

  /** Asks all printers of the network who they are, now and from time to time. */
  browse(): void {
    this.#browsing?.cancel();
    this.#asked.clear();
    const questions = BROWSED.map((type) => ask([type, '_tcp', 'local'], RecordType.ptr));
    this.#options.send({ ...EMPTY, questions });
    this.#browsing = this.#options.clock.after(BROWSE_AGAIN, () => this.browse());
  }

  stop(): void {
    this.#browsing?.cancel();
    this.#watching?.cancel();
  }

  /**
   * @param records of one response.
   * @returns queues of which it says what is not so, at our own host: clients that believe it are to be told better.
   */
  look(records: readonly ResourceRecord[], address: string): ReadonlySet<string> {
    const forged = new Set<string>();
    for (const record of records) {
      const found = this.#claim(record, records, address);
      if (found === undefined) continue;
      if (record.ttl === 0) this.#gone(found);
      else this.#found(found, ask(record.name, RecordType.any));
      if (found.claims === 'name' && found.queue !== undefined && found.host === undefined)
        forged.add(found.queue);
    }
    this.#askForTexts(records);
    return forged;
  }

  #claim(
    { name, data }: ResourceRecord,
    all: readonly ResourceRecord[],
    address: string,
  ): Impostor | undefined {
    if (data.type === 'a' || data.type === 'aaaa') {
      if (!sameName(name, this.#options.host) || this.#addresses.has(data.address)) return undefined;
      return { claims: 'host', queue: undefined, name: name.join('.'), address, host: data.address };
    }
    const [service = '', type = ''] = name;
    if (name.length !== 4 || !TYPES.has(type.toLowerCase())) return undefined;
    const named = this.#names.get(service.toLowerCase());
    const target = data.type === 'srv' ? data.target : targetOf(name, all);
    const isHere = target !== undefined && sameName(target, this.#options.host);
    // A host that hides behind our host's name is known by the address that it speaks from.
    const told = { name: service, address, host: isHere ? undefined : target?.join('.') };
    if (named !== undefined) {
      const mayBeOurs = isHere || (data.type === 'txt' && target === undefined);
      const denies =
        (data.type === 'srv' || data.type === 'txt') && !(mayBeOurs && this.#wasSaid(type, data));
      return denies ? { claims: 'name', queue: named, ...told } : undefined;
    }
    if (isHere) return undefined;
    const uuid = data.type === 'txt' ? uuidIn(data.strings) : undefined;
    const queue = uuid === undefined ? undefined : this.#uuids.get(uuid);
    return queue === undefined ? undefined : { claims: 'uuid', queue, ...told };
  }

  /** Whether we said it ourselves, now or before. */
  #wasSaid(type: string, data: RecordData): boolean {
    if (data.type === 'txt') return this.#texts.has(JSON.stringify(data.strings));
    return data.type === 'srv' && this.#ports.has(portKey(type, data.port));
  }

  #found(impostor: Impostor, question: Question): void {
    const key = keyOf(impostor);
    const at = this.#options.clock.monotonic();
    const before = this.#seen.get(key);
    if (before !== undefined) {
      before.at = at;
      return;
    }
    if (this.#seen.size >= MOST_SEEN) return;
    this.#seen.set(key, { impostor, question, at });
    this.#options.report({ kind: 'impostor', impostor });
    this.#watching ??= this.#options.clock.after(ASK_AGAIN, () => this.#watch());
  }

  #gone(impostor: Impostor): void {
    const key = keyOf(impostor);
    const seen = this.#seen.get(key);
    if (!this.#seen.delete(key) || seen === undefined) return;
    this.#options.report({ kind: 'impostor-gone', impostor: seen.impostor });
  }

  #watch(): void {
    this.#watching = undefined;
    const silentSince = this.#options.clock.monotonic() - SILENCE;
    for (const seen of this.#seen.values()) if (seen.at < silentSince) this.#gone(seen.impostor);
    const questions = [...this.#seen.values()].slice(0, 20).map(({ question }) => question);
    if (questions.length === 0) return;
    this.#options.send({ ...EMPTY, questions });
    this.#watching = this.#options.clock.after(ASK_AGAIN, () => this.#watch());
  }

  /** Of services that were only listed the TXT record is asked for, once. */
  #askForTexts(records: readonly ResourceRecord[]): void {
    const told = new Set(records.filter(({ data }) => data.type === 'txt').map(({ name }) => nameKey(name)));
    const questions: Question[] = [];
    for (const { name, data } of records) {
      if (data.type !== 'ptr' || name.length !== 3 || !BROWSED.includes(name[0]?.toLowerCase() ?? ''))
        continue;
      const key = nameKey(data.target);
      const isOurs = this.#names.has(data.target[0]?.toLowerCase() ?? '');
      if (isOurs || told.has(key) || this.#asked.has(key) || this.#asked.size >= MOST_ASKED) continue;
      this.#asked.add(key);
      questions.push(ask(data.target, RecordType.txt), ask(data.target, RecordType.srv));
    }
    // Not more than surely fit one packet.
    for (let from = 0; from < questions.length; from += 10) {
      this.#options.send({ ...EMPTY, questions: questions.slice(from, from + 10) });
    }
  }

  #keep(add: () => void, kept: { readonly size: number }): void {
    if (kept.size < MOST_KEPT) add();
  }
}

const portKey = (type: string, port: number): string => `${type.toLowerCase()} ${port}`;

const ask = (name: DomainName, type: number): Question => ({ name, type, unicast: false });

/** One host speaks from several addresses: by IPv4 and IPv6. */
const keyOf = ({ claims, name, host, address }: Impostor): string =>
  JSON.stringify([claims, name.toLowerCase(), host?.toLowerCase() ?? address]);

function targetOf(name: DomainName, records: readonly ResourceRecord[]): DomainName | undefined {
  for (const { name: other, data } of records) {
    if (data.type === 'srv' && sameName(other, name)) return data.target;
  }
  return undefined;
}

function uuidIn(strings: readonly string[]): string | undefined {
  return strings
    .find((each) => /^uuid=/i.test(each))
    ?.slice('UUID='.length)
    .toLowerCase();
}
