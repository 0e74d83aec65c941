/** `holdfast panels accept DEVICE`: a secret path works from now on where it was refused last, as its panel has moved. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { defineCommand } from './command.ts';

export const panelsAccept = defineCommand<{ id: string }, { device: string; address: string }>({
  name: 'panels accept',
  summary: 'Let a secret path work at the address where it was refused, and there only',
  words: [['<device>', 'as the alert, or "panels show", names it']],
  request: ({ words: [id = ''] }) => ({ arguments: { id } }),
  arguments: z.strictObject({ id: z.string().max(100) }),
  handle({ gateway, arguments: { id } }) {
    const address = gateway.panels.access.acceptAddress(id);
    if (address === undefined) {
      throw new Failure('nothing-refused', 'there is no secret path with that id that was refused anywhere', {
        advice: 'One with networks of its own (--from) is not bound to one address: make another',
      });
    }
    return { device: id, address };
  },
  show: ({ device, address }) => `${device} works from ${address} now`,
});
