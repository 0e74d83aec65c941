/** A panel as the administrator sees it: where it stands, what makes a device be it; never a key or a secret path. */
import type { ListedDevice } from '../../panel-protocol/access/registry.ts';
import type { Asking } from '../../panel-protocol/access/waiting.ts';
import type { Gateway } from '../gateway.ts';
import { localTime } from './table.ts';

export interface ShownDevice {
  readonly id: string;
  readonly kind: 'key' | 'path';
  /** What it said that it is. */
  readonly client: string;
  /** Whence it asked; of a path, where it works. */
  readonly from: readonly string[];
  /** Where a path was tried and does not work. */
  readonly 'tried-from': string | null;
  /** Milliseconds since 1970. */
  readonly created: number;
  /** Within the hour. */
  readonly 'last-used': number | null;
}

export interface ShownPanel {
  readonly name: string;
  /** The first is where a session begins. */
  readonly printers: readonly string[];
  /** Those of them that the configuration does not have any more. */
  readonly 'printers-gone': readonly string[];
  /** Whether it is in the configuration; else it is enrolled only. */
  readonly configured: boolean;
  readonly addresses: readonly string[];
  readonly 'sign-in': readonly string[];
  readonly 'plain-http': boolean;
  readonly devices: readonly ShownDevice[];
}

export interface ShownAsking {
  readonly number: string;
  readonly address: string;
  readonly client: string;
  readonly asked: number;
  readonly expires: number;
}

/** Panels of the configuration first, then those that are enrolled only. */
export function shownPanels(gateway: Gateway): ShownPanel[] {
  const { config, registry, panels } = gateway;
  const configured = config.panels.map(({ name }) => name);
  const names = new Set([...configured, ...registry.panels().map(({ name }) => name)]);
  const known = new Set(gateway.live.printers.map(({ name }) => name));
  const devices = Map.groupBy(registry.devices(), ({ device }) => device.panel);
  return [...names].flatMap((name) => {
    const panel = panels.find(name);
    if (panel === undefined) return [];
    return {
      name,
      printers: panel.printers,
      'printers-gone': panel.printers.filter((each) => !known.has(each)),
      configured: configured.includes(name),
      addresses: panel.addresses,
      'sign-in': panel.signIn,
      'plain-http': panel.plainHttp,
      devices: (devices.get(name) ?? []).map((each) => shownDevice(gateway, each)),
    };
  });
}

/** Devices of panels that the configuration does not have any more. */
export function strayDevices(gateway: Gateway): (ShownDevice & { readonly panel: string })[] {
  return gateway.registry
    .devices()
    .filter(({ device }) => gateway.panels.find(device.panel) === undefined)
    .map((each) => ({ ...shownDevice(gateway, each), panel: each.device.panel }));
}

function shownDevice({ panels }: Gateway, { device, lastUsedAt }: ListedDevice): ShownDevice {
  const { id, kind, client, address, networks, createdAt } = device;
  return {
    id,
    kind,
    client,
    from: networks.length > 0 ? networks : [address].filter((each) => each !== ''),
    'tried-from': panels.access.triedFrom(id) ?? null,
    created: createdAt,
    'last-used': lastUsedAt ?? null,
  };
}

export const shownAsking = ({ number, address, client, askedAt, expiresAt }: Asking): ShownAsking => ({
  number,
  address,
  client,
  asked: askedAt,
  expires: expiresAt,
});

/** `asked at 2026-11-21 00:40 from 10.1.2.4, which says that it is "Mozilla/5.0 …"` */
export const askedHow = ({ asked, address, client }: ShownAsking): string =>
  `asked at ${localTime(asked)} from ${address}, which says that it is "${client}"`;
