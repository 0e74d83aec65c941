/** `holdfast panels approve NUMBER`: makes a device that asks a panel, at the printers that are named here. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { placeFor, printersOf } from '../enrolled-panels.ts';
import { defineCommand } from './command.ts';
import { askedHow, type ShownAsking, shownAsking } from './listed-panel.ts';
import { panelOptions, printersTyped, printerWords } from './panel-options.ts';

interface Result {
  readonly panel: string;
  readonly printers: readonly string[];
  readonly device: string;
  readonly asked: ShownAsking;
}

interface Arguments {
  readonly number: string;
  readonly name: string;
  readonly printers: readonly string[];
}

export const panelsApprove = defineCommand<Arguments, Result>({
  name: 'panels approve',
  summary: 'Make a device that asks a panel; without an option, tell which device it is',
  words: [['<number>', 'that the device shows']],
  options: [
    ...panelOptions,
    [
      '--name <panel>',
      'of the panel; one that exists gets one more device. The name of the printer unless told',
    ],
  ],
  request: ({ words: [number = ''], options }) => ({
    arguments: {
      number: number.replaceAll(/[\s-]/g, ''),
      name: typeof options['name'] === 'string' ? options['name'] : '',
      printers: printersTyped(options),
    },
  }),
  arguments: z.strictObject({
    number: z.string().max(20),
    name: z.string().max(63),
    printers: printerWords,
  }),
  async handle({ gateway, arguments: { number, name, printers } }) {
    const { enrolment } = gateway.panels;
    const asking = enrolment.find(number);
    if (asking === undefined) {
      throw new Failure('no-such-number', 'no device waits with that number', {
        advice: 'A number is good for 10 minutes; "holdfast panels list" shows those that wait',
      });
    }
    const asked = shownAsking(asking);
    if (name === '' && printers.length === 0) {
      throw new Failure('bad-panel', `${number} was ${askedHow(asked)}`, {
        advice:
          'If that is the device, say where it stands: --printer P, --printers P,Q, or --name of a panel',
      });
    }
    const place = placeFor(gateway, { name, printers });
    const { address, client } = asking;
    const { device, secret: key } = await gateway.registry.add('key', { ...place, client, address });
    if (!enrolment.approve(number, { panel: place.panel, device: device.id, key })) {
      await gateway.registry.revoke([device.id]);
      throw new Failure('no-such-number', 'the device has stopped waiting');
    }
    return {
      panel: place.panel,
      printers: place.printers ?? printersOf(gateway, place.panel) ?? [],
      device: device.id,
      asked,
    };
  },
  show: ({ panel, printers, device, asked }) =>
    [
      `the device that ${askedHow(asked)}`,
      `is the panel "${panel}" now, at ${printers.join(', ')}.`,
      `If that was the wrong one: "holdfast panels revoke ${device}".`,
    ].join('\n'),
});
