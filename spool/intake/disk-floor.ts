/** Whether there is room on the disk: asked before a job is taken, and again and again while documents arrive. */
import type { Alert, Alerts } from '../../base/alerts.ts';
import type { Clock } from '../../base/clock.ts';
import { type Bytes, MiB, Seconds } from '../../base/units.ts';

export interface DiskFloorOptions {
  /** Free space for documents. */
  freeDisk(): Promise<Bytes>;
  /** What has to stay free. */
  floor(): Bytes;
  readonly alerts: Alerts;
  readonly clock: Clock;
}

/** All documents that arrive together write so much before the disk is looked at again. */
const LOOK_EVERY = MiB(4);
/** How often a disk that was too full is looked at. */
const LOOK_AGAIN = Seconds(15);

export const DISK_BELOW_FLOOR: Alert = {
  kind: 'application',
  key: 'disk below-floor',
  message: 'the disk of the state directory is below its floor: no new jobs are taken',
};

export class DiskFloor {
  readonly #options: DiskFloorOptions;
  #unseen = 0;
  #isShort = false;

  constructor(options: DiskFloorOptions) {
    this.#options = options;
  }

  /** True while there is more room than the floor. */
  async hasRoom(): Promise<boolean> {
    const { freeDisk, floor } = this.#options;
    this.#unseen = 0;
    if ((await freeDisk()) >= floor()) {
      this.#allClear();
      return true;
    }
    this.isFull();
    return false;
  }

  /** As {@link hasRoom}, when so many more octets are written; asks the disk now and then only. */
  async hasRoomFor(octets: number): Promise<boolean> {
    this.#unseen += octets;
    return this.#unseen < LOOK_EVERY || (await this.hasRoom());
  }

  /** The disk itself has said so. */
  isFull(): void {
    if (this.#isShort) return;
    this.#isShort = true;
    this.#options.alerts.raise(DISK_BELOW_FLOOR);
    this.#lookLater();
  }

  /** Until there is room, so that the alert ends by itself when nobody prints. */
  #lookLater(): void {
    this.#options.clock.after(LOOK_AGAIN, () => void this.#lookAgain());
  }

  async #lookAgain(): Promise<void> {
    const hasRoom = await this.hasRoom().catch(() => false);
    if (!hasRoom && this.#isShort) this.#lookLater();
  }

  #allClear(): void {
    if (!this.#isShort) return;
    this.#isShort = false;
    this.#options.alerts.clear(DISK_BELOW_FLOOR.key);
  }
}
