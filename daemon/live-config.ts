/** The configuration as it is now: rooms ask it at every use, so that a reload reaches them without being told. */
import { isDeepStrictEqual } from 'node:util';
import type { ReaderConfig } from '../config/readers.ts';
import type { Config, LimitsConfig, PanelConfig } from '../config/schema.ts';
import type { Pin } from '../drivers/discovery/pins.ts';
import type { GuessingLimits } from '../identity/guessing/limits.ts';
import type { Panel } from '../panel-protocol/ports.ts';
import type { Queue, Queues } from '../spool/queue.ts';
import { type FleetPrinter, fleetOf, queueOf } from './pinned-printers.ts';

export class LiveConfig {
  #config: Config;
  #pins: () => readonly Pin[] = () => [];
  #printers: readonly FleetPrinter[];
  #queues: Queues;
  #panels: ReadonlyMap<string, Panel>;
  #readers: ReadonlyMap<string, ReaderConfig>;
  #enrolled: () => readonly Pick<Panel, 'name' | 'printers'>[] = () => [];

  constructor(config: Config) {
    this.#config = config;
    this.#printers = fleetOf(config.printers, []);
    this.#queues = queuesOf(config, this.#printers);
    this.#panels = panelsOf(config);
    this.#readers = readersOf(config);
  }

  get current(): Config {
    return this.#config;
  }

  get limits(): LimitsConfig {
    return this.#config.limits;
  }

  /** Those of the configuration, and those that are pinned only. */
  get printers(): readonly FleetPrinter[] {
    return this.#printers;
  }

  /** From now on pinned printers count too; {@link pinsChanged} makes it look again. */
  watchPins(pins: () => readonly Pin[]): void {
    this.#pins = pins;
    this.pinsChanged();
  }

  pinsChanged(): void {
    this.#printers = fleetOf(this.#config.printers, this.#pins());
    this.#queues = queuesOf(this.#config, this.#printers);
  }

  get queues(): Queues {
    return this.#queues;
  }

  get panels(): ReadonlyMap<string, Panel> {
    return this.#panels;
  }

  /** Those of the configuration, and those that are enrolled only. */
  get allPanels(): readonly Pick<Panel, 'name' | 'printers'>[] {
    const enrolled = this.#enrolled().filter(({ name }) => !this.#panels.has(name));
    return [...this.#panels.values(), ...enrolled];
  }

  /** From now on enrolled panels count too. */
  watchEnrolled(panels: () => readonly Pick<Panel, 'name' | 'printers'>[]): void {
    this.#enrolled = panels;
  }

  /** Card readers of this machine and of the network. */
  get readers(): ReadonlyMap<string, ReaderConfig> {
    return this.#readers;
  }

  replace(config: Config): void {
    this.#config = config;
    this.pinsChanged();
    this.#panels = panelsOf(config);
    this.#readers = readersOf(config);
  }
}

/** Limits that listeners and throttles are made with. */
const FIXED_LIMITS = [
  'headerBytes',
  'headerTime',
  'codeTries',
  'cardTries',
  'siteTries',
  'passwordTries',
] as const satisfies (keyof LimitsConfig)[];

/** Keys whose change takes a restart. All others can be changed by a reload. */
export function changesThatNeedARestart(before: Config, after: Config): string[] {
  const { log: logBefore, ...gatewayBefore } = before.gateway;
  const { log: logAfter, ...gatewayAfter } = after.gateway;
  const names = Object.keys(gatewayBefore) as (keyof typeof gatewayBefore)[];
  return [
    ...names
      .filter((name) => !isDeepStrictEqual(gatewayBefore[name], gatewayAfter[name]))
      .map((name) => `gateway.${name}`),
    ...(logBefore.format === logAfter.format ? [] : ['gateway.log.format']),
    ...(isDeepStrictEqual(before.directories, after.directories) ? [] : ['directories']),
    ...FIXED_LIMITS.filter((name) => !isDeepStrictEqual(before.limits[name], after.limits[name])).map(
      (name) => `limits.${name}`,
    ),
  ].map((path) => path.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
}

function queuesOf(config: Config, printers: readonly FleetPrinter[]): Queues {
  return new Map(config.queues.map((queue): [string, Queue] => [queue.name, queueOf(queue, printers)]));
}

function panelsOf(config: Config): ReadonlyMap<string, Panel> {
  return new Map(config.panels.map((panel: PanelConfig): [string, Panel] => [panel.name, panel]));
}

const readersOf = ({ readers }: Config): ReadonlyMap<string, ReaderConfig> =>
  new Map(readers.map((reader) => [reader.name, reader]));

export function guessingLimits({ codeTries, cardTries, siteTries }: LimitsConfig): GuessingLimits {
  return { code: codeTries, card: cardTries, site: siteTries };
}
