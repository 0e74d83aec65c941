/** Hears of devices that are plugged in: every change in `/dev` is a reason to look. Polling goes on beside it. */
import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Timer } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { Milliseconds } from '../../base/units.ts';

/** Between the device file and the rights that udev gives it; several changes are one. */
const SETTLING = Milliseconds(50);

export interface PlugWatchOptions {
  readonly clock: Clock;
  readonly log: Log;
  onChange(): void;
  /** `/dev`, unless in tests. */
  readonly dev?: string;
}

export class PlugWatch {
  readonly #options: PlugWatchOptions;
  readonly #watchers: FSWatcher[] = [];
  #timer: Timer | undefined;
  #closed = false;

  private constructor(options: PlugWatchOptions) {
    this.#options = options;
  }

  /** Never fails: without it readers are found by polling, which is told. */
  static async start(options: PlugWatchOptions): Promise<PlugWatch> {
    const watcher = new PlugWatch(options);
    const { dev = '/dev' } = options;
    const buses = join(dev, 'bus/usb');
    const folders = await readdir(buses).catch(() => []);
    for (const folder of [dev, ...folders.map((each) => join(buses, each))]) watcher.#watch(folder);
    return watcher;
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    for (const watcher of this.#watchers) watcher.close();
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#changed());
      watcher.on('error', (error) => {
        this.#options.log.debug('devices are found by polling', { folder, error: messageOf(error) });
        watcher.close();
      });
      this.#watchers.push(watcher);
    } catch (error) {
      this.#options.log.info('devices are found by polling', { folder, error: messageOf(error) });
    }
  }

  #changed(): void {
    if (this.#timer !== undefined || this.#closed) return;
    this.#timer = this.#options.clock.after(SETTLING, () => {
      this.#timer = undefined;
      this.#options.onChange();
    });
  }
}
