/** `holdfast panels secret-path NAME`: an address that opens a panel by itself, for a browser that keeps no cookie. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { canonicalNetwork } from '../../base/networks.ts';
import { printable } from '../../base/text.ts';
import { placeFor } from '../enrolled-panels.ts';
import { webAddress } from '../queue-uris.ts';
import { defineCommand } from './command.ts';
import { panelOptions, printersTyped, printerWords } from './panel-options.ts';

interface Arguments {
  readonly name: string;
  readonly printers: readonly string[];
  readonly networks: readonly string[];
}

interface Result {
  readonly panel: string;
  readonly device: string;
  /** Told here and never again. */
  readonly url: string;
  readonly networks: readonly string[];
}

export const panelsSecretPath = defineCommand<Arguments, Result>({
  name: 'panels secret-path',
  summary: 'Make a secret address that opens a panel, for a browser that keeps no cookie',
  words: [['<name>', 'of the panel']],
  options: [
    ...panelOptions,
    [
      '--from <networks>',
      'where it works, with commas; unless told, only at the first address that opens it',
    ],
  ],
  request: ({ words: [name = ''], options }) => ({
    arguments: {
      name,
      printers: printersTyped(options),
      networks: (typeof options['from'] === 'string' ? options['from'].split(',') : [])
        .map((each) => each.trim())
        .filter((each) => each !== ''),
    },
  }),
  arguments: z.strictObject({
    name: z.string().min(1).max(63),
    printers: printerWords,
    networks: z.array(z.string().min(1).max(60)).max(100),
  }),
  async handle({ gateway, arguments: args }) {
    const networks = args.networks.map(networkOf);
    const place = placeFor(gateway, args);
    const { device, secret } = await gateway.registry.add('path', { ...place, networks });
    return {
      panel: place.panel,
      device: device.id,
      url: `${webAddress(gateway)}/p/${secret.reveal()}`,
      networks,
    };
  },
  show: ({ panel, device, url, networks }) =>
    [
      `Keep this address as you would a password: it is not shown again.`,
      `  ${url}`,
      `It opens the panel "${panel}"${networks.length > 0 ? ` from ${networks.join(', ')}` : ' at the first address that uses it, and nowhere else'}.`,
      `"holdfast panels revoke ${device}" ends it at once.`,
    ].join('\n'),
});

function networkOf(text: string): string {
  try {
    return canonicalNetwork(text);
  } catch (error) {
    if (error instanceof Failure)
      throw new Failure('bad-panel', `--from: "${printable(text, 60)}" ${error.message}`);
    throw error;
  }
}
