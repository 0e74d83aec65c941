/** The certificate that the gateway signs for itself: kept across restarts, renewed in time, always with the same key. */
import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import { Failure } from '../../errors.ts';
import type { FilePort } from '../../files/port.ts';
import { readSmallFile, writeSmallFile } from '../../files/small-files.ts';
import { type Key, seal, unseal } from '../../secrets/sealing.ts';
import { Secret } from '../../secrets/secret.ts';
import { KiB } from '../../units.ts';
import { factsOf } from './facts.ts';
import type { TlsIdentity } from './identity.ts';
import { type IssuedCertificate, isDue, nextCertificate } from './renewal.ts';
import { makeCertificate, makeKey } from './self-signed.ts';
import type { CertificateSource } from './source.ts';

export interface OwnCertificateOptions {
  readonly files: FilePort;
  /** Of the file that holds both, sealed; its folder exists. */
  readonly path: string;
  /** For this purpose only. */
  readonly sealingKey: Key;
  readonly clock: Clock;
  /** Those that are right now. */
  names(): readonly string[];
}

const CONTEXT = 'tls identity';
const LIMIT = KiB(256);
const stored = z.strictObject({ key: z.string(), certificate: z.string() });

export class OwnCertificate implements CertificateSource {
  readonly #options: OwnCertificateOptions;
  #identity: TlsIdentity;

  private constructor(options: OwnCertificateOptions, identity: TlsIdentity) {
    this.#options = options;
    this.#identity = identity;
  }

  /**
   * Reads it, and makes what is missing or due. A full disk keeps the one that there is; {@link renew} says so later.
   * @throws Failure `tls-identity-damaged`
   */
  static async open(options: OwnCertificateOptions): Promise<OwnCertificate> {
    const kept = await read(options);
    if (kept === undefined) return new OwnCertificate(options, await issue(options, await makeKey()));
    const own = new OwnCertificate(options, kept);
    await own.renew().catch(() => false);
    return own;
  }

  get identity(): TlsIdentity {
    return this.#identity;
  }

  /** Makes a new certificate when one is due, for the same key. @returns whether it did */
  async renew(): Promise<boolean> {
    const { key, certificate } = this.#identity;
    const before = factsOf(certificate);
    if (!isDue(before, this.#options.names(), this.#options.clock.now())) return false;
    this.#identity = await issue(this.#options, key, before);
    return true;
  }
}

async function issue(
  options: OwnCertificateOptions,
  key: Secret<string>,
  before?: IssuedCertificate,
): Promise<TlsIdentity> {
  const wish = nextCertificate(options.names(), options.clock.now(), before);
  const certificate = await makeCertificate(key, wish);
  const content = Buffer.from(JSON.stringify({ key: key.reveal(), certificate }));
  await writeSmallFile(options.files, options.path, seal(options.sealingKey, content, CONTEXT));
  return { key, certificate };
}

async function read({ files, path, sealingKey }: OwnCertificateOptions): Promise<TlsIdentity | undefined> {
  const sealed = await readSmallFile(files, path, LIMIT);
  if (sealed === undefined) return undefined;
  try {
    const { key, certificate } = stored.parse(JSON.parse(unseal(sealingKey, sealed, CONTEXT).toString()));
    return { key: new Secret(key), certificate };
  } catch (cause) {
    throw new Failure('tls-identity-damaged', `${path} cannot be opened with the gateway's key`, {
      advice:
        'Restore it from the backup that the key is of. Or remove it: a new one is made, which clients have to learn to trust',
      cause,
    });
  }
}
