/** Pins a whole fleet from a file: looks at each printer, shows what would be, and pins exactly what was shown. */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../base/clock.ts';
import { Failure } from '../base/errors.ts';
import { printable } from '../base/text.ts';
import { Hours } from '../base/units.ts';
import type { Pin, Pins } from '../drivers/discovery/pins.ts';
import type { ProbeAnswer } from '../drivers/discovery/probe.ts';
import { bad, checkNewName, checkPin, checkUri, identityIn, identityOf, type PinRooms } from './pinning.ts';
import type { PrinterRow } from './printer-import-file.ts';
import { uriText } from './uri-text.ts';

export interface ImportRooms extends PinRooms {
  readonly pins: Pick<Pins, 'all' | 'get' | 'keep'>;
  ask(uri: string): Promise<ProbeAnswer>;
  readonly clock: Clock;
}

export interface PlannedPin {
  readonly line: number;
  readonly name: string;
  readonly uri: string;
  readonly change: 'add' | 'none';
  readonly pin?: Pin;
  readonly model?: string;
  /** Why it cannot be pinned. */
  readonly problem?: string;
}

/** Printers asked at once: the administrator named them, and they are his. */
const AT_ONCE = 16;
/** A preview is kept so long, so that what is pinned is what was shown. */
const KEPT = Hours(1);
const MOST_KEPT = 4;

export class PrinterImport {
  readonly #rooms: ImportRooms;
  readonly #previews = new Map<string, { readonly at: number; readonly plan: readonly PlannedPin[] }>();

  constructor(rooms: ImportRooms) {
    this.#rooms = rooms;
  }

  /** Asks every printer of which the file does not have the key. @throws Failure `bad-file` */
  async preview(
    content: Buffer,
    onProgress: (done: number, of: number) => void,
  ): Promise<readonly PlannedPin[]> {
    // Seldom needed: loaded when it is.
    const { readRows } = await import('./printer-import-file.ts');
    const rows = readRows(content);
    const plan: PlannedPin[] = [];
    const twins = twinsOf(rows);
    let next = 0;
    let done = 0;
    const work = async () => {
      for (let index = next++; index < rows.length; index = next++) {
        const row = rows[index] as PrinterRow;
        plan[index] = await this.#plan(row, twins);
        onProgress(++done, rows.length);
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, rows.length) }, work));
    this.#keep(content, plan);
    return plan;
  }

  /**
   * Pins what the preview of this very file has shown. @throws Failure `no-preview`, `bad-pin`
   * @param perRow leaves out rows with a problem; otherwise they stop the import
   */
  async apply(content: Buffer, perRow: boolean): Promise<readonly PlannedPin[]> {
    const key = keyOf(content);
    const kept = this.#previews.get(key);
    if (kept === undefined || this.#rooms.clock.monotonic() - kept.at > KEPT) {
      throw new Failure('no-preview', 'this file was not previewed within the last hour', {
        advice: 'Run the command without --yes first, and look at what it shows',
      });
    }
    const { plan } = kept;
    if (!perRow && plan.some(({ problem }) => problem !== undefined)) {
      throw bad(
        'rows of the file have problems, so nothing was pinned',
        'Mend them, or leave them out by --per-row',
      );
    }
    // What came in between is not overwritten.
    const pins = plan.flatMap(({ pin, change }) => (pin === undefined || change === 'none' ? [] : pin));
    for (const { name, uri } of pins) if (uri !== undefined) checkNewName(this.#rooms, name);
    await this.#rooms.pins.keep(pins);
    this.#previews.delete(key);
    return plan;
  }

  async #plan(row: PrinterRow, twins: ReadonlySet<string>): Promise<PlannedPin> {
    const shown = { line: row.line, name: printable(row.name, 63), uri: printable(row.uri, 200) };
    try {
      if (row.problem !== undefined) throw bad(row.problem);
      if (twins.has(row.name.toLowerCase())) throw bad('its name stands in the file twice');
      if (row.uri !== '' && twins.has(row.uri)) throw bad('its URI stands in the file twice');
      const { pin, model } = row.uri === '' ? await this.#configured(row) : await this.#new(row);
      const { pinnedAt: _at, ...facts } = pin;
      const { pinnedAt: _before, ...before } = this.#rooms.pins.get(row.name) ?? { pinnedAt: 0 };
      const change = isDeepStrictEqual(facts, before) ? 'none' : 'add';
      if (change === 'add' && row.uri !== '') checkNewName(this.#rooms, row.name);
      return { ...shown, uri: pin.uri ?? shown.uri, change, pin, ...(model === undefined ? {} : { model }) };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { ...shown, change: 'none', problem: error.message };
    }
  }

  /** Of a printer of the configuration the key. */
  async #configured({ name, key }: PrinterRow): Promise<{ pin: Pin; model?: string }> {
    const printer = this.#rooms.live.current.printers.find((each) => each.name === name);
    if (printer === undefined) throw bad('it has no URI, and the configuration has no printer of that name');
    if (printer.uri.scheme !== 'ipps') throw bad('it is no ipps: printer, so it has no key');
    const answer = key === undefined ? await this.#rooms.ask(uriText(printer.uri)) : { key };
    if (answer.key === undefined) throw bad(`it did not show its key: ${troubleOf(answer)}`);
    const before = this.#rooms.pins.get(name)?.key;
    if (before !== undefined && before !== answer.key)
      throw bad('it is pinned with another key; see "printers repin"');
    return { pin: { name, key: answer.key, pinnedAt: this.#rooms.clock.now() } };
  }

  async #new(row: PrinterRow): Promise<{ pin: Pin; model?: string }> {
    const { name, uri, info, location, formats } = row;
    checkUri(this.#rooms, uri);
    const isSecure = /^ipps:/i.test(uri);
    const isIpp = /^ipps?:/i.test(uri);
    if (row.key !== undefined && !isSecure) throw bad('only an ipps: printer has a KEY');
    if (isIpp && formats.length > 0) throw bad('FORMATS are for socket: printers, others tell them');
    if (!isIpp && formats.length === 0) throw bad('a socket: printer needs FORMATS, as it cannot be asked');
    const base = {
      name,
      uri,
      ...(info === '' ? {} : { info }),
      ...(location === '' ? {} : { location }),
      ...(formats.length === 0 ? {} : { formats }),
      pinnedAt: this.#rooms.clock.now(),
    };
    // Before anything is connected to.
    checkPin(this.#rooms, base);
    const given = { key: row.key, uuid: row.uuid, deviceId: row.deviceId };
    const known = isSecure
      ? row.key !== undefined
      : row.uuid !== undefined || row.deviceId !== undefined || !isIpp;
    if (known) return { pin: { ...base, ...identityOf(given) } };
    const answer = await this.#rooms.ask(uri);
    const told = identityIn(answer);
    if (isSecure && told.key === undefined) throw bad(`it did not show its key: ${troubleOf(answer)}`);
    if (row.uuid !== undefined && told.uuid !== undefined && told.uuid !== row.uuid) {
      throw bad(`it says that its UUID is ${printable(told.uuid, 60)}`);
    }
    const identity = identityOf({
      key: told.key,
      uuid: row.uuid ?? told.uuid,
      deviceId: row.deviceId ?? told.deviceId,
    });
    if (Object.keys(identity).length === 0) throw bad(`nothing tells it from another: ${troubleOf(answer)}`);
    const model = answer.description?.makeAndModel;
    return { pin: { ...base, ...identity }, ...(model === undefined ? {} : { model }) };
  }

  #keep(content: Buffer, plan: readonly PlannedPin[]): void {
    const key = keyOf(content);
    this.#previews.delete(key);
    const [oldest] = this.#previews.keys();
    if (this.#previews.size >= MOST_KEPT && oldest !== undefined) this.#previews.delete(oldest);
    this.#previews.set(key, { at: this.#rooms.clock.monotonic(), plan });
  }
}

const keyOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

const troubleOf = ({ trouble, description }: ProbeAnswer): string =>
  trouble ?? (description === undefined ? 'no answer' : 'it tells neither a UUID nor a device id');

/** Names in lower case, and URIs, that stand in several rows. */
function twinsOf(rows: readonly PrinterRow[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const twins = new Set<string>();
  for (const { name, uri } of rows) {
    for (const each of [name.toLowerCase(), uri]) {
      if (seen.has(each)) twins.add(each);
      seen.add(each);
    }
  }
  return twins;
}
