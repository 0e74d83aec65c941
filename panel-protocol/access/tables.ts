/** The tables of enrolled panels and their devices: never a key, only its hash. Runs in the store worker. */
import type { SQLOutputValue } from 'node:sqlite';
import { type Connection, defineTables, type TableClient } from '../../base/database/tables.ts';
import type { Device, EnrolledPanel } from './device.ts';

export interface StoredDevice {
  /** SHA-256 of the key or the path's secret, 32 octets. */
  readonly hash: Uint8Array;
  readonly device: Device;
  readonly lastUsedAt?: number;
}

export interface DeviceUse {
  readonly id: string;
  readonly at: number;
}

/** Lists are JSON. A device may belong to a panel that only the configuration knows. */
const FIRST_VERSION = `
  CREATE TABLE enrolled_panel (
    name TEXT PRIMARY KEY,
    printers TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE panel_device (
    id TEXT PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    panel TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('key', 'path')),
    client TEXT NOT NULL,
    address TEXT NOT NULL,
    networks TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER
  ) STRICT;
`;

export const tables = defineTables({
  room: 'panels',
  module: import.meta.url,
  migrations: [FIRST_VERSION],
  operations: {
    all(connection: Connection, _: undefined): { panels: EnrolledPanel[]; devices: StoredDevice[] } {
      return {
        panels: connection
          .prepare('SELECT * FROM enrolled_panel ORDER BY created_at, name')
          .all()
          .map(panelOf),
        devices: connection.prepare('SELECT * FROM panel_device ORDER BY created_at, id').all().map(deviceOf),
      };
    },

    /** Both or neither; the panel only when it is new. */
    add(
      connection: Connection,
      { panel, stored: { hash, device } }: { panel?: EnrolledPanel; stored: StoredDevice },
    ): void {
      if (panel !== undefined) {
        connection
          .prepare('INSERT INTO enrolled_panel VALUES (?, ?, ?)')
          .run(panel.name, JSON.stringify(panel.printers), panel.createdAt);
      }
      connection
        .prepare('INSERT INTO panel_device VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)')
        .run(
          device.id,
          hash,
          device.panel,
          device.kind,
          device.client,
          device.address,
          JSON.stringify(device.networks),
          device.createdAt,
        );
    },

    setAddress(connection: Connection, { id, address }: { id: string; address: string }): void {
      connection.prepare('UPDATE panel_device SET address = ? WHERE id = ?').run(address, id);
    },

    remove(connection: Connection, { devices, panels }: { devices: string[]; panels: string[] }): void {
      const device = connection.prepare('DELETE FROM panel_device WHERE id = ?');
      for (const id of devices) device.run(id);
      const panel = connection.prepare('DELETE FROM enrolled_panel WHERE name = ?');
      for (const name of panels) panel.run(name);
    },

    rename(connection: Connection, { from, to }: { from: string; to: string }): void {
      connection.prepare('UPDATE enrolled_panel SET name = ? WHERE name = ?').run(to, from);
      connection.prepare('UPDATE panel_device SET panel = ? WHERE panel = ?').run(to, from);
    },

    used(connection: Connection, uses: readonly DeviceUse[]): void {
      const statement = connection.prepare('UPDATE panel_device SET last_used_at = ? WHERE id = ?');
      for (const { id, at } of uses) statement.run(at, id);
    },
  },
});

export type PanelStore = TableClient<typeof tables.operations>;

type Row = Record<string, SQLOutputValue>;

const listOf = (row: Row, name: string): string[] => JSON.parse(String(row[name])) as string[];

function panelOf(row: Row): EnrolledPanel {
  return {
    name: String(row['name']),
    printers: listOf(row, 'printers'),
    createdAt: Number(row['created_at']),
  };
}

function deviceOf(row: Row): StoredDevice {
  return {
    hash: row['hash'] as Uint8Array,
    device: {
      id: String(row['id']),
      panel: String(row['panel']),
      kind: row['kind'] === 'path' ? 'path' : 'key',
      client: String(row['client']),
      address: String(row['address']),
      networks: listOf(row, 'networks'),
      createdAt: Number(row['created_at']),
    },
    ...(row['last_used_at'] === null ? {} : { lastUsedAt: Number(row['last_used_at']) }),
  };
}
