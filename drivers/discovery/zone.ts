/** The records of queues as a zone file for ordinary DNS, where multicast does not reach (RFC 6763 §11, RFC 1035 §5). */
import { type DomainName, nameKey, type RecordData, type ResourceRecord } from './dns/model.ts';
import { nextName } from './instance-name.ts';
import { type AdvertisedQueue, servicesOf, sharedRecords, uniqueRecords } from './services.ts';

export interface ZoneOptions {
  readonly queues: readonly AdvertisedQueue[];
  /** `example.org` */
  readonly domain: string;
  /** Under which clients of that domain reach the gateway: a name that DNS knows. */
  readonly host: string;
}

/** Seconds. */
const TTL = 3600;
/** Where clients that are told the domain look for domains to browse (RFC 6763 §11). */
const BROWSING = ['b', 'lb'];

/** To be included into the zone of the domain: records only, each with its whole name. */
export function zoneText({ queues, domain, host }: ZoneOptions): string {
  const labels = labelsOf(domain);
  const records: ResourceRecord[] = BROWSING.map((label) => ({
    name: [label, '_dns-sd', '_udp', ...labels],
    ttl: TTL,
    flush: false,
    data: { type: 'ptr', target: labels },
  }));
  const taken = new Set<string>();
  for (const queue of queues) {
    const services = servicesOf(queue);
    let { name } = queue;
    while (taken.has(name.toLowerCase())) name = nextName(name);
    taken.add(name.toLowerCase());
    records.push(...sharedRecords(name, services, labels));
    records.push(...uniqueRecords(name, services, labelsOf(host), labels));
  }
  const lines = [
    `; The queues of Holdfast for unicast DNS service discovery (RFC 6763).`,
    `; Include it in the zone ${nameText(labels)} and count up its serial number.`,
    `; ${nameText(labelsOf(host))} needs an address record of its own.`,
    ...unique(records).map(recordText),
  ];
  return `${lines.join('\n')}\n`;
}

const labelsOf = (name: string): string[] => name.split('.').filter((label) => label !== '');

/** All queues share the list of service types. */
function unique(records: readonly ResourceRecord[]): ResourceRecord[] {
  const texts = new Map(records.map((each) => [`${nameKey(each.name)} ${dataText(each.data)}`, each]));
  return [...texts.values()];
}

const recordText = ({ name, data }: ResourceRecord): string =>
  `${nameText(name)} ${TTL} IN ${dataText(data)}`;

function dataText(data: RecordData): string {
  switch (data.type) {
    case 'ptr':
      return `PTR ${nameText(data.target)}`;
    case 'srv':
      return `SRV 0 0 ${data.port} ${nameText(data.target)}`;
    case 'txt':
      return `TXT ${(data.strings.length === 0 ? [''] : data.strings).map((each) => `"${escaped(each, /["\\]/)}"`).join(' ')}`;
    default:
      throw new TypeError(`a zone has no ${data.type} record here`);
  }
}

const nameText = (name: DomainName): string =>
  `${name.map((label) => escaped(label, /[^A-Za-z0-9_-]/)).join('.')}.`;

/** Octets that are special, no ASCII or not to be seen as `\DDD`. */
function escaped(text: string, special: RegExp): string {
  return Array.from(Buffer.from(text), (octet) => {
    const letter = String.fromCharCode(octet);
    const isPlain = octet >= 0x20 && octet < 0x7f && !special.test(letter);
    return isPlain ? letter : `\\${`${octet}`.padStart(3, '0')}`;
  }).join('');
}
