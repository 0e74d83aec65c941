/** Enrolled panels in memory: the second store that the contract test holds to. */
import type { EnrolledPanel } from '../../panel-protocol/access/device.ts';
import type { PanelStore, StoredDevice } from '../../panel-protocol/access/tables.ts';

export function memoryPanelStore(): PanelStore {
  const panels = new Map<string, EnrolledPanel>();
  const devices = new Map<string, StoredDevice>();
  const change = (id: string, to: (stored: StoredDevice) => StoredDevice) => {
    const stored = devices.get(id);
    if (stored !== undefined) devices.set(id, to(stored));
  };
  return {
    all: async () => ({ panels: [...panels.values()], devices: [...devices.values()] }),
    async add({ panel, stored }) {
      if (panel !== undefined) panels.set(panel.name, panel);
      devices.set(stored.device.id, stored);
    },
    async setAddress({ id, address }) {
      change(id, (stored) => ({ ...stored, device: { ...stored.device, address } }));
    },
    async remove(gone) {
      for (const id of gone.devices) devices.delete(id);
      for (const name of gone.panels) panels.delete(name);
    },
    async rename({ from, to }) {
      const panel = panels.get(from);
      if (panels.delete(from) && panel !== undefined) panels.set(to, { ...panel, name: to });
      for (const [id, { device }] of devices) {
        if (device.panel === from) change(id, (stored) => ({ ...stored, device: { ...device, panel: to } }));
      }
    },
    async used(uses) {
      for (const { id, at } of uses) change(id, (stored) => ({ ...stored, lastUsedAt: at }));
    },
  };
}
