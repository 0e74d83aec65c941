/** `holdfast panels list`: where panels stand, by what each is known, and devices that wait to be enrolled. */
import { z } from 'zod';
import { defineCommand } from './command.ts';
import {
  type ShownAsking,
  type ShownDevice,
  type ShownPanel,
  shownAsking,
  shownPanels,
  strayDevices,
} from './listed-panel.ts';
import { localTime, table } from './table.ts';

interface Result {
  readonly panels: readonly ShownPanel[];
  /** They ask to be enrolled. */
  readonly waiting: readonly ShownAsking[];
  /** Of panels that are in the configuration no more. */
  readonly stray: readonly (ShownDevice & { readonly panel: string })[];
}

export const panelsList = defineCommand<Record<string, never>, Result>({
  name: 'panels list',
  summary: 'List panels, and devices that ask to be enrolled',
  request: () => ({ arguments: {} }),
  arguments: z.strictObject({}),
  handle: ({ gateway }) => ({
    panels: shownPanels(gateway),
    waiting: gateway.panels.enrolment.waiting.map(shownAsking),
    stray: strayDevices(gateway),
  }),
  show({ panels, waiting, stray }) {
    const parts = [panels.length === 0 ? 'no panels' : tableOf(panels)];
    if (stray.length > 0) {
      const rows = stray.map(({ id, panel }) => [id, panel]);
      parts.push(`Devices of panels that are gone:\n${table(['DEVICE', 'PANEL'], rows)}`);
    }
    if (waiting.length > 0) {
      const rows = waiting.map((each) => [each.number, each.address, each.client, localTime(each.asked)]);
      parts.push(
        `Waiting to be approved:\n${table(['NUMBER', 'ADDRESS', 'SAYS THAT IT IS', 'ASKED'], rows)}`,
      );
    }
    return parts.join('\n\n');
  },
});

function tableOf(panels: readonly ShownPanel[]): string {
  const rows = panels.map((panel) => [
    panel.name,
    panel.printers.map((each) => (panel['printers-gone'].includes(each) ? `${each} (gone)` : each)).join(' '),
    panel['sign-in'].join(' '),
    panel.addresses.join(' ') || '-',
    panel.devices.map(({ id, kind }) => (kind === 'path' ? `${id} (path)` : id)).join(' ') || '-',
    panel.configured ? 'configuration' : 'enrolment',
  ]);
  return table(['PANEL', 'PRINTERS', 'SIGN-IN', 'ADDRESSES', 'DEVICES', 'KNOWN BY'], rows);
}
