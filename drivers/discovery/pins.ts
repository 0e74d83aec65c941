/** Printers that an administrator has pinned: which device a name stands for. In memory; what changes is on disk first. */
import { Failure } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Metrics } from '../../base/metrics.ts';
import type { PinStore } from './pin-tables.ts';

export interface Pin {
  /** Of the printer. */
  readonly name: string;
  /** Undefined for a printer of the configuration, of which only the key is pinned. */
  readonly uri?: string;
  /** SHA-256 of its public key (SPKI), hex. Without it the printer cannot be verified. */
  readonly key?: string;
  /** Lower case, without `urn:uuid:`. */
  readonly uuid?: string;
  /** IEEE 1284, where there is no UUID. */
  readonly deviceId?: string;
  /** Under which it was announced. */
  readonly announcedAs?: string;
  /** What people call it. */
  readonly info?: string;
  readonly location?: string;
  /** What it takes, where it cannot be asked. */
  readonly formats?: readonly string[];
  /** Milliseconds since 1970. */
  readonly pinnedAt: number;
}

/** More than any gateway has. */
const MOST_PINS = 5000;

export interface PinsOptions {
  readonly store: PinStore;
  readonly log: Log;
  readonly metrics: Metrics;
}

export class Pins {
  readonly #options: PinsOptions;
  readonly #pins: Map<string, Pin>;
  readonly #listeners = new Set<() => void>();

  private constructor(options: PinsOptions, pins: readonly Pin[]) {
    this.#options = options;
    this.#pins = new Map(pins.map((each) => [each.name, each]));
    options.metrics.gauge('printer_pins', 'Printers that are pinned', () => this.#pins.size);
  }

  static async open(options: PinsOptions): Promise<Pins> {
    return new Pins(options, await options.store.all(undefined));
  }

  get(name: string): Pin | undefined {
    return this.#pins.get(name);
  }

  /** By name. */
  all(): Pin[] {
    return [...this.#pins.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'));
  }

  /** Hears after pins came, went or changed. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** All or none; they hold when the promise resolves. @throws Failure `too-many-pins` */
  async keep(pins: readonly Pin[]): Promise<void> {
    const isNew = pins.filter(({ name }) => !this.#pins.has(name));
    if (this.#pins.size + isNew.length > MOST_PINS) {
      throw new Failure('too-many-pins', `there can be ${MOST_PINS} pinned printers`, {
        advice: 'Unpin some that are gone',
      });
    }
    await this.#options.store.keep(pins);
    for (const pin of pins) {
      this.#pins.set(pin.name, pin);
      this.#options.log.info('printer pinned', { printer: pin.name, key: pin.key, uuid: pin.uuid });
    }
    this.#changed();
  }

  /** @returns those that were pinned */
  async remove(names: readonly string[]): Promise<string[]> {
    const there = names.filter((name) => this.#pins.has(name));
    if (there.length === 0) return [];
    await this.#options.store.remove(there);
    for (const name of there) {
      this.#pins.delete(name);
      this.#options.log.info('printer unpinned', { printer: name });
    }
    this.#changed();
    return there;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
