/** Enrolled panels and their devices, all in memory: added, found by their secret at every connection, revoked at once. */
import type { Clock, Timer } from '../../base/clock.ts';
import { Failure, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Metrics } from '../../base/metrics.ts';
import { freeId } from '../../base/secrets/random-letters.ts';
import { Secret } from '../../base/secrets/secret.ts';
import { Hours } from '../../base/units.ts';
import { type Device, type EnrolledPanel, hashOf, hasSecretForm, newKey, newPath } from './device.ts';
import type { PanelStore, StoredDevice } from './tables.ts';

export interface RegistryOptions {
  readonly store: PanelStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface ListedDevice {
  readonly device: Device;
  /** Within the hour; undefined when it never was. */
  readonly lastUsedAt?: number;
}

/** A device that is to be made. */
export interface NewDevice {
  readonly panel: string;
  /** Given when the panel is new: where it stands. */
  readonly printers?: readonly string[];
  readonly client?: string;
  readonly address?: string;
  readonly networks?: readonly string[];
}

/** More than any gateway has. */
const MOST_DEVICES = 10_000;
/** A use is written down at most so often. */
const USE_STEP = Hours(1);

interface Entry {
  device: Device;
  readonly hash: string;
  lastUsedAt: number | undefined;
  unwritten: boolean;
}

export class PanelRegistry {
  readonly #options: RegistryOptions;
  readonly #panels = new Map<string, EnrolledPanel>();
  readonly #byHash = new Map<string, Entry>();
  readonly #byId = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();
  #timer: Timer | undefined;

  private constructor(options: RegistryOptions) {
    this.#options = options;
    options.metrics.gauge('panel_devices', 'Enrolled devices and secret paths', () => this.#byId.size);
  }

  static async open(options: RegistryOptions): Promise<PanelRegistry> {
    const registry = new PanelRegistry(options);
    const { panels, devices } = await options.store.all(undefined);
    for (const panel of panels) registry.#panels.set(panel.name, panel);
    for (const stored of devices) registry.#put(stored);
    return registry;
  }

  panel(name: string): EnrolledPanel | undefined {
    return this.#panels.get(name);
  }

  /** Oldest first. */
  panels(): EnrolledPanel[] {
    return [...this.#panels.values()];
  }

  /** Oldest first. */
  devices(): ListedDevice[] {
    return [...this.#byId.values()].map(({ device, lastUsedAt }) => ({
      device,
      ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    }));
  }

  /** Whether a panel can be reached by a secret path. */
  hasPath(panel: string): boolean {
    for (const { device } of this.#byId.values()) {
      if (device.panel === panel && device.kind === 'path') return true;
    }
    return false;
  }

  /** `listener` hears after devices came, went, or were renamed. Returns the way to stop it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Makes a device. It works when the promise resolves; the secret is told now and never again.
   * @throws Failure `too-many-devices`, `no-such-panel` for a new panel without printers
   */
  async add(kind: Device['kind'], wanted: NewDevice): Promise<{ device: Device; secret: Secret<string> }> {
    const { panel: name, printers, client = '', address = '', networks = [] } = wanted;
    if (this.#byId.size >= MOST_DEVICES) {
      throw new Failure('too-many-devices', `there are ${MOST_DEVICES} devices already`, {
        advice: 'Revoke some that are not used any more',
      });
    }
    const createdAt = this.#options.clock.now();
    const panel =
      printers === undefined || this.#panels.has(name) ? undefined : { name, printers, createdAt };
    const secret = kind === 'key' ? newKey() : newPath();
    const device: Device = {
      id: freeId((id) => this.#byId.has(id)),
      panel: name,
      kind,
      client,
      address,
      networks,
      createdAt,
    };
    const stored = { hash: hashOf(secret), device };
    await this.#options.store.add(panel === undefined ? { stored } : { panel, stored });
    if (panel !== undefined) this.#panels.set(name, panel);
    this.#put(stored);
    this.#options.log.info('panel device added', { panel: name, device: device.id, kind, client: address });
    this.#changed();
    return { device, secret: new Secret(secret) };
  }

  /** The device with that secret. */
  find(kind: Device['kind'], secret: string): Device | undefined {
    if (!hasSecretForm(secret)) return undefined;
    const entry = this.#byHash.get(hashOf(secret).toString('hex'));
    return entry?.device.kind === kind ? entry.device : undefined;
  }

  byId(id: string): Device | undefined {
    return this.#byId.get(id)?.device;
  }

  /** Binds a path to the one address that it works from; that holds at once. */
  setAddress(id: string, address: string): void {
    const entry = this.#byId.get(id);
    if (entry === undefined) return;
    entry.device = { ...entry.device, address };
    this.#options.log.info('secret path of a panel bound to an address', {
      panel: entry.device.panel,
      device: id,
      client: address,
    });
    this.#writing(
      this.#options.store.setAddress({ id, address }),
      'address of a secret path was not written down',
    );
    this.#changed();
  }

  /** They work no more from now on, nor does what is connected by them. Resolves when that is on disk. */
  async revoke(ids: readonly string[]): Promise<Device[]> {
    const entries = ids.map((id) => this.#byId.get(id)).filter((entry) => entry !== undefined);
    if (entries.length === 0) return [];
    for (const { hash, device } of entries) {
      this.#byHash.delete(hash);
      this.#byId.delete(device.id);
      this.#options.log.info('panel device revoked', { panel: device.panel, device: device.id });
    }
    // An enrolled panel is nothing beside its devices.
    const left = new Set([...this.#byId.values()].map(({ device }) => device.panel));
    const panels = [...this.#panels.keys()].filter((name) => !left.has(name));
    for (const name of panels) this.#panels.delete(name);
    this.#changed();
    await this.#options.store.remove({ devices: entries.map(({ device }) => device.id), panels });
    return entries.map(({ device }) => device);
  }

  /** Its devices go with it. The caller knows that `from` is enrolled and `to` is free. */
  async rename(from: string, to: string): Promise<void> {
    const panel = this.#panels.get(from);
    if (panel !== undefined) {
      this.#panels.delete(from);
      this.#panels.set(to, { ...panel, name: to });
    }
    for (const entry of this.#byId.values()) {
      if (entry.device.panel === from) entry.device = { ...entry.device, panel: to };
    }
    this.#options.log.info('panel renamed', { panel: from, to });
    this.#changed();
    await this.#options.store.rename({ from, to });
  }

  noteUse(id: string): void {
    const entry = this.#byId.get(id);
    const now = this.#options.clock.now();
    if (entry === undefined || (entry.lastUsedAt !== undefined && now - entry.lastUsedAt < USE_STEP)) return;
    entry.lastUsedAt = now;
    entry.unwritten = true;
    this.#timer ??= this.#options.clock.after(USE_STEP, () =>
      this.#writing(this.#writeUses(), 'uses of panel devices were not written down'),
    );
  }

  /** Writes down what was used last. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    await this.#writeUses();
  }

  async #writeUses(): Promise<void> {
    this.#timer = undefined;
    const entries = [...this.#byId.values()].filter((entry) => entry.unwritten);
    if (entries.length === 0) return;
    for (const entry of entries) entry.unwritten = false;
    await this.#options.store.used(
      entries.map(({ device, lastUsedAt }) => ({ id: device.id, at: lastUsedAt ?? 0 })),
    );
  }

  #writing(work: Promise<unknown>, event: string): void {
    work.catch((error: unknown) => this.#options.log.error(event, { error: messageOf(error) }));
  }

  #put({ hash, device, lastUsedAt }: StoredDevice): void {
    const entry: Entry = { device, hash: Buffer.from(hash).toString('hex'), lastUsedAt, unwritten: false };
    this.#byHash.set(entry.hash, entry);
    this.#byId.set(device.id, entry);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
