/** The administrator's certificate: taken anew when its files change, so that renewing it takes no restart. */
import { stat } from 'node:fs/promises';
import type { Clock } from '../../clock.ts';
import { checkTime, type GivenFiles, readGiven } from './given-files.ts';
import type { TlsIdentity } from './identity.ts';
import type { CertificateSource } from './source.ts';

export class GivenCertificate implements CertificateSource {
  readonly #files: GivenFiles;
  readonly #clock: Clock;
  #identity: TlsIdentity;
  /** Of the files that {@link identity} was read from. */
  #stamp: string;

  private constructor(files: GivenFiles, clock: Clock, identity: TlsIdentity, stamp: string) {
    this.#files = files;
    this.#clock = clock;
    this.#identity = identity;
    this.#stamp = stamp;
  }

  /** One that has expired is taken: printing goes on with clients that do not look. @throws Failure of {@link readGiven} */
  static async open(files: GivenFiles, clock: Clock): Promise<GivenCertificate> {
    const stamp = await stampOf(files);
    return new GivenCertificate(files, clock, await readGiven(files), stamp);
  }

  get identity(): TlsIdentity {
    return this.#identity;
  }

  /** One that is not valid now does not replace another. @throws Failure of {@link readGiven}, {@link checkTime} */
  async renew(): Promise<boolean> {
    const stamp = await stampOf(this.#files);
    if (stamp === this.#stamp) return false;
    const identity = await readGiven(this.#files);
    checkTime(this.#files.certificate, identity, this.#clock.now());
    const changed = identity.certificate !== this.#identity.certificate;
    this.#identity = identity;
    this.#stamp = stamp;
    return changed;
  }
}

/** Changes with the files, also behind symbolic links (certbot's). A file that cannot be looked at has a stamp as well. */
async function stampOf(files: GivenFiles): Promise<string> {
  const stamps = [files.certificate, files.key].map(async (path) => {
    const found = await stat(path, { bigint: true }).catch(() => undefined);
    return found === undefined
      ? 'none'
      : `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}:${found.mode}`;
  });
  return (await Promise.all(stamps)).join(' ');
}
