/** `holdfast panels revoke NAME|DEVICE...`: what is connected by it is cut, and it is no panel any more. */
import { z } from 'zod';
import { defineCommand } from './command.ts';

interface Result {
  readonly revoked: readonly { readonly device: string; readonly panel: string }[];
  readonly unknown: readonly string[];
}

export const panelsRevoke = defineCommand<{ names: string[] }, Result>({
  name: 'panels revoke',
  summary: 'Revoke devices, or all devices of panels, at once',
  words: [['<name...>', 'panels or devices, as "panels list" shows them']],
  request: ({ words }) => ({ arguments: { names: [...words] } }),
  arguments: z.strictObject({ names: z.array(z.string().max(100)).min(1).max(10_000) }),
  async handle({ gateway, arguments: { names } }) {
    const devices = gateway.registry.devices().map(({ device }) => device);
    const meant = (name: string) => devices.filter(({ id, panel }) => id === name || panel === name);
    const ids = new Set(names.flatMap(meant).map(({ id }) => id));
    const revoked = await gateway.registry.revoke([...ids]);
    for (const { id } of revoked) gateway.panels.access.forget(id);
    return {
      revoked: revoked.map(({ id, panel }) => ({ device: id, panel })),
      unknown: names.filter((name) => meant(name).length === 0),
    };
  },
  show: ({ revoked, unknown }) =>
    [
      ...revoked.map(({ device, panel }) => `${device} (panel ${panel}): revoked`),
      ...unknown.map((name) => `${name}: no such panel or device`),
    ].join('\n'),
  exitCode: ({ unknown }) => (unknown.length === 0 ? 0 : 1),
});
