/** `holdfast tokens list`: who has which token; never a secret. */
import { z } from 'zod';
import { defineCommand } from './command.ts';
import { type ListedToken, listedToken } from './listed-token.ts';
import { localTime, table } from './table.ts';

/** Tokens in one answer. */
const MOST = 10_000;

export const tokensList = defineCommand<Record<string, never>, { tokens: ListedToken[]; total: number }>({
  name: 'tokens list',
  summary: 'List tokens',
  request: () => ({ arguments: {} }),
  arguments: z.strictObject({}),
  handle({ gateway }) {
    const all = gateway.credentials.tokens.list();
    return { tokens: all.slice(-MOST).map((each) => listedToken(gateway, each)), total: all.length };
  },
  show({ tokens, total }) {
    if (tokens.length === 0) return 'no tokens';
    const rows = tokens.map((token) => [
      token.id,
      token.label,
      token.kind,
      token.person ?? token['may-name'] ?? '-',
      token.from.join(' ') || 'everywhere',
      token.queues.join(' ') || 'all',
      token.works ? (token.expires === null ? 'never' : localTime(token.expires)) : 'over',
      token['last-used'] === null ? 'never' : localTime(token['last-used']),
    ]);
    const headings = ['TOKEN', 'LABEL', 'KIND', 'FOR', 'FROM', 'QUEUES', 'EXPIRES', 'LAST USED'];
    const rest = total > tokens.length ? `\n… and ${total - tokens.length} older ones` : '';
    return table(headings, rows) + rest;
  },
});
