/** Printers that the network announces: who they are to us, what they can do, and who pretends to be one of ours. */
import { hostname, networkInterfaces } from 'node:os';
import type { Alerts } from '../base/alerts.ts';
import type { Clock } from '../base/clock.ts';
import { Failure, messageOf } from '../base/errors.ts';
import type { ListenAddress } from '../base/http/listener.ts';
import type { Log } from '../base/log.ts';
import { addressFits, isLoopback } from '../base/networks.ts';
import { printable } from '../base/text.ts';
import { Minutes } from '../base/units.ts';
import { parsePrinterUri } from '../config/printer-uri.ts';
import type { Discovery } from '../drivers/discovery/discovery.ts';
import { devicesOf, type FoundDevice } from '../drivers/discovery/found.ts';
import type { Pin, Pins } from '../drivers/discovery/pins.ts';
import type { ProbeAnswer, Prober } from '../drivers/discovery/probe.ts';
import { printerOf } from '../spool/printers/printer-board.ts';
import { claims, isAt, type Judgement, judge } from './found-state.ts';
import type { LiveConfig } from './live-config.ts';

export interface FoundPrintersOptions {
  readonly live: LiveConfig;
  readonly pins: Pins;
  /** Undefined where printers are not looked for. */
  discovery(): Discovery | undefined;
  /** Where print clients reach this gateway. */
  ourAddresses(): readonly ListenAddress[];
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly log: Log;
}

export interface FoundPrinter extends Judgement {
  readonly device: FoundDevice;
  readonly answer: ProbeAnswer;
}

/** Devices that are listed and asked; a site has a few hundred in one network. */
const MOST_DEVICES = 300;
/** Whoever announces what is pinned is asked again after this. */
const LOOK_AGAIN = Minutes(10);

export class FoundPrinters {
  readonly #options: FoundPrintersOptions;
  /** When the devices that announce what is pinned were looked at. */
  readonly #looked = new Map<string, number>();
  /** Keys of the alerts that stand, by device. */
  readonly #alerts = new Map<string, string>();
  #prober: Promise<Prober> | undefined;

  constructor(options: FoundPrintersOptions) {
    this.#options = options;
  }

  /** Those that were heard of last, without this gateway. */
  get devices(): FoundDevice[] {
    const services = this.#options.discovery()?.found ?? [];
    return devicesOf(services)
      .filter((device) => !this.#isOurs(device))
      .slice(0, MOST_DEVICES);
  }

  /** Asks the network, then each printer. @throws Failure `not-looking` */
  async discover(): Promise<FoundPrinter[]> {
    const discovery = this.#options.discovery();
    if (discovery === undefined) {
      throw new Failure('not-looking', 'printers are not looked for', {
        advice:
          'Set gateway.discovery.browse, and an address under gateway.ipp.listen that other machines reach; or import printers by their addresses',
      });
    }
    await discovery.browse();
    return Promise.all(this.devices.map((device) => this.#look(device)));
  }

  /** One of them, asked anew. @throws Failure `no-such-printer` */
  async look(id: string): Promise<FoundPrinter> {
    const device = this.devices.find((each) => each.id === id);
    if (device === undefined) {
      throw new Failure('no-such-printer', `no printer was found with the number "${printable(id, 40)}"`, {
        advice: '"holdfast printers discover" lists those that are there now',
      });
    }
    if (device.uri !== undefined) (await this.#proberOf()).forget(device.uri);
    return this.#look(device);
  }

  /** Asks a printer at an address that an administrator named, or pinned. */
  async ask(uri: string): Promise<ProbeAnswer> {
    const { probe } = await import('../drivers/discovery/probe.ts');
    return probe(uri, this.#options.clock);
  }

  /** Whether jobs sent there would come back to this gateway. */
  isOurPlace(host: string, port: number): boolean {
    if (!this.#options.ourAddresses().some((each) => each.port === port)) return false;
    const own = Object.values(networkInterfaces()).flatMap((infos = []) =>
      infos.map(({ address }) => address),
    );
    const names = ['localhost', hostname().toLowerCase(), ...this.#options.live.current.gateway.hostNames];
    return isLoopback(host) || names.includes(host.toLowerCase()) || own.includes(host);
  }

  /** To be called when others announce something new, and when pins have changed. */
  changed(): void {
    const { pins, clock, log } = this.#options;
    const devices = this.devices;
    const there = new Set(devices.map(({ id }) => id));
    for (const id of this.#looked.keys()) if (!there.has(id)) this.#looked.delete(id);
    for (const id of this.#alerts.keys()) if (!there.has(id)) this.#clear(id);
    const known = pins.all();
    if (known.length === 0) {
      for (const id of [...this.#alerts.keys()]) this.#clear(id);
      return;
    }
    const now = clock.monotonic();
    for (const device of devices) {
      if (!known.some((pin) => claims(device, pin)) && !this.#alerts.has(device.id)) continue;
      const last = this.#looked.get(device.id);
      if (last !== undefined && now - last < LOOK_AGAIN) continue;
      this.#looked.set(device.id, now);
      this.#look(device)
        .then((found) => this.#follow(found))
        .catch((error: unknown) => log.error('found printer was not looked at', { error: messageOf(error) }));
    }
  }

  /** After pins changed: what was judged before is judged anew. */
  pinsChanged(): void {
    this.#looked.clear();
    this.changed();
  }

  async #look(device: FoundDevice): Promise<FoundPrinter> {
    const { live, pins } = this.#options;
    const answer = await this.#askDevice(device);
    const judgement = judge(device, answer, { printers: live.printers, pins: pins.all() });
    if (judgement.state === 'impostor') this.#alarm(device, judgement.printer ?? '');
    else this.#clear(device.id);
    return { ...judgement, device, answer };
  }

  async #askDevice(device: FoundDevice): Promise<ProbeAnswer> {
    const { uri, address } = device;
    if (address === undefined) return { trouble: 'not asked: it told no usable address' };
    if (uri === undefined) return { trouble: 'not asked: it speaks LPD only' };
    const { printerNetworks } = this.#options.live.current.gateway.discovery;
    if (!device.onLink && !addressFits(address, printerNetworks)) {
      return { trouble: 'not asked: its address is outside of this network and of printer-networks' };
    }
    const prober = await this.#proberOf();
    const answer = await prober.ask(uri);
    const isKeyed = this.#options.pins.all().some((pin) => pin.key !== undefined && claims(device, pin));
    if (!uri.startsWith('ipp:') || !isKeyed) return answer;
    // Of its services the one with TLS may not have been heard of yet: it can show its key all the same.
    const secure = await prober.ask(uri.replace('ipp:', 'ipps:'));
    return secure.key === undefined ? answer : secure;
  }

  /** Seldom needed: loaded when it is. */
  #proberOf(): Promise<Prober> {
    this.#prober ??= import('../drivers/discovery/probe.ts').then(
      (module) => new module.Prober(this.#options.clock),
    );
    return this.#prober;
  }

  /** A printer with the pinned key at another address has moved, when it is not at the old one any more. */
  async #follow({ state, printer, device, answer }: FoundPrinter): Promise<void> {
    const { pins, log } = this.#options;
    const pin = pins.get(printer ?? '');
    if (state !== 'pinned' || pin?.uri === undefined || pin.key === undefined) return;
    if (device.uri === undefined || answer.description === undefined || this.#stands(device, pin)) return;
    const before = await this.ask(pin.uri);
    if (before.key === pin.key || pins.get(pin.name) !== pin) return;
    await pins.keep([{ ...pin, uri: device.uri }]);
    log.info('pinned printer has moved', { printer: pin.name, from: pin.uri, to: device.uri });
  }

  #stands(device: FoundDevice, { uri }: Pin): boolean {
    return uri !== undefined && isAt(device, parsePrinterUri(uri));
  }

  #isOurs({ address, services }: FoundDevice): boolean {
    return address !== undefined && services.some(({ port }) => this.isOurPlace(address, port));
  }

  #alarm({ id, name, address = 'no address' }: FoundDevice, printer: string): void {
    const key = `impostor printer ${printer} ${id}`;
    this.#alerts.set(id, key);
    const facts = this.#options.live.printers.find((each) => each.name === printer);
    this.#options.alerts.raise({
      kind: 'security',
      key,
      message: `"${printable(name, 63)}" at ${address} announces itself as printer ${printer}, and is not the device that was pinned; if the printer was replaced: "holdfast printers repin ${printer}"; if not, somebody may be catching print jobs`,
      ...(facts === undefined ? {} : { printer: printerOf(facts, { kind: 'impostor' }) }),
    });
  }

  #clear(id: string): void {
    const key = this.#alerts.get(id);
    this.#alerts.delete(id);
    if (key !== undefined) this.#options.alerts.clear(key);
  }
}
