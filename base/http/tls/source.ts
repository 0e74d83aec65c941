/** Where a server's certificate comes from: its own making, or the administrator's files. */
import type { TlsIdentity } from './identity.ts';

export interface CertificateSource {
  /** The one that is to be shown now. */
  readonly identity: TlsIdentity;
  /**
   * Looks whether there is, or has to be, another one.
   * @returns whether {@link identity} has changed. @throws Failure why the one that there is stays
   */
  renew(): Promise<boolean>;
}
