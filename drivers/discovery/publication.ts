/** One queue made known: finds out whether its name is free, tells it, gives way to others (RFC 6762 §8, §9). */
import type { Clock, Timer } from '../../base/clock.ts';
import { Milliseconds } from '../../base/units.ts';
import { EMPTY } from './answers.ts';
import { dataOctets } from './dns/encode.ts';
import {
  type DnsMessage,
  type DomainName,
  nameKey,
  RecordType,
  type ResourceRecord,
  sameName,
  typeCode,
} from './dns/model.ts';
import { nextName } from './instance-name.ts';
import { type AdvertisedQueue, type Service, servicesOf, sharedRecords, uniqueRecords } from './services.ts';

/** What a publication needs of the responder. */
export interface Publisher {
  readonly clock: Clock;
  /** 0 to 1. */
  random(): number;
  readonly host: DomainName;
  /** To everybody, on every interface. */
  send(message: DnsMessage): void;
  /** Sends the records, with the addresses of the host, on every interface. */
  announce(records: readonly ResourceRecord[]): void;
  /** Takes the records back on every interface. */
  withdraw(records: readonly ResourceRecord[]): void;
  /** Whether another queue of this gateway has the name. */
  isTaken(name: string, by: Publication): boolean;
  /** The name is ours now. */
  named(publication: Publication): void;
}

const PROBES = 3;
const BETWEEN_PROBES = Milliseconds(250);
const BETWEEN_ANNOUNCEMENTS = Milliseconds(1000);
/** Whoever loses against another prober asks again after this. */
const AFTER_LOST_PROBE = Milliseconds(1000);
/** So many conflicts in so many milliseconds are a storm, in which every new name has to wait (RFC 6762 §8.1). */
const STORM = { conflicts: 15, within: 10_000, wait: Milliseconds(5000) };

export class Publication {
  /** What it is called in the configuration of the gateway. */
  readonly queue: string;
  /** The name that was asked for. */
  readonly wanted: string;
  readonly #publisher: Publisher;
  #name: string;
  #services: readonly Service[];
  #unique: readonly ResourceRecord[] = [];
  #shared: readonly ResourceRecord[] = [];
  #established = false;
  #probing = false;
  #timer: Timer | undefined;
  #conflicts: number[] = [];

  /** @param name the one that it had last time, or the wanted one. */
  constructor(queue: AdvertisedQueue, name: string, publisher: Publisher) {
    this.queue = queue.queue;
    this.wanted = queue.name;
    this.#publisher = publisher;
    this.#name = name;
    this.#services = servicesOf(queue);
  }

  get name(): string {
    return this.#name;
  }

  /** Whether others have left us the name. */
  get established(): boolean {
    return this.#established;
  }

  /** Records that nobody else may have. */
  get unique(): readonly ResourceRecord[] {
    return this.#unique;
  }

  /** All records, once the name is ours. */
  get records(): readonly ResourceRecord[] {
    return this.#established ? [...this.#shared, ...this.#unique] : [];
  }

  /** Whether a change to this needs no other name and no other service. */
  canBecome(queue: AdvertisedQueue): boolean {
    const services = servicesOf(queue);
    return (
      queue.name === this.wanted &&
      services.length === this.#services.length &&
      services.every(({ type, port }, index) => {
        const now = this.#services[index];
        return now?.type === type && now.port === port;
      })
    );
  }

  become(queue: AdvertisedQueue): void {
    const services = servicesOf(queue);
    if (JSON.stringify(services) === JSON.stringify(this.#services)) return;
    this.#services = services;
    this.#build();
    if (this.#established) this.#announce(2);
  }

  /** Asks whether the name is free; told by `named` when it is. To be called again when the network has changed. */
  start(delay = this.#publisher.random() * BETWEEN_PROBES): void {
    while (this.#publisher.isTaken(this.#name, this)) this.#name = nextName(this.#name);
    this.#established = false;
    this.#probing = true;
    this.#build();
    this.#after(Milliseconds(delay), () => this.#probe(PROBES));
  }

  /** Takes it back everywhere. */
  stop(): void {
    this.#timer?.cancel();
    this.#probing = false;
    if (this.#established) this.#publisher.withdraw(this.records);
    this.#established = false;
  }

  announceAgain(): void {
    if (this.#established) this.#announce(2);
  }

  /** Somebody else answers for our name. */
  conflict(): void {
    const now = this.#publisher.clock.monotonic();
    this.#conflicts = [...this.#conflicts, now].filter((each) => each > now - STORM.within);
    const storm = this.#conflicts.length > STORM.conflicts;
    // One that is established asks again under its name: the other may give way (RFC 6762 §9).
    if (!this.#established) this.#name = nextName(this.#name);
    this.start(storm ? STORM.wait : undefined);
  }

  /**
   * Another asks for our name while we do: whose data is greater has it (RFC 6762 §8.2).
   * @param theirs all records that it wants to have.
   */
  rival(theirs: readonly ResourceRecord[]): void {
    if (!this.#probing) return;
    const lost = [...Map.groupBy(this.#unique, (each) => nameKey(each.name))].some(([key, ours]) => {
      const same = theirs.filter((each) => nameKey(each.name) === key);
      return same.length > 0 && compareSets(ours, same) < 0;
    });
    if (lost) this.start(AFTER_LOST_PROBE);
  }

  /** Whether the record says that a service of our name is on another host. */
  isDeniedBy({ name, ttl, data }: ResourceRecord): boolean {
    if (data.type !== 'srv' || ttl === 0 || sameName(data.target, this.#publisher.host)) return false;
    return this.#unique.some((each) => sameName(each.name, name));
  }

  #build(): void {
    this.#unique = uniqueRecords(this.#name, this.#services, this.#publisher.host);
    this.#shared = sharedRecords(this.#name, this.#services);
  }

  #probe(left: number): void {
    if (left === 0) return this.#win();
    const names = [...new Map(this.#unique.map(({ name }) => [nameKey(name), name])).values()];
    this.#publisher.send({
      ...EMPTY,
      // Never by unicast: beside another responder of this host the answer might go to that one (RFC 6762 §15.4).
      questions: names.map((name) => ({ name, type: RecordType.any, unicast: false })),
      authorities: this.#unique.map((record) => ({ ...record, flush: false })),
    });
    this.#after(BETWEEN_PROBES, () => this.#probe(left - 1));
  }

  #win(): void {
    this.#probing = false;
    this.#established = true;
    this.#announce(2);
    this.#publisher.named(this);
  }

  #announce(times: number): void {
    this.#timer?.cancel();
    this.#publisher.announce(this.records);
    if (times > 1) this.#after(BETWEEN_ANNOUNCEMENTS, () => this.#announce(times - 1));
  }

  #after(delay: Milliseconds, run: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#publisher.clock.after(delay, run);
  }
}

/** Both sorted; the first difference decides, and more records win over fewer (RFC 6762 §8.2.1). */
function compareSets(ours: readonly ResourceRecord[], theirs: readonly ResourceRecord[]): number {
  const a = ours.map(comparable).sort(Buffer.compare);
  const b = theirs.map(comparable).sort(Buffer.compare);
  for (const [index, one] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const order = Buffer.compare(one, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Class, type, data; the class is always IN. */
function comparable({ data }: ResourceRecord): Buffer {
  const type = Buffer.alloc(2);
  type.writeUInt16BE(typeCode(data));
  return Buffer.concat([type, dataOctets(data)]);
}
