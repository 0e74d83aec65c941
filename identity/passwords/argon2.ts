/** Password hashes by argon2id (RFC 9106), written in the usual form with their parameters. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';

/** `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`, base64 without padding. */
export type PasswordHash = string;

interface Parameters {
  /** KiB */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** 19 MiB, twice: OWASP's choice for logins; 22 ms here. */
const NOW: Parameters = { memory: 19 * 1024, passes: 2, parallelism: 1 };
const SALT_LENGTH = 16;
const HASH_LENGTH = 32;

/** What a damaged or foreign row may ask of this machine: 256 MiB, ten times. */
const MOST: Parameters = { memory: 256 * 1024, passes: 10, parallelism: 4 };

const FORM =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

/** Runs in a thread of libuv's; never two at once, see `local-passwords.ts`. */
export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(SALT_LENGTH);
  const hash = await derive(password, salt, NOW);
  const { memory, passes, parallelism } = NOW;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${plain(salt)}$${plain(hash)}`;
}

/** @throws RangeError when the hash cannot be read. */
export async function isPasswordOf(hash: PasswordHash, password: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt = '', expected = ''] = FORM.exec(hash) ?? [];
  const parameters = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const within = (name: keyof Parameters) => parameters[name] >= 1 && parameters[name] <= MOST[name];
  if (!within('memory') || !within('passes') || !within('parallelism')) {
    throw new RangeError('not a password hash');
  }
  const found = await derive(password, Buffer.from(salt, 'base64'), parameters);
  return timingSafeEqual(found, Buffer.from(expected, 'base64'));
}

/** A hash that no password has, with the cost of a real one: who is not there must not answer faster. */
export const NO_PASSWORD: PasswordHash = `$argon2id$v=19$m=${NOW.memory},t=${NOW.passes},p=${NOW.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

function derive(password: string, salt: Buffer, parameters: Parameters): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const all = { message: password, nonce: salt, tagLength: HASH_LENGTH, ...parameters };
    argon2('argon2id', all, (error, hash) => (error === null ? resolve(hash) : reject(error)));
  });
}

const plain = (octets: Buffer): string => octets.toString('base64').replaceAll('=', '');
