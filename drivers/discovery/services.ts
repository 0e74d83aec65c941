/** The records of a queue: its services as DNS-SD has them (RFC 6763 §4, §7; Bonjour Printing 1.2 §4, §10). */
import type { DomainName, RecordData, ResourceRecord } from './dns/model.ts';

/** Seconds; a record that names a host, and any other (RFC 6762 §10). */
export const HOST_TTL = 120;
export const OTHER_TTL = 4500;

const LOCAL: DomainName = ['local'];
const ENUMERATION: DomainName = ['_services', '_dns-sd', '_udp'];
/** Linux and AirPrint look for printers by these. */
const SUBTYPES = ['_print', '_universal'];

/** A queue to be made known. */
export interface AdvertisedQueue {
  /** Its name in the configuration. */
  readonly queue: string;
  /** What users see, as {@link instanceName} makes it; another when it is taken. */
  readonly name: string;
  /** `key=value`, each at most 255 octets. */
  readonly txt: readonly string[];
  /** Undefined where it cannot be reached that way. */
  readonly ippPort: number | undefined;
  readonly ippsPort: number | undefined;
}

export interface Service {
  /** `_ipp` */
  readonly type: string;
  readonly port: number;
  readonly txt: readonly string[];
  readonly subtypes: readonly string[];
}

export function servicesOf({ txt, ippPort, ippsPort }: AdvertisedQueue): Service[] {
  const ipp = (type: string, port: number | undefined): Service[] =>
    port === undefined ? [] : [{ type, port, txt, subtypes: SUBTYPES }];
  return [
    // Port 0: we do not speak LPD, but nobody else may have the name (Bonjour Printing 1.2 §4).
    { type: '_printer', port: 0, txt: [], subtypes: [] },
    ...ipp('_ipp', ippPort),
    ...ipp('_ipps', ippsPort),
  ];
}

const typeName = (service: Service, domain: DomainName): DomainName => [service.type, '_tcp', ...domain];

/** `Print._ipp._tcp.local` */
const serviceName = (name: string, service: Service, domain: DomainName): DomainName => [
  name,
  ...typeName(service, domain),
];

/** SRV and TXT: nobody else may have a record of these names. */
export function uniqueRecords(
  name: string,
  services: readonly Service[],
  host: DomainName,
  domain: DomainName = LOCAL,
): ResourceRecord[] {
  return services.flatMap((service) => {
    const own = serviceName(name, service, domain);
    return [
      record(own, { type: 'srv', port: service.port, target: host }, HOST_TTL, true),
      record(own, { type: 'txt', strings: service.txt }, OTHER_TTL, true),
    ];
  });
}

/** What others may have records of too: the lists of services of a type. */
export function sharedRecords(
  name: string,
  services: readonly Service[],
  domain: DomainName = LOCAL,
): ResourceRecord[] {
  return services.flatMap((service) => {
    const type = typeName(service, domain);
    const target = serviceName(name, service, domain);
    return [
      record(type, { type: 'ptr', target }, OTHER_TTL, false),
      ...service.subtypes.map((subtype) =>
        record([subtype, '_sub', ...type], { type: 'ptr', target }, OTHER_TTL, false),
      ),
      record([...ENUMERATION, ...domain], { type: 'ptr', target: type }, OTHER_TTL, false),
    ];
  });
}

export function hostRecords(host: DomainName, addresses: readonly string[]): ResourceRecord[] {
  return addresses.map((address) =>
    record(host, { type: address.includes(':') ? 'aaaa' : 'a', address }, HOST_TTL, true),
  );
}

function record(name: DomainName, data: RecordData, ttl: number, flush: boolean): ResourceRecord {
  return { name, ttl, flush, data };
}
