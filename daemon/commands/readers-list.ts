/** `holdfast readers list`: the configured card readers, how they are, and what else is plugged in. */
import { z } from 'zod';
import { serialDevices, type UsbIdentity, usbDevices } from '../../drivers/readers/device-place.ts';
import { pcscReaders } from '../../drivers/readers/pcsc-opener.ts';
import type { OpenReader } from '../card-readers.ts';
import { placeOfReader } from '../reader-place.ts';
import { isUnproven } from '../reader-seat.ts';
import { defineCommand } from './command.ts';
import { table } from './table.ts';

interface ShownReader {
  readonly name: string;
  readonly kind: string;
  readonly place: string;
  readonly panel: string | null;
  readonly printer: string | null;
  readonly state: string;
  readonly reason: string | null;
  readonly detail: string | null;
  /** False for a network reader that has nothing but its address: its swipes want a PIN. */
  readonly authenticated: boolean;
  readonly swipes: number;
  readonly dropped: number;
}

interface ShownDevice {
  /** As `device:` takes it. */
  readonly place: string;
  readonly path: string | null;
  readonly model: string;
  readonly 'serial-number': string;
  readonly name: string;
}

interface Result {
  readonly readers: readonly ShownReader[];
  /** That no reader of the configuration is, as far as their places tell. */
  readonly devices: readonly ShownDevice[];
}

export const readersList = defineCommand<Record<string, never>, Result>({
  name: 'readers list',
  summary: 'List card readers, how they are, and what else is plugged in',
  request: () => ({ arguments: {} }),
  arguments: z.strictObject({}),
  handle: async ({ gateway }) => ({ readers: gateway.readers.list().map(shown), devices: await devices() }),
  show({ readers, devices: others }) {
    const parts = [readers.length === 0 ? 'no readers are configured' : tableOf(readers)];
    if (others.length > 0) {
      const rows = others.map((each) => [
        each.place,
        each.path ?? '-',
        each.model,
        each['serial-number'] || '-',
        each.name,
      ]);
      parts.push(
        `Plugged in:\n${table(['DEVICE', 'SERIAL PORT', 'MODEL', 'SERIAL NUMBER', 'CALLS ITSELF'], rows)}`,
      );
    }
    return parts.join('\n\n');
  },
  exitCode: ({ readers }) => (readers.every(({ state }) => state === 'ready') ? 0 : 1),
});

function shown({ config, reader }: OpenReader): ShownReader {
  const { status, counts } = reader;
  const away = status.state === 'away' ? status : undefined;
  return {
    name: config.name,
    kind: config.kind,
    place: placeOfReader(config),
    panel: config.panel ?? null,
    printer: config.printer ?? null,
    state: status.state,
    reason: away?.reason ?? null,
    detail: away?.detail ?? null,
    authenticated: !isUnproven(config),
    swipes: counts.swipes,
    dropped: counts.dropped,
  };
}

function tableOf(readers: readonly ShownReader[]): string {
  const rows = readers.map((each) => [
    each.name,
    each.kind,
    each.place,
    each.panel === null ? `printer ${each.printer}` : `panel ${each.panel}`,
    each.authenticated ? each.state : `${each.state}, unauthenticated`,
    String(each.swipes),
    String(each.dropped),
    each.detail ?? '',
  ]);
  return table(['READER', 'KIND', 'DEVICE', 'SERVES', 'STATE', 'SWIPES', 'DROPPED', ''], rows);
}

async function devices(): Promise<ShownDevice[]> {
  const [serial, usb, names] = await Promise.all([serialDevices(), usbDevices(), pcscReaders()]);
  const ports = new Set(serial.map((each) => each.usb?.port));
  return [
    ...serial.map(({ path, usb: identity }) => deviceOf(identity, path)),
    ...usb.filter(({ port }) => !ports.has(port)).map((identity) => deviceOf(identity, null)),
    ...names.map((name) => ({ ...deviceOf(undefined, null), place: `pcsc:${name}`, name })),
  ];
}

function deviceOf(usb: UsbIdentity | undefined, path: string | null): ShownDevice {
  return {
    place: usb === undefined ? (path ?? '') : `usb:${usb.port}`,
    path,
    model: usb === undefined ? '-' : `${usb.vendor}:${usb.product}`,
    'serial-number': usb?.serialNumber ?? '',
    name: usb?.name ?? '',
  };
}
