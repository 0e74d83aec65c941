/** A token as the administrator sees it: everything but the secret, which nobody has. */
import { formatNamingRule } from '../../identity/tokens/naming.ts';
import type { Token } from '../../identity/tokens/token.ts';
import type { Gateway } from '../gateway.ts';

export interface ListedToken {
  readonly id: string;
  readonly kind: Token['kind'];
  readonly label: string;
  /** User name, for a personal one. */
  readonly person: string | null;
  /** For a submitter's. */
  readonly 'may-name': string | null;
  readonly formats: readonly string[];
  /** Empty: all. */
  readonly queues: readonly string[];
  /** Empty: from everywhere. */
  readonly from: readonly string[];
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly expires: number | null;
  /** Within the hour. */
  readonly 'last-used': number | null;
  /** False when its time is over. */
  readonly works: boolean;
}

export function listedToken(
  { identity, credentials: { tokens } }: Gateway,
  { token, lastUsedAt }: { readonly token: Token; readonly lastUsedAt?: number },
): ListedToken {
  return {
    id: token.id,
    kind: token.kind,
    label: token.label,
    person: token.kind === 'personal' ? (identity.person(token.person)?.userName ?? null) : null,
    'may-name': token.kind === 'submitter' ? formatNamingRule(token.mayName) : null,
    formats: token.kind === 'submitter' ? token.formats : [],
    queues: token.queues,
    from: token.networks,
    created: token.createdAt,
    expires: token.expiresAt ?? null,
    'last-used': lastUsedAt ?? null,
    works: tokens.isLive(token.id),
  };
}
