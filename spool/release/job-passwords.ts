/** The PINs of jobs (`job-password`, PWG 5100.11): kept as keyed hashes, compared in constant time, guessed slowly. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Metrics } from '../../base/metrics.ts';
import { keyedHash } from '../../base/secrets/keyed-hash.ts';
import { deriveKey, type Key } from '../../base/secrets/sealing.ts';
import type { Secret } from '../../base/secrets/secret.ts';
import { THROTTLE_DEFAULTS, Throttle } from '../../identity/throttle.ts';
import type { JobPassword } from '../holding.ts';
import type { Job } from '../job.ts';

interface Digest {
  readonly algorithm: string;
  readonly octets: number;
  /** Of an extendable function, which has no length of its own. */
  readonly extendable?: true;
}

/** `job-password-encryption` but `none`. MD* and SHA-1 are obsolete (PWG 5100.11), and so not offered. */
const DIGESTS: Readonly<Record<string, Digest>> = {
  'sha2-224': { algorithm: 'sha224', octets: 28 },
  'sha2-256': { algorithm: 'sha256', octets: 32 },
  'sha2-384': { algorithm: 'sha384', octets: 48 },
  'sha2-512': { algorithm: 'sha512', octets: 64 },
  'sha2-512_224': { algorithm: 'sha512-224', octets: 28 },
  'sha2-512_256': { algorithm: 'sha512-256', octets: 32 },
  'sha3-224': { algorithm: 'sha3-224', octets: 28 },
  'sha3-256': { algorithm: 'sha3-256', octets: 32 },
  'sha3-384': { algorithm: 'sha3-384', octets: 48 },
  'sha3-512': { algorithm: 'sha3-512', octets: 64 },
  'shake-128': { algorithm: 'shake128', octets: 32, extendable: true },
  'shake-256': { algorithm: 'shake256', octets: 64, extendable: true },
};

export const ENCRYPTIONS: readonly string[] = ['none', ...Object.keys(DIGESTS)];

/** Characters of a PIN. Windows has 4 to 15; the panel's keypad has digits only. */
export const PASSWORD_LENGTH = { lower: 4, upper: 16 } as const;
const DIGITS = /^[0-9]{4,16}$/;

/** Whether a client may send these octets under this encryption; a hash tells nothing of what it was made of. */
export function isAcceptable(encryption: string, octets: Uint8Array): boolean {
  if (encryption === 'none') {
    // Length first: what is far too long is not made a text.
    return octets.length <= PASSWORD_LENGTH.upper && DIGITS.test(Buffer.from(octets).toString('latin1'));
  }
  return Object.hasOwn(DIGESTS, encryption) && octets.length === DIGESTS[encryption]?.octets;
}

/** What a client sends for this PIN under this encryption. @throws RangeError for an unknown one. */
export function encrypted(encryption: string, pin: string): Buffer {
  if (encryption === 'none') return Buffer.from(pin);
  const digest = Object.hasOwn(DIGESTS, encryption) ? DIGESTS[encryption] : undefined;
  if (digest === undefined) throw new RangeError(`no such encryption: ${encryption}`);
  const options = digest.extendable ? { outputLength: digest.octets } : {};
  return createHash(digest.algorithm, options).update(pin).digest();
}

/** `job-password-needed`: there was none with the release. `-throttled`: too many wrong ones, it was not looked at. */
export type PasswordRefusal = 'job-password-needed' | 'job-password-wrong' | 'job-password-throttled';

export interface JobPasswordOptions {
  readonly gatewayKey: Key;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

export class JobPasswords {
  readonly #options: JobPasswordOptions;
  readonly #hash;
  /** Wrong tries are counted for each job, whoever makes them and wherever. */
  readonly #throttle = new Throttle(THROTTLE_DEFAULTS);
  readonly #tries;

  constructor(options: JobPasswordOptions) {
    this.#options = options;
    this.#hash = keyedHash(deriveKey(options.gatewayKey, 'job passwords'));
    this.#tries = options.metrics.counter('job_password_tries_total', 'PINs typed for jobs', ['result']);
  }

  /** @param uuid of the job, so that equal PINs of two jobs do not look alike. */
  keep(uuid: string, encryption: string, octets: Uint8Array): JobPassword {
    return { encryption, digest: this.#digest(uuid, octets).toString('base64') };
  }

  /** Looks at a PIN typed for a job that wants one; undefined when it is right. */
  check(job: Job, typed: Secret<string> | undefined): PasswordRefusal | undefined {
    const { password } = job;
    // A job that is to have a password and has none is opened by nothing.
    if (typed === undefined || password === undefined) return 'job-password-needed';
    const now = this.#options.clock.monotonic();
    if (this.#throttle.waitOf(job.uuid, now) > 0) {
      this.#tries.inc({ result: 'throttled' });
      return 'job-password-throttled';
    }
    const digest = this.#digest(job.uuid, encrypted(password.encryption, typed.reveal()));
    const kept = Buffer.from(password.digest, 'base64');
    if (kept.length === digest.length && timingSafeEqual(kept, digest)) {
      this.#tries.inc({ result: 'right' });
      return undefined;
    }
    this.#tries.inc({ result: 'wrong' });
    const wait = this.#throttle.afterWrong(job.uuid, now);
    this.#options.log.warn('wrong password for a job', { 'job-id': job.id, 'retry-after': wait / 1000 });
    return 'job-password-wrong';
  }

  #digest(uuid: string, octets: Uint8Array): Buffer {
    return this.#hash(`${uuid} ${Buffer.from(octets).toString('base64')}`);
  }
}
