/** `holdfast panels show NAME`: a panel and its devices. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { printable } from '../../base/text.ts';
import { defineCommand } from './command.ts';
import { type ShownPanel, shownPanels } from './listed-panel.ts';
import { localTime, table } from './table.ts';

export const panelsShow = defineCommand<{ name: string }, ShownPanel>({
  name: 'panels show',
  summary: 'Show a panel and its devices',
  words: [['<name>', 'of the panel']],
  request: ({ words: [name = ''] }) => ({ arguments: { name } }),
  arguments: z.strictObject({ name: z.string().max(63) }),
  handle({ gateway, arguments: { name } }) {
    const panel = shownPanels(gateway).find((each) => each.name === name);
    if (panel === undefined) throw new Failure('no-such-panel', `there is no panel "${printable(name, 63)}"`);
    return panel;
  },
  show(panel) {
    const facts = [
      ['panel', panel.name],
      ['known by', panel.configured ? 'configuration' : 'enrolment'],
      ['printers', panel.printers.join(' ')],
      ['printers gone', panel['printers-gone'].join(' ')],
      ['sign-in', panel['sign-in'].join(' ')],
      ['plain HTTP', panel['plain-http'] ? 'allowed' : 'refused'],
      ['addresses', panel.addresses.join(' ')],
    ].filter(([, value]) => value !== '');
    const lines = facts.map(([key = '', value = '']) => `${`${key}:`.padEnd(15)}${value}`);
    if (panel.devices.length === 0) return [...lines, 'no devices'].join('\n');
    const rows = panel.devices.map((each) => [
      each.id,
      each.kind,
      each.from.join(' ') || 'not used yet',
      each['tried-from'] ?? '-',
      localTime(each.created),
      each['last-used'] === null ? 'never' : localTime(each['last-used']),
      each.client || '-',
    ]);
    const headings = ['DEVICE', 'KIND', 'FROM', 'REFUSED AT', 'ADDED', 'LAST USED', 'SAYS THAT IT IS'];
    return [...lines, '', table(headings, rows)].join('\n');
  },
});
