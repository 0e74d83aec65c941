/** `holdfast printers repin NAME`: shows the pinned key and the one that is there now; with that key typed, pins it instead. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { printable } from '../../base/text.ts';
import type { Pin } from '../../drivers/discovery/pins.ts';
import type { ProbeAnswer } from '../../drivers/discovery/probe.ts';
import type { Gateway } from '../gateway.ts';
import { bad, checkUri, identityIn, identityOf } from '../pinning.ts';
import { uriText } from '../uri-text.ts';
import { defineCommand } from './command.ts';
import { fingerprint, shownModel } from './listed-printer.ts';
import { roomsOf } from './printers-pin.ts';

interface Arguments {
  readonly name: string;
  readonly found: string;
  readonly key: string;
  readonly uuid: string;
}

interface Shown {
  readonly uri: string;
  readonly key: string | null;
  readonly uuid: string | null;
  readonly 'make-and-model': string | null;
}

interface Result {
  readonly printer: string;
  readonly pinned: Omit<Shown, 'make-and-model'>;
  readonly now: Shown;
  readonly repinned: boolean;
}

export const printersRepin = defineCommand<Arguments, Result>({
  name: 'printers repin',
  summary: 'Show the pinned key of a printer and the one that it shows now, and pin that one instead',
  words: [['<name>', 'of the printer']],
  options: [
    [
      '--found <number>',
      'the device that it is now, as "printers discover" shows it; at its address unless told',
    ],
    ['--key <sha-256>', 'pin this key, which it must show'],
    ['--uuid <uuid>', 'pin this UUID, for a printer without TLS'],
  ],
  request: ({ words: [name = ''], options: { found = '', key = '', uuid = '' } }) => ({
    arguments: {
      name,
      found: String(found),
      key: String(key).replaceAll(':', '').toLowerCase(),
      uuid: String(uuid).toLowerCase(),
    },
  }),
  arguments: z.strictObject({
    name: z.string().max(63),
    found: z.string().max(63),
    key: z.string().max(64),
    uuid: z.string().max(63),
  }),
  async handle({ gateway, arguments: { name, found, key, uuid } }) {
    const pin = gateway.pins.get(name);
    if (pin === undefined) {
      throw new Failure('no-such-pin', `there is no pinned printer "${printable(name, 63)}"`, {
        advice: '"holdfast printers list" shows those that are',
      });
    }
    const { uri, answer } = await placeOf(gateway, pin, found);
    const identity = identityOf(identityIn(answer));
    if (identity.key === undefined && identity.uuid === undefined) {
      const why = answer.trouble === undefined ? '' : `: ${answer.trouble}`;
      throw bad(
        `it shows neither a key nor a UUID${why}`,
        'If it has none, unpin it, then pin or import it anew',
      );
    }
    const repinned = identity.key === undefined ? uuid !== '' : key !== '';
    if (repinned && (identity.key === undefined ? identity.uuid !== uuid : identity.key !== key)) {
      throw bad(
        `it shows ${identity.key === undefined ? identity.uuid : fingerprint(identity.key)}, not what was typed`,
      );
    }
    const model = answer.description?.makeAndModel;
    const result: Result = {
      printer: name,
      pinned: { uri: pin.uri ?? uri, key: pin.key ?? null, uuid: pin.uuid ?? null },
      now: {
        uri,
        key: identity.key ?? null,
        uuid: identity.uuid ?? null,
        'make-and-model': shownModel(model),
      },
      repinned,
    };
    if (repinned) await gateway.pins.keep([renewed(pin, uri, identity, gateway.clock.now())]);
    return result;
  },
  show({ printer, pinned, now, repinned }) {
    const identity = now.key === null ? `--uuid ${now.uuid}` : `--key ${now.key}`;
    return [
      `pinned: ${shown(pinned)}`,
      `now:    ${shown(now)}${now['make-and-model'] === null ? '' : `, ${now['make-and-model']}`}`,
      repinned
        ? `${printer} is known by that now.`
        : isSame(pinned, now)
          ? 'Nothing has changed.'
          : `Compare the new one with what the printer itself shows. If it is right:\n  holdfast printers repin ${printer} ${identity}`,
    ].join('\n');
  },
  exitCode: ({ pinned, now, repinned }) => (repinned || isSame(pinned, now) ? 0 : 1),
});

const shown = ({ uri, key, uuid }: Omit<Shown, 'make-and-model'>): string =>
  `${uri} ${key === null ? `without TLS, UUID ${uuid ?? 'none'}` : fingerprint(key)}`;

const isSame = (a: Omit<Shown, 'make-and-model'>, b: Omit<Shown, 'make-and-model'>): boolean =>
  a.uri === b.uri && a.key === b.key && (a.key !== null || a.uuid === b.uuid);

/** What a printer of the configuration keeps is its key alone. */
function renewed(pin: Pin, uri: string, identity: ReturnType<typeof identityOf>, now: number): Pin {
  if (pin.uri === undefined) return { name: pin.name, ...identity, pinnedAt: now };
  const { key: _key, uuid: _uuid, deviceId: _deviceId, ...rest } = pin;
  return { ...rest, uri, ...identity, pinnedAt: now };
}

async function placeOf(
  gateway: Gateway,
  pin: Pin,
  found: string,
): Promise<{ uri: string; answer: ProbeAnswer }> {
  if (found === '') {
    const printer = gateway.live.printers.find(({ name }) => name === pin.name);
    if (printer === undefined) throw bad(`${pin.name} is not in the configuration any more`);
    const uri = uriText(printer.uri);
    return { uri, answer: await gateway.foundPrinters.ask(uri) };
  }
  if (pin.uri === undefined)
    throw bad(`the address of ${pin.name} stands in the configuration: change it there`);
  const { device, answer } = await gateway.foundPrinters.look(found);
  if (device.uri === undefined) throw bad('it cannot be printed to', answer.trouble);
  checkUri(roomsOf(gateway), device.uri);
  return { uri: device.uri, answer };
}
