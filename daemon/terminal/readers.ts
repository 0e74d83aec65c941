/** Card readers that are plugged into a terminal: the gateway's own drivers, swipes sent as badges, answers as feedback. */
import { systemClock } from '../../base/clock.ts';
import { Failure } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { isNetworkKind, READER_KINDS } from '../../config/readers.ts';
import { PLACE_FORM, parseDevicePlace } from '../../drivers/readers/device-place.ts';
import { LinkedReader } from '../../drivers/readers/linked-reader.ts';
import { tellMissing } from '../../drivers/readers/missing.ts';
import { PlugWatch } from '../../drivers/readers/plug-watch.ts';
import type { Reader } from '../../drivers/readers/port.ts';
import { LAYOUTS, type Layout } from '../../drivers/readers/protocols/layouts.ts';
import type { RawSwipe } from '../../identity/cards/card-number.ts';
import type { ServerMessage } from '../../panel-protocol/server-messages.ts';
import { openReader, type PluggedReader } from '../reader-drivers.ts';
import { feedbackOn } from '../reader-feedback.ts';

const FORM = /^([a-z0-9-]+)@([^,]+)((?:,[a-z]+=[a-z0-9]+)*)$/;
const KINDS = READER_KINDS.filter((kind) => kind !== 'at-terminal' && !isNetworkKind(kind));

/**
 * `twn4@usb:1-1.4`, `lines@/dev/ttyUSB0,baud=19200`, `keyboard@usb-serial:E1,layout=de`
 * @throws Failure `bad-reader`
 */
export function readerSpec(text: string): PluggedReader {
  const [, name, place = '', extras = ''] = FORM.exec(text) ?? [];
  const kind = KINDS.find((each) => each === name);
  const device = parseDevicePlace(place);
  if (kind === undefined || device === undefined) {
    throw bad('it is not KIND@DEVICE', `KIND is one of ${KINDS.join(', ')}; DEVICE is ${PLACE_FORM}`);
  }
  let baud = 9600;
  let layout: Layout = 'us';
  for (const [key, value] of extras
    .split(',')
    .slice(1)
    .map((each) => each.split('='))) {
    const found = LAYOUTS.find((each) => each === value);
    const number = /^\d{3,6}$/.test(value ?? '') ? Number(value) : 0;
    if (key === 'baud' && number >= 300 && number <= 921_600) baud = number;
    else if (key === 'layout' && found !== undefined) layout = found;
    else throw bad('what follows DEVICE is wrong', `It is baud=9600, or layout=${LAYOUTS.join(', ')}`);
  }
  return { kind, device, baud, layout };
}

const bad = (what: string, advice: string) => new Failure('bad-reader', `--reader: ${what}`, { advice });

export interface TerminalReadersOptions {
  readonly specs: readonly PluggedReader[];
  /** Under which the gateway has their conversion. */
  readonly name: string | undefined;
  readonly log: Log;
  /** @returns undefined when there is no connection */
  send(message: Readonly<Record<string, unknown>>): number | undefined;
}

export class TerminalReaders {
  readonly #options: TerminalReadersOptions;
  readonly #readers: readonly Reader[];
  /** The one whose swipe is being answered. */
  #asking: Reader | undefined;
  #plugs: PlugWatch | undefined;

  constructor(options: TerminalReadersOptions) {
    this.#options = options;
    const { specs, log } = options;
    this.#readers = specs.map((spec) => openReader(spec, { clock: systemClock, log }));
    for (const reader of this.#readers) void this.#listen(reader);
  }

  /** Looks at once when something is plugged in. */
  async watch(): Promise<void> {
    if (this.#readers.length === 0) return;
    void tellMissing(this.#options.log);
    this.#plugs = await PlugWatch.start({
      clock: systemClock,
      log: this.#options.log,
      onChange: () => {
        for (const reader of this.#readers) if (reader instanceof LinkedReader) reader.look();
      },
    });
  }

  /** What the gateway says; undefined: the connection was lost. */
  hear(message: ServerMessage | undefined): void {
    const reader = this.#asking;
    const feedback = message === undefined ? 'refused' : feedbackOn(message);
    if (reader === undefined || feedback === undefined) return;
    this.#asking = undefined;
    reader.feedback(feedback);
  }

  async close(): Promise<void> {
    this.#plugs?.close();
    await Promise.all(this.#readers.map((reader) => reader.close()));
  }

  async #listen(reader: Reader): Promise<void> {
    const { send, log, name } = this.#options;
    for await (const swipe of reader.swipes()) {
      this.#asking = reader;
      const sent = send({
        type: 'credential',
        kind: 'badge',
        ...badge(swipe),
        ...(name === undefined ? {} : { reader: name }),
      });
      if (sent !== undefined) continue;
      log.warn('not sent: there is no connection to the gateway');
      this.hear(undefined);
    }
  }
}

const badge = (swipe: RawSwipe) =>
  swipe.kind === 'text'
    ? { value: swipe.text }
    : { value: Buffer.from(swipe.octets).toString('hex'), bits: swipe.bits };
