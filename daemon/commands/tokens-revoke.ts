/** `holdfast tokens revoke ID...`: they work no more from this moment, not even for what is under way. */
import { z } from 'zod';
import { defineCommand } from './command.ts';

interface Result {
  readonly revoked: readonly string[];
  readonly unknown: readonly string[];
}

const MOST = 10_000;

export const tokensRevoke = defineCommand<{ ids: string[] }, Result>({
  name: 'tokens revoke',
  summary: 'Revoke tokens at once',
  words: [['<id...>', 'as "tokens list" shows them; not the secret']],
  request: ({ words }) => ({ arguments: { ids: [...words] } }),
  arguments: z.strictObject({ ids: z.array(z.string().max(100)).min(1).max(MOST) }),
  async handle({ gateway, arguments: { ids } }) {
    const revoked = (await gateway.credentials.tokens.revoke([...new Set(ids)])).map(({ id }) => id);
    return { revoked, unknown: ids.filter((id) => !revoked.includes(id)) };
  },
  show: ({ revoked, unknown }) =>
    [...revoked.map((id) => `${id}: revoked`), ...unknown.map(() => 'no such token')].join('\n'),
  exitCode: ({ unknown }) => (unknown.length === 0 ? 0 : 1),
});
