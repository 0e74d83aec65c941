/** The table of tokens: never a secret, only its HMAC. Runs in the store worker. */
import type { SQLOutputValue } from 'node:sqlite';
import { type Connection, defineTables, type TableClient } from '../../base/database/tables.ts';
import { PersonId } from '../person.ts';
import { formatNamingRule, parseNamingRule } from './naming.ts';
import type { Token } from './token.ts';

export interface StoredToken {
  /** HMAC of the secret, 32 octets. */
  readonly key: Uint8Array;
  readonly token: Token;
  readonly lastUsedAt?: number;
}

export interface TokenUse {
  readonly id: string;
  readonly at: number;
}

/** Lists are JSON. */
const FIRST_VERSION = `
  CREATE TABLE token (
    id TEXT PRIMARY KEY,
    key BLOB NOT NULL UNIQUE CHECK (length(key) = 32),
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    person TEXT,
    may_name TEXT,
    formats TEXT,
    queues TEXT NOT NULL,
    networks TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER
  ) STRICT;
`;

export const tables = defineTables({
  room: 'tokens',
  module: import.meta.url,
  migrations: [FIRST_VERSION],
  operations: {
    all(connection: Connection, _: undefined): StoredToken[] {
      return connection.prepare('SELECT * FROM token ORDER BY created_at, id').all().map(storedToken);
    },

    add(connection: Connection, { key, token }: StoredToken): void {
      connection
        .prepare('INSERT INTO token VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)')
        .run(
          token.id,
          key,
          token.kind,
          token.label,
          token.kind === 'personal' ? token.person : null,
          token.kind === 'submitter' ? formatNamingRule(token.mayName) : null,
          token.kind === 'submitter' ? JSON.stringify(token.formats) : null,
          JSON.stringify(token.queues),
          JSON.stringify(token.networks),
          token.createdAt,
          token.expiresAt ?? null,
        );
    },

    remove(connection: Connection, ids: readonly string[]): void {
      const statement = connection.prepare('DELETE FROM token WHERE id = ?');
      for (const id of ids) statement.run(id);
    },

    used(connection: Connection, uses: readonly TokenUse[]): void {
      const statement = connection.prepare('UPDATE token SET last_used_at = ? WHERE id = ?');
      for (const { id, at } of uses) statement.run(at, id);
    },
  },
});

export type TokenStore = TableClient<typeof tables.operations>;

function storedToken(row: Record<string, SQLOutputValue>): StoredToken {
  const list = (name: string) => JSON.parse(String(row[name] ?? '[]')) as string[];
  const base = {
    id: String(row['id']),
    label: String(row['label']),
    queues: list('queues'),
    networks: list('networks'),
    createdAt: Number(row['created_at']),
    ...(row['expires_at'] === null ? {} : { expiresAt: Number(row['expires_at']) }),
  };
  return {
    key: row['key'] as Uint8Array,
    token: tokenOf(String(row['kind']), base, row, list('formats')),
    ...(row['last_used_at'] === null ? {} : { lastUsedAt: Number(row['last_used_at']) }),
  };
}

type Base = Omit<Token, 'kind' | 'person' | 'mayName' | 'formats'>;

function tokenOf(
  kind: string,
  base: Base,
  row: Record<string, SQLOutputValue>,
  formats: readonly string[],
): Token {
  switch (kind) {
    case 'personal':
      return { ...base, kind, person: PersonId(String(row['person'])) };
    case 'submitter':
      return { ...base, kind, mayName: parseNamingRule(String(row['may_name'])), formats };
    case 'operator':
      return { ...base, kind };
    default:
      throw new Error(`a token of kind ${kind}`);
  }
}
