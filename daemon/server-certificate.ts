/** The certificate that the gateway's ports show. */
import type { Clock } from '../base/clock.ts';
import type { TlsIdentity } from '../base/http/tls/identity.ts';
import { makeCertificate, makeKey } from '../base/http/tls/self-signed.ts';
import { serverNames } from '../base/http/tls/server-names.ts';
import { Days } from '../base/units.ts';
import type { LiveConfig } from './live-config.ts';

/** @param announced the name under which discovery makes the gateway known. */
export async function openCertificate(
  live: LiveConfig,
  clock: Clock,
  announced: string,
): Promise<TlsIdentity> {
  const { hostNames, ipp, web } = live.current.gateway;
  const listening = [...ipp.listen, ...web.listen].map(({ host }) => host);
  const now = Math.floor(clock.now() / 1000) * 1000;
  const key = await makeKey();
  const certificate = await makeCertificate(key, {
    names: serverNames({ hostNames: [...hostNames, announced], listening }),
    notBefore: now - Days(1),
    notAfter: now + Days(800),
  });
  return { key, certificate };
}
