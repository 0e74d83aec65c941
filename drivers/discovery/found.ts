/** Printers that others announce, in plain words: each is a claim of whoever announced it. */
import { createHash } from 'node:crypto';
import type { TxtFactsFound } from './txt-facts.ts';

/** One announced service, as the worker tells it: every text is made showable, every number is in its range. */
export interface FoundService {
  readonly type: ServiceType;
  /** What people see: `Office printer`. */
  readonly name: string;
  /** The host that it says it is at: `eve.local`. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** Of the host, the best to reach it at; undefined when none was told, or none that can be used. */
  readonly address: string | undefined;
  /** Whether the address belongs to the link on which it was heard. */
  readonly onLink: boolean;
  readonly txt: TxtFactsFound;
  /** Milliseconds since 1970. */
  readonly heardAt: number;
}

export const SERVICE_TYPES = ['_ipps', '_ipp', '_pdl-datastream', '_printer'] as const;
export type ServiceType = (typeof SERVICE_TYPES)[number];

/** One device, its services together. */
export interface FoundDevice {
  /** Eight hex digits, the same as long as it announces the same. */
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly address: string | undefined;
  readonly onLink: boolean;
  /** Lower case, without `urn:uuid:`. */
  readonly uuid: string | undefined;
  readonly txt: TxtFactsFound;
  /** What it offers, the best first. */
  readonly services: readonly { readonly type: ServiceType; readonly port: number }[];
  /** How it is best reached; undefined for one without an address, or with LPD alone. */
  readonly uri: string | undefined;
  readonly heardAt: number;
}

/** The order of preference; LPD is not spoken. */
const SCHEMES = { _ipps: 'ipps', _ipp: 'ipp', '_pdl-datastream': 'socket', _printer: undefined } as const;

/**
 * Services that are one device: the same host, with the same UUID, or the same name where there is none. A UUID at two
 * hosts is two devices, as one of them lies. Sorted by name.
 */
export function devicesOf(services: readonly FoundService[]): FoundDevice[] {
  const uuids = new Map<string, string>();
  for (const each of services) if (each.txt.uuid !== undefined) uuids.set(placeOf(each), each.txt.uuid);
  const uuidOf = (each: FoundService) => each.txt.uuid ?? uuids.get(placeOf(each));
  const groups = Map.groupBy(services, (each) =>
    JSON.stringify([each.host.toLowerCase(), each.address, uuidOf(each) ?? each.name.toLowerCase()]),
  );
  return [...groups]
    .map(([key, group]) => deviceOf(key, group, uuidOf))
    .sort((a, b) => a.name.localeCompare(b.name, 'en') || a.id.localeCompare(b.id));
}

const placeOf = ({ host, address, name }: FoundService): string =>
  JSON.stringify([host.toLowerCase(), address, name.toLowerCase()]);

function deviceOf(
  key: string,
  group: readonly FoundService[],
  uuidOf: (service: FoundService) => string | undefined,
): FoundDevice {
  const rank = ({ type }: FoundService) => SERVICE_TYPES.indexOf(type);
  const sorted = group.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en'));
  const best = sorted[0] as FoundService;
  const { name, host, address, onLink, txt } = best;
  const seen = new Set<string>();
  return {
    id: createHash('sha256').update(key).digest('hex').slice(0, 8),
    name,
    host,
    address,
    onLink,
    uuid: uuidOf(best),
    txt,
    services: sorted.flatMap(({ type, port }) => {
      const isNew = !seen.has(`${type} ${port}`);
      seen.add(`${type} ${port}`);
      return isNew ? [{ type, port }] : [];
    }),
    uri: uriOf(sorted),
    heardAt: Math.max(...group.map((each) => each.heardAt)),
  };
}

function uriOf(sorted: readonly FoundService[]): string | undefined {
  for (const { type, port, address, txt } of sorted) {
    const scheme = SCHEMES[type];
    if (scheme === undefined || address === undefined) continue;
    const place = `${address.includes(':') ? `[${address}]` : address}:${port}`;
    return scheme === 'socket'
      ? `socket://${place}`
      : `${scheme}://${place}/${txt.resourcePath ?? 'ipp/print'}`;
  }
  return undefined;
}
