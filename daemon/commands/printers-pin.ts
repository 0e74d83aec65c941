/** `holdfast printers pin FOUND --as NAME`: a printer that was found is one of ours now. `pin NAME`: keeps to the key of a configured one. */
import { z } from 'zod';
import { printable } from '../../base/text.ts';
import type { Pin } from '../../drivers/discovery/pins.ts';
import type { Gateway } from '../gateway.ts';
import { bad, checkNewName, pinOfFound } from '../pinning.ts';
import { uriText } from '../uri-text.ts';
import { defineCommand } from './command.ts';
import { fingerprint, shownModel } from './listed-printer.ts';

interface Arguments {
  readonly which: string;
  readonly as: string;
  readonly key: string;
}

interface Result {
  readonly printer: string;
  readonly uri: string;
  readonly key: string | null;
  readonly uuid: string | null;
  readonly verifiable: boolean;
  readonly 'make-and-model': string | null;
}

export const printersPin = defineCommand<Arguments, Result>({
  name: 'printers pin',
  summary:
    'Make a printer that was found one of ours, known by its key; or keep to the key of a configured one',
  words: [
    [
      '<printer>',
      'the number that "printers discover" shows, or the name of an ipps: printer of the configuration',
    ],
  ],
  options: [
    ['--as <name>', 'the name that a found printer gets'],
    ['--key <sha-256>', 'only when it shows this key'],
  ],
  request: ({ words: [which = ''], options: { as = '', key = '' } }) => ({
    arguments: { which, as: String(as), key: String(key).replaceAll(':', '').toLowerCase() },
  }),
  arguments: z.strictObject({
    which: z.string().max(63),
    as: z.string().max(63),
    key: z.string().max(64),
  }),
  async handle({ gateway, arguments: { which, as, key } }) {
    const { pin, uri, model } =
      as === '' ? await configured(gateway, which) : await found(gateway, which, as);
    if (key !== '' && pin.key !== key) {
      throw bad(pin.key === undefined ? 'it shows no key' : `it shows the key ${fingerprint(pin.key)}`);
    }
    await gateway.pins.keep([pin]);
    return {
      printer: pin.name,
      uri,
      key: pin.key ?? null,
      uuid: pin.uuid ?? null,
      verifiable: pin.key !== undefined,
      'make-and-model': shownModel(model),
    };
  },
  show: ({ printer, uri, key, uuid, verifiable, 'make-and-model': model }) =>
    [
      `${printer} is ${uri}${model === null ? '' : ` (${model})`} now.`,
      verifiable
        ? `It is known by its key ${fingerprint(key ?? '')}.`
        : `It is not verifiable: it has no TLS, so its address and ${uuid === null ? 'device id' : 'UUID'} are all there is. Only queues with plaintext: accept print there.`,
    ].join('\n'),
});

interface Made {
  readonly pin: Pin;
  readonly uri: string;
  readonly model: string | undefined;
}

async function found(gateway: Gateway, which: string, name: string): Promise<Made> {
  const rooms = roomsOf(gateway);
  checkNewName(rooms, name);
  const printer = await gateway.foundPrinters.look(which);
  const twin = gateway.pins.all().find((pin) => pin.key !== undefined && pin.key === printer.answer.key);
  if (twin !== undefined) throw bad(`it is pinned already, as "${twin.name}"`);
  const pin = pinOfFound(rooms, name, printer, gateway.clock.now());
  return { pin, uri: pin.uri, model: printer.answer.description?.makeAndModel };
}

async function configured(gateway: Gateway, name: string): Promise<Made> {
  const printer = gateway.config.printers.find((each) => each.name === name);
  if (printer === undefined) {
    throw bad(
      `the configuration has no printer "${printable(name, 63)}"`,
      'A printer that was found gets a name: --as NAME',
    );
  }
  if (printer.uri.scheme !== 'ipps') throw bad(`${name} is no ipps: printer, so it has no key`);
  if (gateway.pins.get(name)?.key !== undefined) {
    throw bad(`${name} is pinned already`, `"holdfast printers repin ${name}" shows both keys`);
  }
  const uri = uriText(printer.uri);
  const { key, trouble, description } = await gateway.foundPrinters.ask(uri);
  if (key === undefined) throw bad(`it did not show its key: ${trouble ?? 'no answer'}`);
  return { pin: { name, key, pinnedAt: gateway.clock.now() }, uri, model: description?.makeAndModel };
}

export const roomsOf = ({ live, pins, foundPrinters }: Gateway) => ({
  live,
  pins,
  isOurPlace: (host: string, port: number) => foundPrinters.isOurPlace(host, port),
});
