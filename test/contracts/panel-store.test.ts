// What the store of enrolled panels promises; run over the embedded one and the tests' own.
import test, { type ExecutionContext } from 'ava';
import { Database } from '../../base/database/database.ts';
import type { Device } from '../../panel-protocol/access/device.ts';
import { type PanelStore, tables } from '../../panel-protocol/access/tables.ts';
import { memoryPanelStore } from '../panel-protocol/memory-panels.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const STORES: Record<string, (t: ExecutionContext) => Promise<PanelStore>> = {
  memory: async () => memoryPanelStore(),
  async database(t) {
    const database = await Database.open({ folder: await temporaryFolder(t), tables: [tables] });
    t.teardown(() => database.close());
    return database.client(tables);
  },
};

const hash = (fill: number) => new Uint8Array(32).fill(fill);
const WARD = { name: 'ward-3', printers: ['mfp-2', 'mfp-3'], createdAt: 1000 };
const KEY: Device = {
  id: 'aaaaaaaa',
  panel: 'ward-3',
  kind: 'key',
  client: 'Läufer/1',
  address: '10.0.0.9',
  networks: [],
  createdAt: 1000,
};
const PATH: Device = {
  ...KEY,
  id: 'bbbbbbbb',
  panel: 'hall',
  kind: 'path',
  client: '',
  address: '',
  networks: ['fd00::/8'],
  createdAt: 2000,
};

for (const [name, open] of Object.entries(STORES)) {
  test(`${name}: what was added comes back, changed as it was told, until it is removed`, async (t) => {
    const store = await open(t);
    t.deepEqual(await store.all(undefined), { panels: [], devices: [] });
    await store.add({ panel: WARD, stored: { hash: hash(1), device: KEY } });
    await store.add({ stored: { hash: hash(2), device: PATH } });
    const all = async () => {
      const { panels, devices } = await store.all(undefined);
      return { panels, devices: devices.map((each) => ({ ...each, hash: Uint8Array.from(each.hash) })) };
    };
    const both = [
      { hash: hash(1), device: KEY },
      { hash: hash(2), device: PATH },
    ];
    t.deepEqual(await all(), { panels: [WARD], devices: both });
    await store.used([{ id: KEY.id, at: 5000 }]);
    await store.setAddress({ id: PATH.id, address: '10.0.0.7' });
    await store.rename({ from: 'ward-3', to: 'ward-4' });
    t.deepEqual(await all(), {
      panels: [{ ...WARD, name: 'ward-4' }],
      devices: [
        { hash: hash(1), device: { ...KEY, panel: 'ward-4' }, lastUsedAt: 5000 },
        { hash: hash(2), device: { ...PATH, address: '10.0.0.7' } },
      ],
    });
    await store.remove({ devices: [KEY.id, 'cccccccc'], panels: ['ward-4'] });
    t.deepEqual(await all(), {
      panels: [],
      devices: [{ hash: hash(2), device: { ...PATH, address: '10.0.0.7' } }],
    });
  });
}
