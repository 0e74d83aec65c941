/** `holdfast certificate show`: what clients are shown, for comparing fingerprints and for pinning. */
import { z } from 'zod';
import { defineCommand } from './command.ts';

interface ShownCertificate {
  readonly origin: 'own' | 'given';
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  /** ISO 8601, UTC. */
  readonly 'not-before': string;
  readonly 'not-after': string;
  /** SHA-256 of the certificate, in pairs of hexadecimal digits. */
  readonly fingerprint: string;
  /** SHA-256 of the public key (SubjectPublicKeyInfo), in base64; stays when the gateway renews its own certificate. */
  readonly 'key-pin': string;
  readonly 'self-signed': boolean;
}

export const certificateShow = defineCommand<Record<string, never>, ShownCertificate>({
  name: 'certificate show',
  summary: 'Show the certificate that clients see: names, end, fingerprints',
  request: () => ({ arguments: {} }),
  arguments: z.strictObject({}),
  handle({ gateway: { certificate } }) {
    const { subject, issuer, names, notBefore, notAfter, fingerprint, keyPin, selfSigned } =
      certificate.facts;
    return {
      origin: certificate.origin,
      subject,
      issuer,
      names,
      'not-before': new Date(notBefore).toISOString(),
      'not-after': new Date(notAfter).toISOString(),
      fingerprint,
      'key-pin': keyPin,
      'self-signed': selfSigned,
    };
  },
  show: (shown) =>
    [
      shown.origin === 'own' ? 'made by the gateway, which renews it' : 'from the files of gateway.tls',
      `names        ${shown.names.join(', ')}`,
      `valid        ${shown['not-before'].slice(0, 10)} to ${shown['not-after'].slice(0, 10)}`,
      `subject      ${shown.subject}`,
      `issuer       ${shown['self-signed'] ? 'itself' : shown.issuer}`,
      `SHA-256      ${shown.fingerprint}`,
      `of its key   ${shown['key-pin']}`,
    ].join('\n'),
});
