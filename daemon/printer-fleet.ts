/** Opens, watches and lets go of printers as the configuration says. */
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../base/clock.ts';
import { Failure, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { printable } from '../base/text.ts';
import { Seconds } from '../base/units.ts';
import type { LimitsConfig } from '../config/schema.ts';
import type { PrinterDriver } from '../drivers/printers/port.ts';
import type { PrinterBoard } from '../spool/printers/printer-board.ts';
import type { Releaser } from '../spool/release/releaser.ts';
import type { FleetPrinter } from './pinned-printers.ts';
import { openPrinter } from './printer-drivers.ts';
import { openObserver } from './printer-observers.ts';

export interface PrinterFleetOptions {
  readonly board: PrinterBoard;
  readonly releaser: Releaser;
  readonly clock: Clock;
  readonly log: Log;
}

/** Somebody waits at the command line. */
const IDENTIFY_TIME = Seconds(20);

export class PrinterFleet {
  readonly #options: PrinterFleetOptions;
  readonly #printers = new Map<string, FleetPrinter>();
  readonly #drivers = new Map<string, PrinterDriver>();
  #limits: LimitsConfig | undefined;

  constructor(options: PrinterFleetOptions) {
    this.#options = options;
  }

  /** Makes the fleet what the configuration says. A print under way at a printer that changes is let finish. */
  apply(printers: readonly FleetPrinter[], limits: LimitsConfig): void {
    const limitsChanged = !isDeepStrictEqual(timesOf(limits), this.#limits && timesOf(this.#limits));
    this.#limits = limits;
    const wanted = new Map(printers.map((printer) => [printer.name, printer]));
    for (const [name, before] of [...this.#printers]) {
      const after = wanted.get(name);
      if (after === undefined) this.#remove(name, true);
      else if (limitsChanged || !isSameDevice(before, after))
        this.#remove(name, !isSameDevice(before, after));
    }
    for (const printer of printers) {
      if (this.#printers.has(printer.name)) this.#options.board.rename(printer);
      else this.#add(printer, limits);
      this.#printers.set(printer.name, printer);
    }
  }

  /**
   * Makes a printer show where it is: see {@link PrinterDriver.identify}.
   * @throws Failure `no-printer`, `not-able`, or why it cannot be asked
   */
  async identify(name: string): Promise<readonly string[]> {
    const driver = this.#drivers.get(name);
    if (driver === undefined) throw new Failure('no-printer', `there is no printer "${printable(name, 63)}"`);
    if (driver.identify === undefined)
      throw new Failure('not-able', 'only printers that speak IPP can be asked to show where they are');
    return driver.identify(AbortSignal.timeout(IDENTIFY_TIME));
  }

  #add(printer: FleetPrinter, limits: LimitsConfig): void {
    const { board, releaser, clock, log } = this.#options;
    const driver = openPrinter(printer, limits, { clock, log });
    releaser.addPrinter(printer.name, driver);
    this.#drivers.set(printer.name, driver);
    const { name, info, location, near } = printer;
    void board.add({ name, info, location, near }, driver, openObserver(printer, clock));
  }

  #remove(name: string, forget: boolean): void {
    const { board, releaser, log } = this.#options;
    this.#printers.delete(name);
    this.#drivers.delete(name);
    const failed = (error: unknown) =>
      log.error('printer was not let go of', { printer: name, error: messageOf(error) });
    releaser.removePrinter(name).catch(failed);
    board.remove(name, forget).catch(failed);
  }
}

function isSameDevice(a: FleetPrinter, b: FleetPrinter): boolean {
  return isDeepStrictEqual(deviceOf(a), deviceOf(b));
}

/** All but what people call it. */
function deviceOf({ info: _info, location: _location, near: _near, ...device }: FleetPrinter): object {
  return device;
}

/** The limits that drivers are made with. */
function timesOf({ printerTimeout, printerStallTime, printerCloseTime }: LimitsConfig): object {
  return { printerTimeout, printerStallTime, printerCloseTime };
}
