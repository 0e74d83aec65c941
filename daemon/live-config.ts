/** The configuration as it is now: rooms ask it at every use, so that a reload reaches them without being told. */
import { isDeepStrictEqual } from 'node:util';
import type { ReaderConfig } from '../config/readers.ts';
import type { Config, LimitsConfig, PanelConfig } from '../config/schema.ts';
import type { GuessingLimits } from '../identity/guessing/limits.ts';
import type { Panel } from '../panel-protocol/ports.ts';
import type { Queue, Queues } from '../spool/queue.ts';

export class LiveConfig {
  #config: Config;
  #queues: Queues;
  #panels: ReadonlyMap<string, Panel>;
  #readers: ReadonlyMap<string, ReaderConfig>;
  #enrolled: () => readonly Pick<Panel, 'name' | 'printers'>[] = () => [];

  constructor(config: Config) {
    this.#config = config;
    this.#queues = queuesOf(config);
    this.#panels = panelsOf(config);
    this.#readers = readersOf(config);
  }

  get current(): Config {
    return this.#config;
  }

  get limits(): LimitsConfig {
    return this.#config.limits;
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
    this.#queues = queuesOf(config);
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

function queuesOf(config: Config): Queues {
  return new Map(config.queues.map((queue): [string, Queue] => [queue.name, queue]));
}

function panelsOf(config: Config): ReadonlyMap<string, Panel> {
  return new Map(config.panels.map((panel: PanelConfig): [string, Panel] => [panel.name, panel]));
}

const readersOf = ({ readers }: Config): ReadonlyMap<string, ReaderConfig> =>
  new Map(readers.map((reader) => [reader.name, reader]));

export function guessingLimits({ codeTries, cardTries, siteTries }: LimitsConfig): GuessingLimits {
  return { code: codeTries, card: cardTries, site: siteTries };
}
