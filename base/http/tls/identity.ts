/** What a TLS server shows and proves: a certificate chain and its private key. */
import type { Secret } from '../../secrets/secret.ts';

export interface TlsIdentity {
  /** PEM: the server's own certificate first, then those that lead to its issuer. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly key: Secret<string>;
}
