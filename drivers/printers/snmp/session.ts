/** One look at a printer over SNMP: a socket of its own, opened for it and closed after it. The library is loaded at the first. */
import { lookup } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import type { Session, User } from 'net-snmp';
import { Failure } from '../../../base/errors.ts';
import type { Secret } from '../../../base/secrets/secret.ts';
import type { Milliseconds } from '../../../base/units.ts';
import { guardedDatagrams } from './datagrams.ts';
import type { AuthenticationProtocol, PrivacyProtocol } from './protocols.ts';

export type SnmpCredentials =
  | { readonly version: 'v2c'; readonly community: Secret<string> }
  /** Always with authentication and privacy (RFC 3414 `authPriv`). */
  | {
      readonly version: 'v3';
      readonly user: string;
      readonly authentication: AuthenticationProtocol;
      readonly authenticationPassword: Secret<string>;
      readonly privacy: PrivacyProtocol;
      readonly privacyPassword: Secret<string>;
    };

export interface SnmpTarget {
  readonly host: string;
  readonly port: number;
  /** For each try of each question. */
  readonly timeout: Milliseconds;
}

export interface Varbind {
  readonly oid: string;
  readonly value?: unknown;
}

/** What walks a table. */
export interface SnmpSource {
  /** The variables after `oid`, in their order; none when there are no more. @throws Failure */
  next(oid: string, most: number): Promise<readonly Varbind[]>;
}

/** Datagrams get lost. */
const RETRIES = 1;

/**
 * @throws Failure `snmp-timeout` (off, another community, no SNMP), `snmp-refused` (the user or a password), `snmp-unusable`
 *   (answers that are no SNMP), `snmp-no-address`
 */
export async function withSession<T>(
  target: SnmpTarget,
  credentials: SnmpCredentials,
  signal: AbortSignal,
  use: (source: SnmpSource) => Promise<T>,
): Promise<T> {
  const snmp = await import('net-snmp').then((module) => module.default ?? module);
  const { address } = await lookup(target.host).catch((cause: unknown) => {
    throw new Failure('snmp-no-address', `${target.host} has no address`, { cause });
  });
  signal.throwIfAborted();
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => {});
  const unusable = () => broken.reject(new Failure('snmp-unusable', 'its answers are no SNMP'));
  const { port, timeout } = target;
  const options = {
    port,
    timeout,
    retries: RETRIES,
    transport: isIPv6(address) ? ('udp6' as const) : ('udp4' as const),
    backwardsGetNexts: false,
    dgramModule: guardedDatagrams({
      address,
      port,
      proven: credentials.version === 'v3',
      onBroken: unusable,
    }),
  };
  const session: Session =
    credentials.version === 'v2c'
      ? snmp.createSession(address, credentials.community.reveal(), {
          ...options,
          version: snmp.Version2c as unknown as 1,
        })
      : snmp.createV3Session(address, userOf(credentials, snmp), {
          ...options,
          version: snmp.Version3 as unknown as 3,
        });
  session.on('error', unusable);
  const abort = () => broken.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const next = (oid: string, most: number) =>
    new Promise<readonly Varbind[]>((resolve, reject) => {
      session.getBulk([oid], 0, most, (error, varbinds) => {
        if (error) return reject(failureOf(error, snmp));
        const found = (varbinds ?? []).flat();
        const end = found.findIndex((each) => snmp.isVarbindError(each));
        resolve(end === -1 ? found : (found.slice(0, end) as Varbind[]));
      });
    });
  try {
    return await Promise.race([broken.promise, use({ next })]);
  } finally {
    signal.removeEventListener('abort', abort);
    session.close();
  }
}

type Snmp = typeof import('net-snmp');

function userOf(credentials: Extract<SnmpCredentials, { version: 'v3' }>, snmp: Snmp): User {
  return {
    name: credentials.user,
    level: snmp.SecurityLevel.authPriv,
    authProtocol: snmp.AuthProtocols[credentials.authentication],
    authKey: credentials.authenticationPassword.reveal(),
    privProtocol: snmp.PrivProtocols[credentials.privacy],
    privKey: credentials.privacyPassword.reveal(),
  };
}

/** Never with the library's own words: some of them quote the community or a digest. */
function failureOf(error: Error, snmp: Snmp): Failure {
  // Its types leave out the class.
  if (error.name === 'RequestTimedOutError') {
    return new Failure('snmp-timeout', 'no answer; off, not reachable, or another community');
  }
  const { code } = error as { readonly code?: unknown };
  const { EAuthFailure, ECouldNotDecrypt } = snmp.ResponseInvalidCode;
  if (error instanceof snmp.ResponseInvalidError && (code === EAuthFailure || code === ECouldNotDecrypt)) {
    return new Failure('snmp-refused', 'the user or one of its passwords is not the printer’s');
  }
  return new Failure('snmp-unusable', `its answers cannot be used (${error.name})`);
}
