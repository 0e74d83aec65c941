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

/** @throws Failure `no-such-queue` */
export function connectionsAsked(gateway: Gateway, { queue, entrance }: Asked, upload: Buffer): Connection[] {
  const token = upload.toString();
  if (entrance === 'token' && !hasTokenForm(token))
    throw new Failure('bad-token', 'no token came with the command');
  return connectionsTo(gateway, queue, entrance, token);
}
