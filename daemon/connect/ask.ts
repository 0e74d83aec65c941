/** What the connect commands have in common: which queue, by which of its addresses, with a token that is never typed as an argument. */
import { z } from 'zod';
import { Failure } from '../../base/errors.ts';
import { hasTokenForm } from '../../identity/tokens/token.ts';
import type { Request, Typed } from '../commands/command.ts';
import { readSecret } from '../commands/read-secret.ts';
import type { Gateway } from '../gateway.ts';
import { type Connection, connectionsTo } from './connection.ts';

export interface Asked {
  /** Empty: all. */
  readonly queue: string;
  readonly entrance: 'claimed' | 'password' | 'token';
}

export const ENTRANCE_OPTIONS: readonly (readonly [flags: string, meaning: string])[] = [
  ['--auth', 'the address at which people are asked for their password'],
  [
    '--token',
    'the address of a token, read from the terminal or standard input, as "tokens create" showed it',
  ],
];

export const asked = z.strictObject({
  queue: z.string().max(63),
  entrance: z.enum(['claimed', 'password', 'token']),
});

/** @throws Failure `bad-token`, `no-secret` */
export async function askedBy({ options }: Typed, queue: string): Promise<Request<Asked>> {
  if (options['token'] !== true) {
    return { arguments: { queue, entrance: options['auth'] === true ? 'password' : 'claimed' } };
  }
  if (options['auth'] === true) throw new Failure('bad-token', '--auth and --token are two ways; choose one');
  const secret = (await readSecret('Token or its address', false)).trim().split('/').at(-1) ?? '';
  if (!hasTokenForm(secret)) throw new Failure('bad-token', 'that is no token and no address of one');
  return { arguments: { queue, entrance: 'token' }, upload: Buffer.from(secret) };
}

/**
 * By a token, without a queue: those that it may use.
 * @throws Failure `no-such-queue`, `bad-token`, `unknown-token`, `token-not-for-queue`
 */
export function connectionsAsked(gateway: Gateway, { queue, entrance }: Asked, upload: Buffer): Connection[] {
  if (entrance !== 'token') return connectionsTo(gateway, queue, entrance, '');
  const secret = upload.toString();
  if (!hasTokenForm(secret)) throw new Failure('bad-token', 'no token came with the command');
  const token = gateway.credentials.tokens.lookUp(secret);
  if (token === undefined) {
    throw new Failure(
      'unknown-token',
      'the token is unknown: it was never made, was revoked, or has expired',
      {
        advice: '"holdfast tokens list" has those that work; "holdfast tokens create" makes one',
      },
    );
  }
  const usable = connectionsTo(gateway, queue, entrance, secret).filter(
    (each) => token.queues.length === 0 || token.queues.includes(each.queue),
  );
  if (usable.length > 0) return usable;
  throw new Failure('token-not-for-queue', `the token ${token.id} is not for that queue`, {
    advice: `"holdfast tokens list" says for which it is`,
  });
}
